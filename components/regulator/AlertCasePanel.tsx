'use client';

import { CircleCheck, CircleDashed, Clock, Gavel, MessageSquare, NotebookPen, Route } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { type FormEvent, useState } from 'react';
import { chainLabel } from '#components/shell/chains.ts';
import { alertIcon, alertLine, alertTitle, alertTone } from '#components/trace/alertWords.ts';
import { Ago } from '#components/ui/Ago.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { TextAreaField } from '#components/ui/Field.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { Time } from '#components/ui/Time.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { triageStates } from '#server/trace/schema.ts';
import { noteOnAlert } from '#server/triage/actions.ts';
import type { AlertCase } from '#server/triage/schema.ts';
import { AlertDecisions } from './AlertDecisions.tsx';

const text = t.trace.triage;

/** One alert: what was found and by which rule, where it stands, what to do next, and what people wrote. */
export function AlertCasePanel({ known, now }: { known: AlertCase; now: number }) {
  const { alert, rule, event } = known;
  return (
    <Panel labelledBy="alert-case" as="article">
      <PanelHead
        id="alert-case"
        title={alertTitle(alert.rule)}
        icon={alertIcon(alert.rule)}
        aside={<Pill tone={alertTone(alert.level)}>{t.trace.alerts.levels[alert.level]}</Pill>}
      />
      <div className="space-y-5">
        <p className="text-lg leading-snug font-semibold break-words">{alertLine(alert)}</p>
        <DueNotice due={alert.noticeDueAt} now={now} />
        {alert.resolvedAt !== null && (
          <Notice tone="ok" title={text.resolved}>
            <p>{text.resolvedBody}</p>
          </Notice>
        )}
        <Stages known={known} />
        <AlertDecisions known={known} />
        <div>
          <h3 className="mb-1 text-sm font-semibold text-ink-2">{text.why}</h3>
          <p className="text-sm">{rule.description}</p>
          <p className="mt-1 text-sm text-ink-3">{rule.source}</p>
        </div>
        <Facts
          rows={[
            { name: text.at, value: <Time value={alert.at} /> },
            { name: text.party, value: alert.party.name },
            ...(alert.site ? [{ name: text.place, value: alert.site.name }] : []),
            ...(alert.batch ? [{ name: text.batch, value: alert.batch }] : []),
            ...(alert.serial ? [{ name: text.serial, value: <Hash>{alert.serial}</Hash>, copy: alert.serial }] : []),
            ...(alert.sscc ? [{ name: text.case, value: <Hash>{alert.sscc}</Hash>, copy: alert.sscc }] : []),
            { name: text.packs, value: formatNumber(alert.packs) },
            { name: text.proof, value: text.proofAt(formatNumber(alert.block), chainLabel(alert.channel)) },
            ...(event ? [{ name: text.event, value: <Hash>{event.hash}</Hash>, copy: event.hash }] : []),
          ]}
        />
        {alert.gtin && alert.serial && (
          <LinkButton
            icon={Route}
            href={`/regulator/trace?${new URLSearchParams({ gtin: alert.gtin, serial: alert.serial })}`}
          >
            {text.story}
          </LinkButton>
        )}
        <Notes known={known} />
      </div>
    </Panel>
  );
}

/** The clock of 24 hours that runs from the determination on. */
function DueNotice({ due, now }: { due: string | null; now: number }) {
  if (due === null) return null;
  const late = Date.parse(due) < now;
  return (
    <Notice
      tone="danger"
      icon={Clock}
      live="status"
      title={<Ago value={due} now={now} due words={late ? text.overdue : text.clock} />}
    >
      <p>{text.clockBody}</p>
      <p>
        <Time value={due} />
      </p>
    </Notice>
  );
}

function Stages({ known }: { known: AlertCase }) {
  const { state } = known.alert;
  const passed = new Set(known.notes.flatMap((note) => note.state ?? []));
  const shown = triageStates.filter(
    (each) => each === 'new' || each === state || passed.has(each) || state !== 'closed',
  );
  return (
    <div>
      <h3 className="mb-1.5 text-sm font-semibold text-ink-2">{text.steps}</h3>
      <ol className="flex flex-wrap gap-x-4 gap-y-1.5 text-sm">
        {shown.map((each) => {
          const done = each === 'new' || passed.has(each);
          const Icon = done ? CircleCheck : CircleDashed;
          return (
            <li
              key={each}
              aria-current={each === state ? 'step' : undefined}
              className="flex items-center gap-1.5 text-ink-3 aria-[current]:font-bold aria-[current]:text-ink"
            >
              <Icon size={16} aria-hidden className={done ? 'text-ok' : 'text-ink-3'} />
              {text.stepNames[each]}
            </li>
          );
        })}
      </ol>
    </div>
  );
}

function Notes({ known }: { known: AlertCase }) {
  const router = useRouter();
  const { busy, problem, attempt } = useAttempt();
  const [note, setNote] = useState('');
  const keep = async (event: FormEvent) => {
    event.preventDefault();
    if (note.trim().length < 3) return;
    if (!(await attempt(async () => expectData(await noteOnAlert({ id: known.alert.id, note: note.trim() }))))) return;
    setNote('');
    router.refresh();
  };
  return (
    <section aria-labelledby="alert-notes">
      <h3 id="alert-notes" className="mb-1 flex items-center gap-2 font-bold">
        <NotebookPen size={17} aria-hidden className="text-ink-2" />
        {text.notes}
      </h3>
      {known.notes.length === 0 ? (
        <p className="text-sm text-ink-2">{text.noNotes}</p>
      ) : (
        <ol className="divide-y divide-line">
          {known.notes.map(({ at, by, state, text: words }) => (
            <li key={`${at}-${words}`} className="py-2">
              <p className="flex items-center gap-1.5 text-sm text-ink-3">
                {state === null ? <MessageSquare size={14} aria-hidden /> : <Gavel size={14} aria-hidden />}
                {state === null ? text.wrote(by.name) : text.moved(by.name, text.stepNames[state])} ·{' '}
                <Time value={at} />
              </p>
              <p className="text-sm break-words whitespace-pre-line">{words}</p>
            </li>
          ))}
        </ol>
      )}
      <form onSubmit={keep} className="mt-2 space-y-2">
        <TextAreaField
          label={text.note}
          maxLength={2_000}
          rows={2}
          value={note}
          onChange={({ target }) => setNote(target.value)}
        />
        {problem && <ProblemNotice problem={problem} />}
        <Button type="submit" size="sm" busy={busy} disabled={note.trim().length < 3}>
          {text.keep}
        </Button>
      </form>
    </section>
  );
}
