'use client';

import { useEffect, useState } from 'react';
import { type ChainStatusView, chainStatus } from './chains.ts';

const everyMs = 20_000;

/** Which ledgers answer, asked every 20 seconds while the page is looked at. */
export function useChains(): ChainStatusView | 'asking' | 'unknown' {
  const [answer, setAnswer] = useState<ChainStatusView | 'asking' | 'unknown'>('asking');
  useEffect(() => {
    const stop = new AbortController();
    const ask = async () => {
      if (document.hidden) return;
      try {
        const response = await fetch('/api/status', { signal: stop.signal, cache: 'no-store' });
        setAnswer(chainStatus.parse(await response.json()));
      } catch {
        if (!stop.signal.aborted) setAnswer('unknown');
      }
    };
    void ask();
    const timer = setInterval(ask, everyMs);
    document.addEventListener('visibilitychange', ask, { signal: stop.signal });
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, []);
  return answer;
}
