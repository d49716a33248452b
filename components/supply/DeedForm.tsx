'use client';

import type { LucideIcon } from 'lucide-react';
import type { ReactNode } from 'react';
import { UnlockNotice } from '#components/shell/UnlockNotice.tsx';
import { Button } from '#components/ui/Button.tsx';
import { Panel } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { ScanPanel } from './ScanPanel.tsx';
import { ThingList } from './ThingList.tsx';
import type { useDeed } from './useDeed.ts';
import { Workbench } from './Workbench.tsx';

/** Scanner, fields with the one button that signs and records, and the list of what was scanned. */
export function DeedForm({
  deed,
  hint,
  action,
  icon,
  look = 'primary',
  ready,
  onSubmit,
  children,
  after,
}: {
  deed: ReturnType<typeof useDeed>;
  /** What is to be scanned. */
  hint: string;
  action: string;
  icon: LucideIcon;
  look?: 'primary' | 'danger';
  /** Whether the fields are filled too. */
  ready: boolean;
  onSubmit: () => void;
  children: ReactNode;
  /** Stands under the button. */
  after?: ReactNode;
}) {
  const { list, judge, busy, problem, isBegun } = deed;
  const isReady = ready && deed.isReady;
  return (
    <Workbench scanner={<ScanPanel onNamed={list.add} hint={hint} />}>
      <UnlockNotice />
      <Panel>
        <form
          className="space-y-4"
          onSubmit={(event) => {
            event.preventDefault();
            if (isReady) onSubmit();
          }}
        >
          {children}
          {problem && <ProblemNotice problem={problem} kept={isBegun() ? t.supply.outcome.carryOn : undefined} />}
          <Button type="submit" look={look} size="lg" wide icon={icon} busy={busy} disabled={!isReady}>
            {action}
          </Button>
          {after}
        </form>
      </Panel>
      <ThingList list={list} judge={judge} />
    </Workbench>
  );
}
