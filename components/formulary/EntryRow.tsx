'use client';

import { History, Pencil, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { useChange } from '#components/registry/useChange.ts';
import { Button } from '#components/ui/Button.tsx';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { expectData } from '#components/vault/errors.ts';
import { t } from '#messages/en.ts';
import { readEntryVersions } from '#server/formulary/actions.ts';
import type { FormularyEntryView } from '#server/formulary/schema.ts';
import { codeWords } from './codes.ts';

const text = t.formulary.list;

/** One entry: what it is about, how it is covered, who said so, and its versions on demand. */
export function EntryRow({
  entry,
  names,
  onChange,
}: {
  entry: FormularyEntryView;
  names: Readonly<Record<string, string>>;
  onChange: () => void;
}) {
  const { scope, code, tier, group, restriction, note, state, version, at, byName } = entry;
  const [versions, setVersions] = useState<FormularyEntryView[] | null>(null);
  const looking = useAttempt('OFFLINE');
  const { busy, problem, change } = useChange();
  const what = codeWords(code) ?? code;
  const look = () => looking.attempt(async () => setVersions(expectData(await readEntryVersions({ scope, code }))));
  return (
    <li className="py-3">
      <div className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
            <span className="font-bold first-letter:uppercase">{what}</span>
            <span className="font-mono text-sm text-ink-3">{code}</span>
            <Pill tone={state === 'withdrawn' ? 'neutral' : tier === 'notCovered' ? 'warn' : 'brand'}>
              {state === 'withdrawn' ? text.withdrawn : t.formulary.tiers[tier]}
            </Pill>
          </p>
          <p className="mt-0.5 text-sm text-ink-2">
            {[group && text.group(group), restriction, note].filter(Boolean).join(' · ')}
          </p>
          <p className="text-sm text-ink-3">{text.said(byName, formatDate(at), formatNumber(version))}</p>
        </div>
        <div className="flex flex-wrap gap-2">
          <Button size="sm" icon={Pencil} aria-label={text.changeOf(what)} onClick={onChange}>
            {text.change}
          </Button>
          {state === 'inForce' && (
            <Button
              size="sm"
              icon={Undo2}
              busy={busy}
              aria-label={text.withdrawOf(what)}
              onClick={() => void change({ kind: 'formulary:withdraw', scope, code }, { ...names, [code]: what })}
            >
              {text.withdraw}
            </Button>
          )}
          {version > 1 && versions === null && (
            <Button size="sm" icon={History} busy={looking.busy} onClick={() => void look()}>
              {text.versions}
            </Button>
          )}
        </div>
      </div>
      {(problem ?? looking.problem) && (
        <ProblemNotice problem={problem ?? looking.problem ?? { code: 'INTERNAL', message: '' }} />
      )}
      {versions !== null && (
        <ol className="mt-2 space-y-1 border-l-2 border-line pl-3 text-sm text-ink-2">
          {versions.map((each) => (
            <li key={each.version}>
              {text.version(formatNumber(each.version), formatDate(each.at), each.byName)}:{' '}
              {[
                each.state === 'withdrawn' ? text.withdrawn : t.formulary.tiers[each.tier],
                each.group,
                each.restriction,
                each.note,
              ]
                .filter(Boolean)
                .join(' · ')}
            </li>
          ))}
        </ol>
      )}
    </li>
  );
}
