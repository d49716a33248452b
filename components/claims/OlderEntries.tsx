'use client';

import { ChevronDown } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import type { ListedHere } from './useListed.ts';

/** Below a list of which more is to be had: how much, and the way to it. Nothing below a whole one. */
export function OlderEntries({ list: { left, busy, problem, more } }: { list: ListedHere<unknown> }) {
  if (left === 0) return null;
  return (
    <div className="mt-3 space-y-2">
      <Button size="sm" icon={ChevronDown} busy={busy} onClick={more}>
        {t.claims.older(formatNumber(left))}
      </Button>
      {problem && <ProblemNotice problem={problem} />}
    </div>
  );
}
