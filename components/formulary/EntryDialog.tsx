'use client';

import { ArrowRight } from 'lucide-react';
import { useState } from 'react';
import { coverageTiers, type FormularyEntry, formularyTerms } from '#chaincode/model/formulary.ts';
import { useChange } from '#components/registry/useChange.ts';
import { Button } from '#components/ui/Button.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextAreaField, TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { t } from '#messages/en.ts';
import { codeWords, readCode } from './codes.ts';
import { widening } from './table.ts';

const text = t.formulary.entry;

/** A new entry of a list, or another word on one that is there; its code stays. */
export function EntryDialog({
  scope,
  names,
  entry,
  national,
  onClose,
}: {
  scope: string;
  /** Words for the scope. */
  names: Readonly<Record<string, string>>;
  entry?: FormularyEntry;
  /** The list for all, where the list is an institution's. */
  national?: readonly FormularyEntry[];
  onClose: () => void;
}) {
  const [form, setForm] = useState({
    ...{ code: entry?.code ?? '', tier: entry?.tier ?? ('tier1' as const), group: entry?.group ?? '' },
    ...{ restriction: entry?.restriction ?? '', note: entry?.note ?? '' },
  });
  const [tried, setTried] = useState(false);
  const { busy, problem, change } = useChange();
  const set = (part: Partial<typeof form>) => setForm((was) => ({ ...was, ...part }));
  const known = readCode(form.code);
  const words = (name: 'group' | 'restriction' | 'note') =>
    form[name].trim() === '' ? {} : { [name]: form[name].trim() };
  const parsed = formularyTerms.safeParse({
    ...(known ?? { code: '' }),
    ...{ tier: form.tier, ...words('group'), ...words('restriction'), ...words('note') },
  });
  const terms = parsed.success ? parsed.data : undefined;
  const wide = terms === undefined ? undefined : widening(terms, national);

  const submit = async () => {
    setTried(true);
    if (terms === undefined || wide !== undefined) return;
    const said = { ...names, [terms.code]: codeWords(terms.code) ?? terms.code };
    if (await change({ kind: 'formulary:put', terms: { scope, entries: [terms] } }, said)) onClose();
  };

  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={entry ? text.changeTitle(codeWords(entry.code) ?? entry.code) : text.add}
      description={scope === 'national' ? text.bodyForAll : text.bodyOwn}
      closeLabel={t.shell.close}
    >
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TextField
          label={text.code}
          hint={known === undefined ? text.codeHint : (codeWords(known.code) ?? '')}
          error={tried && known === undefined ? text.noCode : null}
          mono
          autoComplete="off"
          spellCheck={false}
          maxLength={10}
          readOnly={entry !== undefined}
          autoFocus={entry === undefined}
          value={form.code}
          onChange={({ target }) => set({ code: target.value })}
        />
        <SelectField
          label={text.tier}
          hint={t.formulary.tierMeaning[form.tier]}
          error={tried && wide !== undefined ? wide : null}
          options={coverageTiers.map((value) => ({ value, label: t.formulary.tiers[value] }))}
          value={form.tier}
          onChange={(tier) => set({ tier })}
        />
        <TextField
          label={text.group}
          hint={text.groupHint}
          maxLength={80}
          autoComplete="off"
          value={form.group}
          onChange={({ target }) => set({ group: target.value })}
        />
        <TextAreaField
          label={text.restriction}
          hint={text.restrictionHint}
          maxLength={300}
          rows={2}
          value={form.restriction}
          onChange={({ target }) => set({ restriction: target.value.replaceAll('\n', ' ') })}
        />
        <TextAreaField
          label={text.note}
          maxLength={300}
          rows={2}
          error={tried && known !== undefined && terms === undefined ? text.tooShort : null}
          value={form.note}
          onChange={({ target }) => set({ note: target.value.replaceAll('\n', ' ') })}
        />
        {problem && <ProblemNotice problem={problem} />}
        <Button type="submit" look="primary" wide icon={ArrowRight} busy={busy}>
          {text.next}
        </Button>
      </form>
    </Dialog>
  );
}
