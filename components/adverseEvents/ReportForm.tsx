'use client';

import { ArrowRight, Lock } from 'lucide-react';
import { useState } from 'react';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { SelectField, TextAreaField, TextField } from '#components/ui/Field.tsx';
import { Notice } from '#components/ui/Notice.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { composeReport } from '#components/vault/reports.ts';
import {
  type EventOutcome,
  eventOutcomes,
  type SeriousnessCriterion,
  seriousnessCriteria,
} from '#fhir/adverseEvent.ts';
import { productTitle } from '#fhir/coding.ts';
import { findProduct } from '#formulary/products.ts';
import { t } from '#messages/en.ts';

const text = t.adverseEvents.form;
const unknown: EventOutcome = 'unknown';
const optional = (name: 'batch' | 'serial' | 'began', value: string) =>
  value.trim() === '' ? {} : { [name]: value.trim() };

/** What is known before somebody begins to write. */
export interface ReportStart {
  /** `MP-…`, or what the medicine is called. */
  medicine?: string;
  batch?: string;
  serial?: string;
}

/**
 * Reports an adverse event: of the patient `patient` by whoever signs, or of nobody named where it is left out. For patients,
 * doctors and pharmacists; the vault must be open.
 * @param recorder name of who reports, as the authority reads it
 * @param channel number of the care channel that it goes to where no patient names one
 */
export function ReportForm({
  patient,
  recorder,
  channel,
  start = {},
  onDone,
}: {
  patient?: { pseudonym: string; name: string };
  recorder: string;
  channel?: number;
  start?: ReportStart;
  onDone?: () => void;
}) {
  const empty = {
    ...{ medicine: start.medicine ?? '', batch: start.batch ?? '', serial: start.serial ?? '' },
    ...{ began: '', narrative: '', outcome: unknown },
  };
  const [form, setForm] = useState(empty);
  const [criteria, setCriteria] = useState<SeriousnessCriterion[]>([]);
  const [tried, setTried] = useState(false);
  const [done, setDone] = useState(false);
  const signed = useSigned();
  const { busy, problem, attempt } = useAttempt();
  const set = (part: Partial<typeof form>) => setForm((was) => ({ ...was, ...part }));
  const product = findProduct(form.medicine.trim().toUpperCase());
  const title = product === undefined ? undefined : productTitle(product);

  const submit = async () => {
    setTried(true);
    const name = title ?? form.medicine.trim();
    const narrative = form.narrative.trim();
    if (name === '' || narrative === '') return;
    const ok = await attempt(async () => {
      const event = {
        ...(patient !== undefined && { patient: patient.pseudonym }),
        ...(channel !== undefined && { channel }),
        medicine: {
          name,
          ...(product !== undefined && { code: product.code, atc: product.atc }),
          ...optional('batch', form.batch),
          ...optional('serial', form.serial),
        },
        ...optional('began', form.began),
        ...{ criteria, outcome: form.outcome, narrative },
      };
      const intent = await composeReport(event, recorder);
      await signed(intent, { names: patient === undefined ? {} : { [patient.pseudonym]: patient.name } });
    });
    if (!ok) return;
    setDone(true);
    onDone?.();
  };

  if (done) {
    const again = () => {
      setForm(empty);
      setCriteria([]);
      setTried(false);
      setDone(false);
    };
    return (
      <Notice tone="ok" title={text.done} live="status" actions={<Button onClick={again}>{text.another}</Button>}>
        <p>{text.doneBody}</p>
      </Notice>
    );
  }
  return (
    <form
      noValidate
      className="space-y-4"
      onSubmit={(event) => {
        event.preventDefault();
        void submit();
      }}
    >
      <p className="flex gap-2 text-sm text-ink-2">
        <Lock size={17} aria-hidden className="mt-0.5 shrink-0" />
        {text.body}
      </p>
      <TextField
        label={text.medicine}
        hint={title ?? text.medicineHint}
        error={tried && form.medicine.trim() === '' ? text.noMedicine : null}
        maxLength={200}
        autoComplete="off"
        value={form.medicine}
        onChange={({ target }) => set({ medicine: target.value })}
      />
      <div className="grid gap-4 sm:grid-cols-3">
        {(['batch', 'serial'] as const).map((name) => (
          <TextField
            key={name}
            label={text[name]}
            hint={text.packHint}
            mono
            maxLength={64}
            autoComplete="off"
            value={form[name]}
            onChange={({ target }) => set({ [name]: target.value })}
          />
        ))}
        <TextField
          label={text.began}
          type="date"
          value={form.began}
          onChange={({ target }) => set({ began: target.value })}
        />
      </div>
      <TextAreaField
        label={text.narrative}
        hint={text.narrativeHint}
        error={tried && form.narrative.trim() === '' ? text.noNarrative : null}
        rows={5}
        maxLength={2000}
        value={form.narrative}
        onChange={({ target }) => set({ narrative: target.value })}
      />
      <fieldset>
        <legend className="text-sm font-semibold text-ink-2">{text.serious}</legend>
        <p className="mb-2 text-sm text-ink-3">{text.seriousHint}</p>
        <div className="space-y-1.5">
          {seriousnessCriteria.map((criterion) => (
            <CheckBox
              key={criterion}
              checked={criteria.includes(criterion)}
              onChange={(checked) =>
                setCriteria((was) =>
                  seriousnessCriteria.filter((each) => (each === criterion ? checked : was.includes(each))),
                )
              }
            >
              {t.adverseEvents.criteria[criterion]}
            </CheckBox>
          ))}
        </div>
      </fieldset>
      <SelectField
        label={text.outcome}
        options={eventOutcomes.map((value) => ({ value, label: t.adverseEvents.outcomes[value] }))}
        value={form.outcome}
        onChange={(outcome) => set({ outcome })}
      />
      {problem && <ProblemNotice problem={problem} />}
      <Button type="submit" look="primary" icon={ArrowRight} busy={busy}>
        {text.next}
      </Button>
    </form>
  );
}
