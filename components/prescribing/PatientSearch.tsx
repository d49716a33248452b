'use client';

import { Search, UserRoundX, UsersRound } from 'lucide-react';
import { type ReactNode, useEffect, useRef, useState } from 'react';
import { Avatar } from '#components/ui/Avatar.tsx';
import { classes } from '#components/ui/classes.ts';
import { Empty } from '#components/ui/Empty.tsx';
import type { Problem } from '#components/ui/errors.ts';
import { problemOf } from '#components/ui/errors.ts';
import { TextField } from '#components/ui/Field.tsx';
import { ageAt, formatBirthDate } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { findPatients } from '#server/people/actions.ts';
import type { PatientSummary } from '#server/people/schema.ts';

const text = t.prescribing.patient;
const pauseMs = 250;

type Found =
  | { state: 'idle' }
  | { state: 'searching' }
  | { state: 'found'; patients: PatientSummary[] }
  | { state: 'failed'; problem: Problem };

/**
 * Finds patients by name or identifier. By keyboard: arrows mark one, Enter takes the marked one; Enter before the answer
 * takes it only where nobody else is found.
 */
export function PatientSearch({
  onChoose,
  action,
  compact,
  query: first = '',
}: {
  onChoose: (patient: PatientSummary) => void;
  /** What stands at the end of each row. */
  action?: (patient: PatientSummary) => ReactNode;
  /** Nothing is said below the field until something is typed. */
  compact?: boolean;
  /** What is looked for at once. */
  query?: string | undefined;
}) {
  const [query, setQuery] = useState(first);
  const [found, setFound] = useState<Found>({ state: 'idle' });
  const [marked, setMarked] = useState(0);
  const turn = useRef(0);
  const entered = useRef('');
  const choose = useRef(onChoose);
  choose.current = onChoose;

  useEffect(() => {
    const mine = ++turn.current;
    if (query.trim().length < 2) return setFound({ state: 'idle' });
    // At once, so that Enter takes nobody whom the letters before found.
    setFound({ state: 'searching' });
    const timer = setTimeout(async () => {
      try {
        const result = await findPatients({ query });
        if (mine !== turn.current) return;
        if (!result.ok) return setFound({ state: 'failed', problem: result.error });
        setFound({ state: 'found', patients: result.data });
        setMarked(0);
        const [only, another] = result.data;
        if (entered.current === query && only && !another) choose.current(only);
      } catch (thrown) {
        if (mine === turn.current) setFound({ state: 'failed', problem: problemOf(thrown, 'OFFLINE') });
      }
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [query]);

  return (
    <div>
      <TextField
        label={text.search}
        hint={text.searchHint}
        type="search"
        autoFocus
        autoComplete="off"
        maxLength={100}
        value={query}
        onChange={(event) => setQuery(event.target.value)}
        onKeyDown={(event) => {
          const patients = found.state === 'found' ? found.patients : [];
          if (event.key === 'Enter' && !event.ctrlKey && !event.metaKey) {
            const patient = patients[marked];
            if (patient) onChoose(patient);
            else entered.current = query;
          } else if ((event.key === 'ArrowDown' || event.key === 'ArrowUp') && patients.length > 0) {
            event.preventDefault();
            const step = event.key === 'ArrowDown' ? 1 : -1;
            setMarked((marked + step + patients.length) % patients.length);
          }
        }}
      />
      <p className="sr-only" role="status">
        {found.state === 'found' && found.patients[marked] ? text.marked(found.patients[marked].name) : ''}
      </p>
      <div className="mt-4 empty:hidden" aria-live="polite">
        {found.state === 'idle' && !compact && (
          <Empty icon={UsersRound} title={text.start}>
            {text.startBody}
          </Empty>
        )}
        {found.state === 'searching' && (
          <p className="flex items-center gap-2 py-6 text-sm text-ink-2">
            <Search size={17} aria-hidden /> {text.searching}
          </p>
        )}
        {found.state === 'failed' && <ProblemNotice problem={found.problem} />}
        {found.state === 'found' && found.patients.length === 0 && (
          <Empty icon={UserRoundX} title={text.none}>
            {text.noneBody}
          </Empty>
        )}
        {found.state === 'found' && found.patients.length > 0 && (
          <>
            <p className="mb-1 text-sm text-ink-3">
              {text.found(found.patients.length)}. {text.audited}
            </p>
            <ul className="divide-y divide-line border-y border-line">
              {found.patients.map((patient, position) => (
                <li
                  key={patient.personId}
                  className={classes(
                    'flex flex-wrap items-center gap-x-3 gap-y-2 rounded-sm px-2 py-2.5',
                    position === marked && 'bg-brand-soft',
                  )}
                >
                  <Avatar name={patient.name} />
                  <div className="min-w-0 flex-1 basis-48">
                    <p className="font-bold">{patient.name}</p>
                    <p className="text-sm text-ink-2">{describePatient(patient)}</p>
                  </div>
                  {action?.(patient)}
                </li>
              ))}
            </ul>
          </>
        )}
      </div>
    </div>
  );
}

/** “58 years · male · born 14 Mar 1968 · identifier”. */
export function describePatient(patient: PatientSummary): string {
  return [
    text.years(ageAt(patient.birthDate, new Date())),
    text.sexes[patient.sex],
    text.born(formatBirthDate(patient.birthDate)),
    patient.identifier,
    ...(patient.readingKey === '' ? [text.noKeys] : []),
  ]
    .filter((part) => part !== '')
    .join(' · ');
}
