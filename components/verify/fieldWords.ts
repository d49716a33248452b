import { z } from 'zod';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import type { Json } from '#crypto/canonicalJson.ts';
import type { CommitmentField } from '#crypto/commitment/fields.ts';
import { type Dosage, dosage, patientSentenceOf } from '#fhir/dosage.ts';
import { t } from '#messages/en.ts';

const text = t.verify;

const member = (value: Json, name: string): Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value[name] ?? null) : null;
const words = (value: Json): string => (typeof value === 'string' ? value : JSON.stringify(value));
const listed = (value: Json, name: string): string =>
  (Array.isArray(value) ? value : [value]).map((entry) => words(member(entry, name) ?? entry)).join(' · ');
const day = (value: Json) =>
  typeof value === 'string' && !Number.isNaN(Date.parse(value)) ? formatDate(value) : words(value);

const spoken: Partial<Record<CommitmentField, (value: Json) => string>> = {
  medicine: (value) => words(member(value, 'text') ?? value),
  dosage: (value) => {
    const known = dosagesOf(value);
    return known === undefined ? listed(value, 'text') : known.map(dosageWords).join(' · ');
  },
  quantity: (value) => {
    const amount = member(value, 'value');
    return typeof amount === 'number' ? `${formatNumber(amount)} ${words(member(value, 'unit'))}` : words(value);
  },
  substitution: (value) => (member(value, 'allowedBoolean') === true ? text.yes : text.no),
  authoredOn: day,
  validity: (value) => `${day(member(value, 'start'))} – ${day(member(value, 'end'))}`,
  prescriber: (value) => words(member(value, 'name') ?? value),
  patientBirthDate: day,
  patientIdentifier: (value) => listed(value, 'value'),
  reason: (value) => listed(value, 'text'),
  note: (value) => listed(value, 'text'),
};

/** The dosages of a field; undefined where it holds what Medloom does not write. */
export function dosagesOf(value: Json): Dosage[] | undefined {
  return z.array(dosage).safeParse(value).data;
}

function dosageWords(signed: Dosage): string {
  const { language, text: own } = patientSentenceOf(signed);
  return [signed.text, ...(language === 'en' ? [] : [own])].join(' · ');
}

/** A field as a person reads it; what has no words of its own stands as it was committed to. */
export function fieldWords(field: CommitmentField, value: Json): string {
  if (value === null) return text.nothing;
  return (spoken[field] ?? words)(value);
}
