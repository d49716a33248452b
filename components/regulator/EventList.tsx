'use client';

import { Ban, CircleDot, FilePlus2, Inbox, KeyRound, type LucideIcon, PackageCheck, Radio, Undo2 } from 'lucide-react';
import { chainLabel, threadOf } from '#components/shell/chains.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { ChangeView } from '#server/regulator/schema.ts';

const text = t.regulator.events;
const icons: Record<string, LucideIcon> = {
  issue: FilePlus2,
  accept: Inbox,
  return: Undo2,
  dispense: PackageCheck,
  close: PackageCheck,
  cancel: Ban,
  voidCode: KeyRound,
  renewCode: KeyRound,
};

/** Committed transactions as they arrive. */
export function EventList({ events }: { events: ChangeView[] }) {
  return (
    <Panel>
      <PanelHead title={text.title} remark={text.remark} />
      {events.length === 0 ? (
        <Empty icon={Radio} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a list that scrolls must be reached by keyboard.
        <ol tabIndex={0} aria-live="off" className="max-h-[26rem] divide-y divide-line overflow-y-auto">
          {events.map((event) => {
            const Icon = icons[event.function] ?? CircleDot;
            return (
              <li key={event.transactionId} className="flex animate-arrive items-center gap-3 py-2">
                <span className="inline-flex size-8 shrink-0 items-center justify-center rounded-md bg-sunken text-ink-2">
                  <Icon size={17} aria-hidden />
                </span>
                <span className="min-w-0 flex-1">
                  <span className="block text-sm font-bold">
                    {t.regulator.functions[event.function] ?? event.function}
                  </span>
                  <span className="flex items-center gap-1.5 text-sm text-ink-2">
                    <span
                      aria-hidden
                      className="size-2.5 rounded-[3px]"
                      style={{ background: threadOf(event.channel) }}
                    />
                    {chainLabel(event.channel)}
                    {` · ${text.block(formatNumber(event.blockNumber))} · `}
                    <span className="font-mono" title={event.transactionId}>
                      {event.transactionId.slice(0, 8)}
                    </span>
                  </span>
                </span>
                <span className="font-mono text-sm whitespace-nowrap text-ink-2">
                  <Time value={event.at} as="time" />
                </span>
              </li>
            );
          })}
        </ol>
      )}
    </Panel>
  );
}
