'use client';

import { PenLine } from 'lucide-react';
import { type FormEvent, useId, useState } from 'react';
import type { Category } from '#chaincode/model/category.ts';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { Dialog } from '#components/ui/Dialog.tsx';
import { SelectField, TextAreaField, TextField } from '#components/ui/Field.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import type { Said } from '#fhir/build.ts';
import type { Shown } from '#fhir/chart/screen.ts';
import type { Identified } from '#fhir/record.ts';
import { t } from '#messages/en.ts';
import {
  type EntryForm,
  entryForms,
  type FormField,
  faultsOf,
  formsFor,
  initialValues,
  markable,
  type Values,
  valuesOf,
} from './entryForms.ts';

const text = t.entries;
const today = () => new Date().toLocaleDateString('sv-SE');

/** The form of one entry. `record` signs and records it, and throws what prevented it; what was entered stays then. */
export function EntryDialog({
  open,
  onOpenChange,
  said,
  record,
  correcting,
}: {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  /** Author and patient; id, time and category are added here. */
  said: Pick<Said, 'patient' | 'author'>;
  record: (resource: Identified) => Promise<void>;
  /** The entry whose place it takes: of the same kind, and in the same part of the record. */
  correcting?: Shown;
}) {
  const forms = correcting === undefined ? entryForms : formsFor(correcting);
  const begun = (of: EntryForm) =>
    correcting === undefined ? initialValues(of, today()) : valuesOf(of, correcting, today());
  const [form, setForm] = useState<EntryForm | undefined>(forms[0]);
  const [values, setValues] = useState<Values>(() => (form === undefined ? {} : begun(form)));
  const [marked, setMarked] = useState<Category | 'none'>(
    () => markable.find((category) => category === correcting?.category) ?? 'none',
  );
  const [faults, setFaults] = useState<Record<string, string>>({});
  const { busy, problem, attempt } = useAttempt();
  const id = useId();
  if (form === undefined) return null;

  const choose = (name: string) => {
    const next = forms.find((one) => one.name === name) ?? form;
    setForm(next);
    setValues(begun(next));
    setFaults({});
  };

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const found = faultsOf(form, values, today());
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    await attempt(async () => {
      const named = { ...said, id: crypto.randomUUID(), recorded: new Date().toISOString() };
      await record(form.build(marked === 'none' ? named : { ...named, category: marked }, values));
      setValues(initialValues(form, today()));
      setMarked('none');
      onOpenChange(false);
    });
  };

  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title={correcting === undefined ? text.title : text.correctTitle}
      description={correcting === undefined ? undefined : text.correctBody}
      closeLabel={t.shell.close}
      place="drawer"
      actions={
        <>
          <Button onClick={() => onOpenChange(false)}>{t.shell.cancel}</Button>
          <Button type="submit" form={id} look="primary" icon={PenLine} busy={busy}>
            {text.write}
          </Button>
        </>
      }
    >
      <form id={id} onSubmit={submit} noValidate className="space-y-4 pt-1">
        <SelectField
          label={text.kind}
          value={form.name}
          options={forms.map(({ name, label }) => ({ value: name, label }))}
          onChange={choose}
        />
        {form.fields.map((field) => (
          <EntryField
            key={`${form.name}/${field.name}`}
            field={field}
            value={values[field.name] ?? ''}
            error={faults[field.name] ?? null}
            onChange={(value) => setValues((before) => ({ ...before, [field.name]: value }))}
          />
        ))}
        {correcting === undefined && (
          <SelectField<Category | 'none'>
            label={text.sensitive}
            hint={text.sensitiveHint}
            value={marked}
            options={[
              { value: 'none', label: text.notSensitive },
              ...markable.map((value) => ({ value, label: t.records.categories[value] })),
            ]}
            onChange={setMarked}
          />
        )}
        {problem && <ProblemNotice problem={problem} />}
      </form>
    </Dialog>
  );
}

function EntryField({
  field,
  value,
  error,
  onChange,
}: {
  field: FormField;
  value: string;
  error: string | null;
  onChange: (value: string) => void;
}) {
  const { kind, label, hint, required, most, options = [] } = field;
  if (kind === 'check') {
    return (
      <CheckBox checked={value === 'yes'} onChange={(checked) => onChange(checked ? 'yes' : '')}>
        {label}
      </CheckBox>
    );
  }
  if (kind === 'choice') {
    return <SelectField label={label} hint={hint} error={error} value={value} options={options} onChange={onChange} />;
  }
  const shared = { label, hint, error, value, required, maxLength: most };
  if (kind === 'lines') return <TextAreaField {...shared} onChange={({ target }) => onChange(target.value)} />;
  return (
    <TextField
      {...shared}
      type={kind === 'date' ? 'date' : 'text'}
      inputMode={kind === 'number' ? 'decimal' : undefined}
      max={kind === 'date' ? today() : undefined}
      onChange={({ target }) => onChange(target.value)}
    />
  );
}
