'use client';

import { useRouter } from 'next/navigation';
import { useEffect, useState } from 'react';
import { changeMessage } from './messages.ts';
import type { LiveConnection } from './useLive.ts';

/** A page is not asked for more often, however much is recorded. */
const everyMs = 1_000;

/** Reads the page anew whenever something is recorded on a supply channel, at once for the first of many. */
export function useRefresh(): LiveConnection {
  const router = useRouter();
  const [connection, setConnection] = useState<LiveConnection>('connecting');
  useEffect(() => {
    let asked = 0;
    let waiting: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      waiting = undefined;
      asked = Date.now();
      router.refresh();
    };
    const stream = new EventSource('/api/regulator/stream');
    let lost = false;
    stream.onopen = () => {
      setConnection('live');
      // What was recorded while nothing could be heard.
      if (lost) refresh();
      lost = false;
    };
    stream.onerror = () => {
      lost = true;
      setConnection('lost');
    };
    stream.addEventListener('change', (event: MessageEvent<string>) => {
      if (changeMessage(event.data)?.contract !== 'supply') return;
      waiting ??= setTimeout(refresh, Math.max(0, asked + everyMs - Date.now()));
    });
    return () => {
      clearTimeout(waiting);
      stream.close();
    };
  }, [router]);
  return connection;
}
