'use client';

import { CheckBox } from '#components/ui/CheckBox.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import type { CheckedFact, UnknownFact } from '#fhir/safety.ts';
import { t } from '#messages/en.ts';
import type { Stated } from '#safety/stated.ts';
import { pregnancies } from '#safety/subject.ts';

const text = t.safety.answer;
const choices = (['unknown', ...pregnancies] as const).map((value) => ({ value, label: text.pregnancies[value] }));

/** A positive number with comma or point; undefined for anything else. */
function positive(written: string, most: number): number | undefined {
  if (!/^\d{1,3}([.,]\d{1,2})?$/.test(written.trim())) return undefined;
  const value = Number(written.trim().replace(',', '.'));
  return value > 0 && value <= most ? value : undefined;
}

/** What the prescriber typed in place of what the record does not say. */
export interface Answers {
  allergies: boolean;
  medicines: boolean;
  pregnancy: (typeof choices)[number]['value'];
  weight: string;
  kidney: string;
}
export const noAnswers: Answers = { allergies: false, medicines: false, pregnancy: 'unknown', weight: '', kidney: '' };

/** The answers that are whole. */
export function statedOf({ allergies, medicines, pregnancy, weight, kidney }: Answers): Stated {
  const [kilograms, eGFR] = [positive(weight, 400), positive(kidney, 200)];
  return {
    ...(allergies && { allergies }),
    ...(medicines && { medicines }),
    ...(pregnancy !== 'unknown' && { pregnancy }),
    ...(kilograms !== undefined && { weight: kilograms }),
    ...(eGFR !== undefined && { kidney: eGFR }),
  };
}

/** Asks for what is missing, and for nothing else. What was answered stays to be changed. */
export function StatedForm({
  unknown,
  answers,
  onChange,
  disabled,
}: {
  unknown: readonly UnknownFact[];
  answers: Answers;
  onChange: (answers: Answers) => void;
  disabled: boolean;
}) {
  const lacks = (what: CheckedFact) =>
    unknown.some((fact) => fact.what === what && fact.why !== 'notRecognised' && fact.why !== 'noRule');
  const asks = {
    allergies: answers.allergies || lacks('allergies'),
    medicines: answers.medicines || lacks('medicines'),
    pregnancy: answers.pregnancy !== 'unknown' || lacks('pregnancy'),
    weight: answers.weight !== '' || lacks('weight'),
    kidney: answers.kidney !== '' || lacks('kidney'),
  };
  if (!Object.values(asks).some(Boolean)) return null;
  const set = (part: Partial<Answers>) => onChange({ ...answers, ...part });
  return (
    <fieldset className="space-y-2.5" disabled={disabled}>
      <legend className="mb-2 text-sm font-semibold text-ink-2">{text.title}</legend>
      {asks.allergies && (
        <CheckBox checked={answers.allergies} disabled={disabled} onChange={(allergies) => set({ allergies })}>
          {text.allergies}
        </CheckBox>
      )}
      {asks.medicines && (
        <CheckBox checked={answers.medicines} disabled={disabled} onChange={(medicines) => set({ medicines })}>
          {text.medicines}
        </CheckBox>
      )}
      {asks.pregnancy && (
        <SelectField
          label={text.pregnancy}
          value={answers.pregnancy}
          options={choices}
          onChange={(pregnancy) => set({ pregnancy })}
        />
      )}
      {(asks.weight || asks.kidney) && (
        <div className="grid gap-3 sm:grid-cols-2">
          {(['weight', 'kidney'] as const)
            .filter((what) => asks[what])
            .map((what) => (
              <TextField
                key={what}
                label={text[what]}
                inputMode="decimal"
                autoComplete="off"
                maxLength={6}
                value={answers[what]}
                onChange={({ target }) => set({ [what]: target.value })}
              />
            ))}
        </div>
      )}
    </fieldset>
  );
}
