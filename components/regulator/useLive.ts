'use client';

import { useEffect, useState } from 'react';
import { changeMessage, healthMessage } from './messages.ts';
import { type LiveView, withChange } from './view.ts';

export type LiveConnection = 'connecting' | 'live' | 'lost';

/** The view kept current by the authority's event stream; the browser reconnects by itself. */
export function useLive(initial: LiveView): { view: LiveView; connection: LiveConnection } {
  const [view, setView] = useState(initial);
  const [connection, setConnection] = useState<LiveConnection>('connecting');

  useEffect(() => {
    const stream = new EventSource('/api/regulator/stream');
    stream.onopen = () => setConnection('live');
    stream.onerror = () => setConnection('lost');
    stream.addEventListener('change', (event: MessageEvent<string>) => {
      const change = changeMessage(event.data);
      if (change) setView((was) => withChange(was, change));
    });
    stream.addEventListener('health', (event: MessageEvent<string>) => {
      const health = healthMessage(event.data);
      if (health) setView((was) => ({ ...was, health }));
    });
    return () => stream.close();
  }, []);

  return { view, connection };
}
