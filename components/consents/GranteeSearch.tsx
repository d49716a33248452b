'use client';

import { Building2, Search, UserRound } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { Button } from '#components/ui/Button.tsx';
import { type Problem, problemOf } from '#components/ui/errors.ts';
import { TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { findGrantees } from '#server/consents/actions.ts';
import type { GranteeView } from '#server/consents/schema.ts';

const text = t.consents;
const pauseMs = 250;

/** Whom a consent is about, with what the person reads of them. */
export interface FoundReader {
  kind: 'person' | 'institution';
  id: string;
  name: string;
  remark: string;
}

const foundOf = (view: GranteeView): FoundReader =>
  view.kind === 'person'
    ? {
        ...{ kind: view.kind, id: view.id, name: view.name },
        remark: [t.records.preview.roles[view.role], view.specialty, view.institution.name].filter(Boolean).join(' · '),
      }
    : {
        kind: view.kind,
        id: view.id,
        name: view.name,
        remark: [kindOf(view.institutionKind), view.place].filter(Boolean).join(' · '),
      };

function kindOf(kind: string): string {
  const kinds: Record<string, string> = t.workplaces.institution.kinds;
  return kinds[kind] ?? kind;
}

/** Finds clinicians and institutions by name; once one is chosen it stands there until it is changed. */
export function GranteeSearch({
  chosen,
  onChoose,
  error,
}: {
  chosen: FoundReader | undefined;
  onChoose: (found: FoundReader | undefined) => void;
  error?: string | undefined;
}) {
  const [query, setQuery] = useState('');
  const [found, setFound] = useState<FoundReader[] | null>(null);
  const [problem, setProblem] = useState<Problem | null>(null);
  const turn = useRef(0);

  useEffect(() => {
    const mine = ++turn.current;
    setProblem(null);
    if (query.trim().length < 2) return setFound(null);
    const timer = setTimeout(async () => {
      try {
        const result = await findGrantees({ query });
        if (mine !== turn.current) return;
        if (result.ok) setFound(result.data.map(foundOf));
        else setProblem(result.error);
      } catch (thrown) {
        if (mine === turn.current) setProblem(problemOf(thrown, 'OFFLINE'));
      }
    }, pauseMs);
    return () => clearTimeout(timer);
  }, [query]);

  if (chosen !== undefined) {
    return (
      <div className="flex flex-wrap items-center gap-3 rounded-md border border-line p-3">
        <Person found={chosen} />
        <Button size="sm" onClick={() => onChoose(undefined)}>
          {text.change}
        </Button>
      </div>
    );
  }
  return (
    <div>
      <TextField
        label={text.who}
        hint={text.whoHint}
        error={error ?? null}
        type="search"
        autoComplete="off"
        maxLength={100}
        value={query}
        onChange={({ target }) => setQuery(target.value)}
        onKeyDown={(event) => {
          const first = found?.[0];
          if (event.key !== 'Enter') return;
          event.preventDefault();
          if (first) onChoose(first);
        }}
      />
      <div aria-live="polite" className="mt-2 empty:hidden">
        {problem && <ProblemNotice problem={problem} />}
        {found?.length === 0 && (
          <p className="flex items-center gap-2 text-sm text-ink-2">
            <Search size={16} aria-hidden /> {text.whoNone}
          </p>
        )}
        {found !== null && found.length > 0 && (
          <ul className="divide-y divide-line border-y border-line">
            {found.map((one) => (
              <li key={one.id}>
                <button
                  type="button"
                  onClick={() => onChoose(one)}
                  className="flex w-full items-center gap-3 px-1 py-2.5 text-left hover:bg-sunken"
                >
                  <Person found={one} />
                </button>
              </li>
            ))}
          </ul>
        )}
      </div>
    </div>
  );
}

function Person({ found }: { found: FoundReader }) {
  const Icon = found.kind === 'person' ? UserRound : Building2;
  return (
    <>
      <Icon size={20} aria-hidden className="shrink-0 text-ink-3" />
      <span className="min-w-0 flex-1">
        <span className="block font-bold break-words">{found.name}</span>
        <span className="block text-sm text-ink-2">{found.remark}</span>
      </span>
    </>
  );
}
