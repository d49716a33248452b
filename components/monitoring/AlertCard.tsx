'use client';

import { CircleCheck, Hand } from 'lucide-react';
import { Ago } from '#components/ui/Ago.tsx';
import { Button } from '#components/ui/Button.tsx';
import { classes } from '#components/ui/classes.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import { seriesNames } from '#monitoring/catalogue.ts';
import { type AlertView, isWaiting } from './alertView.ts';
import { LevelPill } from './LevelPill.tsx';
import { levelLook } from './levels.ts';
import { causeWords, durationWords, valueWords } from './words.ts';

const text = t.monitoring.alert;
const edges = { danger: 'border-l-danger', warn: 'border-l-warn', info: 'border-l-info' } as const;

/** One alert: how bad, what about, where it stands and who has it. Without callbacks it is only read. */
export function AlertCard({
  alert,
  patientName,
  now,
  busy = false,
  onAcknowledge,
  onClose,
}: {
  alert: AlertView;
  patientName?: string;
  now: number;
  busy?: boolean;
  onAcknowledge?: () => void;
  onClose?: () => void;
}) {
  const { tone } = levelLook[alert.level];
  const edge = tone === 'danger' || tone === 'warn' ? edges[tone] : edges.info;
  const { content } = alert;
  const escalatesIn = alert.escalatesAt === undefined ? 0 : (Date.parse(alert.escalatesAt) - now) / 1000;
  return (
    <article className={classes('rounded-lg border border-l-4 border-line bg-surface p-4', edge)}>
      <div className="flex flex-wrap items-center gap-2">
        <LevelPill level={alert.level} />
        <Pill>{text.states[alert.state]}</Pill>
        {alert.isOver && (
          <Pill tone="ok" icon={CircleCheck}>
            {text.over}
          </Pill>
        )}
        <span className="ml-auto text-sm text-ink-2">
          <Ago value={alert.raisedAt} now={now} />
        </span>
      </div>
      <h3 className="mt-2 text-base font-bold">
        {patientName !== undefined && <span className="block">{patientName}</span>}
        {content === undefined ? t.monitoring.causes.sealed : causeWords(content.cause)}
      </h3>
      <ul className="mt-1 space-y-0.5 text-sm text-ink-2">
        <li>
          {text.raisedAt} <Time value={alert.raisedAt} />
          {content !== undefined && (
            <>
              {', '}
              {text.since('')}
              <Time value={new Date(content.since).toISOString()} as="time" />
            </>
          )}
        </li>
        {alert.escalatedAt !== undefined && (
          <li>
            {text.escalatedAt} <Time value={alert.escalatedAt} />
          </li>
        )}
        {alert.state === 'raised' && escalatesIn > 0 && (
          <li suppressHydrationWarning>{text.escalatesIn(durationWords(escalatesIn))}</li>
        )}
        {alert.acknowledged && (
          <li>
            {text.acknowledgedBy(alert.acknowledged.by)}, <Time value={alert.acknowledged.at} />
          </li>
        )}
        {alert.closed && (
          <li>
            {text.closedBy(alert.closed.by, text.outcomes[alert.closed.outcome])}, <Time value={alert.closed.at} />
          </li>
        )}
      </ul>
      {content !== undefined && <NewestThen content={content} />}
      {(onAcknowledge || onClose) && (
        <div className="mt-3 flex flex-wrap gap-2">
          {onAcknowledge && isWaiting(alert) && (
            <Button
              look={alert.level === 'critical' ? 'primary' : 'secondary'}
              size="sm"
              icon={Hand}
              busy={busy}
              onClick={onAcknowledge}
            >
              {text.acknowledge}
            </Button>
          )}
          {onClose && alert.state === 'acknowledged' && (
            <Button size="sm" icon={CircleCheck} busy={busy} onClick={onClose}>
              {text.close}
            </Button>
          )}
        </div>
      )}
    </article>
  );
}

/** What was known when it was raised. */
function NewestThen({ content: { newest } }: { content: NonNullable<AlertView['content']> }) {
  const known = seriesNames.flatMap((name) => {
    const { [name]: measured } = newest;
    return measured === undefined ? [] : [{ name, ...measured }];
  });
  if (known.length === 0) return null;
  return (
    <details className="mt-2 text-sm text-ink-2">
      <summary className="cursor-pointer">{text.newestThen}</summary>
      <dl className="mt-1 grid grid-cols-2 gap-x-4 gap-y-1 sm:grid-cols-3">
        {known.map(({ name, value, at }) => (
          <div key={name}>
            <dt className="text-ink-3">{t.monitoring.series[name]}</dt>
            <dd>
              <span className="font-semibold text-ink">{valueWords(name, value)}</span>{' '}
              <Time value={new Date(at).toISOString()} as="time" />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
