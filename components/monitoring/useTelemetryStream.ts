'use client';

import { useEffect, useRef, useState } from 'react';
import { z } from 'zod';

export type LiveConnection = 'connecting' | 'live' | 'lost';

/** What changed, by ids alone; `again` once a lost connection is back, when anything may have been missed. */
export type TelemetryChange =
  | { about: 'frames'; patient: string; kind: string }
  | { about: 'circle'; patient: string }
  | { about: 'alert'; patient: string }
  | { about: 'again' };

const message = z.object({ patient: z.string(), kind: z.string().optional() });
const events = ['frames', 'circle', 'alert'] as const;

function changeOf(about: (typeof events)[number], data: string): TelemetryChange | undefined {
  const parsed = message.safeParse(JSON.parse(data));
  if (!parsed.success) return undefined;
  const { patient, kind = 'readings' } = parsed.data;
  return about === 'frames' ? { about, patient, kind } : { about, patient };
}

/** Hears what is new of everybody whom the person may watch, by server-sent events, while `active`. */
export function useTelemetryStream(onChange: (change: TelemetryChange) => void, active: boolean): LiveConnection {
  const [connection, setConnection] = useState<LiveConnection>('connecting');
  const listener = useRef(onChange);
  useEffect(() => {
    listener.current = onChange;
  });
  useEffect(() => {
    if (!active) return;
    const stream = new EventSource('/api/telemetry/stream');
    let lost = false;
    stream.onopen = () => {
      setConnection('live');
      if (lost) listener.current({ about: 'again' });
      lost = false;
    };
    stream.onerror = () => {
      lost = true;
      setConnection('lost');
    };
    for (const about of events) {
      stream.addEventListener(about, ({ data }: MessageEvent<string>) => {
        const change = changeOf(about, data);
        if (change !== undefined) listener.current(change);
      });
    }
    return () => stream.close();
  }, [active]);
  return connection;
}
