'use client';

import { useEffect, useState } from 'react';
import { type LedgerFigures, ledgerFigures, type Span } from '#server/ledgers/schema.ts';

const everyMs = 5_000;

export interface LedgersView {
  figures: LedgerFigures;
  /** When the figures were read, in milliseconds. */
  at: number;
  span: Span;
  /** The portal did not answer the last time; the figures are older. */
  old: boolean;
}

/** The chains' figures, read again every five seconds while the page is looked at. */
export function useLedgers(initial: LedgerFigures, at: number): [LedgersView, (span: Span) => void] {
  const [view, setView] = useState<LedgersView>({ figures: initial, at, span: 'hour', old: false });
  const [span, setSpan] = useState<Span>('hour');
  useEffect(() => {
    const stop = new AbortController();
    const ask = async () => {
      if (document.hidden) return;
      try {
        const response = await fetch(`/api/ledgers?span=${span}`, { signal: stop.signal, cache: 'no-store' });
        const figures = ledgerFigures.parse(await response.json());
        setView({ figures, at: Date.now(), span, old: false });
      } catch {
        if (!stop.signal.aborted) setView((was) => ({ ...was, old: true }));
      }
    };
    void ask();
    const timer = setInterval(ask, everyMs);
    document.addEventListener('visibilitychange', ask, { signal: stop.signal });
    return () => {
      stop.abort();
      clearInterval(timer);
    };
  }, [span]);
  return [view, setSpan];
}
