'use client';

import { CircleCheck } from 'lucide-react';
import Link from 'next/link';
import { alertIcon, alertLine, alertTitle, alertTone } from '#components/trace/alertWords.ts';
import { Ago } from '#components/ui/Ago.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { softTone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';
import type { AlertView } from '#server/trace/schema.ts';

const text = t.trace.alerts;

/** Alerts, one a line, each a way to its triage. */
export function AlertLines({
  alerts,
  now,
  addressOf,
  chosen,
}: {
  alerts: readonly AlertView[];
  now: number;
  addressOf: (id: string) => string;
  chosen?: string | undefined;
}) {
  if (alerts.length === 0) {
    return (
      <Empty icon={CircleCheck} title={text.none}>
        {text.noneBody}
      </Empty>
    );
  }
  return (
    <ul className="divide-y divide-line">
      {alerts.map((alert) => {
        const Icon = alertIcon(alert.rule);
        return (
          <li key={alert.id} className="animate-arrive">
            <Link
              href={addressOf(alert.id)}
              scroll={false}
              aria-current={alert.id === chosen || undefined}
              className="-mx-2 flex items-start gap-3 rounded-md px-2 py-2.5 hover:bg-sunken aria-current:bg-brand-soft"
            >
              <span
                className={`inline-flex size-9 shrink-0 items-center justify-center rounded-md ${softTone[alertTone(alert.level)]}`}
              >
                <Icon size={18} aria-hidden />
              </span>
              <span className="min-w-0 flex-1">
                <span className="block font-bold">{alertTitle(alert.rule)}</span>
                <span className="block text-sm break-words text-ink-2">{alertLine(alert)}</span>
              </span>
              <span className="shrink-0 text-right text-sm text-ink-2">
                <span className="block">
                  <Ago value={alert.at} now={now} />
                </span>
                <span className="block">
                  {alert.state === 'new' ? text.levels[alert.level] : text.states[alert.state]}
                </span>
              </span>
            </Link>
          </li>
        );
      })}
    </ul>
  );
}
