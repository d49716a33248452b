'use client';

import { PenLine } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import type { ConsentTerms, Grantee } from '#chaincode/model/consent.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import { CategoryChoice } from './CategoryChoice.tsx';
import { type FoundReader, GranteeSearch } from './GranteeSearch.tsx';
import { Preview } from './Preview.tsx';
import { PurposeChoice } from './PurposeChoice.tsx';
import { type Fault, type TermsDraft, termsOf } from './terms.ts';

const text = t.consents;
const periods = ['always', 'month', 'year', 'day'] as const;

/** What the form begins with: a request that is answered, a consent that was read from a file, or nothing. */
export interface GrantStart {
  draft: TermsDraft;
  reader?: FoundReader;
}

/** The form of a consent with its preview. `grant` signs and records it and throws what prevented it; the form stays then. */
export function GrantDialog({
  start,
  onClose,
  grant,
}: {
  start: GrantStart;
  onClose: () => void;
  grant: (terms: ConsentTerms, reader: FoundReader) => Promise<void>;
}) {
  const [draft, setDraft] = useState(start.draft);
  const [reader, setReader] = useState<FoundReader | undefined>(start.reader);
  const [faults, setFaults] = useState<readonly Fault[]>([]);
  const { busy, problem, attempt } = useAttempt();
  const [now] = useState(() => new Date());
  const id = useId();
  const change = (part: Partial<TermsDraft>) => setDraft((before) => ({ ...before, ...part }));
  const made = termsOf(draft, now);
  const missing = (fault: Fault) => (faults.includes(fault) ? text.missing[fault] : undefined);

  const choose = (found: FoundReader | undefined) => {
    setReader(found);
    change({ grantee: found === undefined ? null : granteeOf(found) });
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if ('faults' in made) return setFaults(made.faults);
    if (reader === undefined) return setFaults(['who']);
    setFaults([]);
    await attempt(async () => {
      await grant(made.terms, reader);
      onClose();
    });
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={draft.decision === 'permit' ? text.grantTitle : text.denyTitle}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        <>
          <Button onClick={onClose}>{t.shell.cancel}</Button>
          <Button type="submit" form={id} look="primary" icon={PenLine} busy={busy}>
            {text.sign[draft.decision]}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="space-y-6 pt-1">
        <GranteeSearch chosen={reader} onChoose={choose} error={missing('who')} />
        {reader?.kind === 'institution' && (
          <SelectField
            label={text.roleOf}
            value={draft.grantee?.kind === 'role' && isRole(draft.grantee.role) ? draft.grantee.role : 'everybody'}
            options={[
              { value: 'everybody', label: text.everybody },
              ...roles.map((role) => ({ value: role, label: text.onlyRole[role] })),
            ]}
            onChange={(role) =>
              change({
                grantee: role === 'everybody' ? granteeOf(reader) : { kind: 'role', id: reader.id, role },
              })
            }
          />
        )}
        <CategoryChoice
          legend={text.what}
          chosen={draft.categories}
          onChange={(categories) => change({ categories })}
          error={missing('what')}
        />
        <PurposeChoice chosen={draft.purposes} onChange={(purposes) => change({ purposes })} error={missing('why')} />
        <div className="grid gap-4 sm:grid-cols-2">
          <SelectField
            label={text.until}
            value={draft.period}
            options={periods.map((value) => ({ value, label: text.periods[value] }))}
            onChange={(period) => change({ period })}
          />
          {draft.period === 'day' && (
            <TextField
              label={text.lastDay}
              type="date"
              value={draft.lastDay}
              error={missing('day') ?? null}
              onChange={({ target }) => change({ lastDay: target.value })}
            />
          )}
        </div>
        {'terms' in made && reader !== undefined && (
          <Preview terms={made.terms} names={{ [reader.id]: reader.name }} now={now} />
        )}
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}

const roles = ['doctor', 'pharmacist'] as const;
const isRole = (role: string): role is (typeof roles)[number] => roles.some((one) => one === role);
const granteeOf = ({ kind, id }: FoundReader): Grantee => ({ kind, id });
