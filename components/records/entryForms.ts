import type { Category } from '#chaincode/model/category.ts';
import {
  buildAllergy,
  buildBloodPressure,
  buildFinding,
  buildImmunization,
  buildMedicine,
  buildProblem,
  buildProcedure,
  buildReport,
  buildResult,
  buildVisit,
  type Said,
} from '#fhir/build.ts';
import type { EntryKind } from '#fhir/chart/entry.ts';
import type { Shown } from '#fhir/chart/screen.ts';
import { type MeasurementName, measurements } from '#fhir/measurements.ts';
import type { Identified } from '#fhir/record.ts';
import { t } from '#messages/en.ts';

/** The forms with which an entry is written, each with its fields and what it makes of them. */

const text = t.entries;

export interface FormField {
  name: string;
  kind: 'text' | 'lines' | 'date' | 'number' | 'choice' | 'check';
  label: string;
  hint?: string;
  required?: true;
  /** Of a choice, the first is the usual one. */
  options?: readonly { value: string; label: string }[];
  most?: number;
}
/** What was entered; a check is `yes` or empty. */
export type Values = Readonly<Record<string, string>>;

export interface EntryForm {
  name: string;
  label: string;
  /** What it makes, and the kinds of a chart's entries that this may be. */
  type: Identified['resourceType'];
  kinds: readonly EntryKind[];
  fields: readonly FormField[];
  build(said: Said, values: Values): Identified;
}

const choice = <Words extends Record<string, string>>(words: Words) =>
  Object.entries(words).map(([value, label]) => ({ value, label }));
const what: FormField = { name: 'what', kind: 'text', label: text.fields.what, required: true, most: 200 };
const at: FormField = { name: 'at', kind: 'date', label: text.fields.at, required: true };
const note: FormField = { name: 'note', kind: 'lines', label: text.fields.note, most: 2000 };

/** Undefined for what was left empty. */
const given = (text: string | undefined) => (text === undefined || text.trim() === '' ? undefined : text.trim());
const named = (values: Values) => ({ text: given(values.what) ?? '' });
const numberOf = (text: string | undefined) => Number((text ?? '').replace(',', '.'));
/** Members without those that were left empty. */
const filled = <Members extends Record<string, string | undefined>>(members: Members) =>
  Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as {
    [Name in keyof Members]?: string;
  };
function oneOf<Value extends string>(values: readonly Value[], text: string | undefined): Value {
  const found = values.find((value) => value === text) ?? values[0];
  if (found === undefined) throw new TypeError('a choice without options');
  return found;
}

const problemStatuses = ['active', 'remission', 'resolved'] as const;
const allergyKinds = ['medication', 'food', 'environment', 'biologic'] as const;
const medicineStatuses = ['active', 'on-hold', 'stopped', 'completed'] as const;
const visitKinds = ['AMB', 'IMP', 'EMER', 'VR'] as const;
const measurementNames = Object.keys(measurements) as MeasurementName[];

export const entryForms: readonly EntryForm[] = [
  {
    name: 'problem',
    label: text.forms.problem,
    type: 'Condition',
    kinds: ['problem'],
    fields: [
      what,
      { name: 'status', kind: 'choice', label: text.fields.status, options: choice(text.problemStatuses) },
      { name: 'from', kind: 'date', label: text.fields.from },
      note,
    ],
    build: (said, values) =>
      buildProblem(said, {
        code: named(values),
        status: oneOf(problemStatuses, values.status),
        ...filled({ onset: given(values.from), note: given(values.note) }),
      }),
  },
  {
    name: 'allergy',
    label: text.forms.allergy,
    type: 'AllergyIntolerance',
    kinds: ['allergy'],
    fields: [
      { ...what, label: text.fields.substance },
      { name: 'kind', kind: 'choice', label: text.fields.kind, options: choice(text.allergyKinds) },
      { name: 'reaction', kind: 'text', label: text.fields.reaction, most: 200 },
      { name: 'severe', kind: 'check', label: text.fields.severe },
    ],
    build: (said, values) =>
      buildAllergy(said, {
        code: named(values),
        category: oneOf(allergyKinds, values.kind),
        severe: values.severe === 'yes',
        ...filled({ reaction: given(values.reaction) }),
      }),
  },
  {
    name: 'result',
    label: text.forms.result,
    type: 'Observation',
    kinds: ['result', 'vital'],
    fields: [
      {
        name: 'measurement',
        kind: 'choice',
        label: text.fields.measurement,
        options: measurementNames.map((value) => ({
          value,
          label: [measurements[value].name, measurements[value].unitText].filter((part) => part !== '').join(', '),
        })),
      },
      { name: 'value', kind: 'number', label: text.fields.value, required: true },
      at,
      note,
    ],
    build: (said, values) =>
      buildResult(said, {
        measurement: measurements[oneOf(measurementNames, values.measurement)],
        value: numberOf(values.value),
        at: given(values.at) ?? said.recorded,
        ...filled({ note: given(values.note) }),
      }),
  },
  {
    name: 'pressure',
    label: text.forms.pressure,
    type: 'Observation',
    kinds: ['vital'],
    fields: [
      { name: 'systolic', kind: 'number', label: text.fields.systolic, required: true },
      { name: 'diastolic', kind: 'number', label: text.fields.diastolic, required: true },
      at,
    ],
    build: (said, values) =>
      buildBloodPressure(said, {
        systolic: numberOf(values.systolic),
        diastolic: numberOf(values.diastolic),
        at: given(values.at) ?? said.recorded,
      }),
  },
  {
    name: 'medicine',
    label: text.forms.medicine,
    type: 'MedicationStatement',
    kinds: ['medicine'],
    fields: [
      { ...what, label: text.fields.medicine },
      { name: 'dose', kind: 'text', label: text.fields.dose, required: true, most: 200 },
      { name: 'status', kind: 'choice', label: text.fields.status, options: choice(text.medicineStatuses) },
      { name: 'from', kind: 'date', label: text.fields.from, required: true },
      { name: 'reason', kind: 'text', label: text.fields.reason, most: 200 },
    ],
    build: (said, values) =>
      buildMedicine(said, {
        code: named(values),
        status: oneOf(medicineStatuses, values.status),
        dose: given(values.dose) ?? '',
        from: given(values.from) ?? said.recorded,
        ...filled({ reason: given(values.reason) }),
      }),
  },
  {
    name: 'immunization',
    label: text.forms.immunization,
    type: 'Immunization',
    kinds: ['immunization'],
    fields: [
      { ...what, label: text.fields.vaccine },
      at,
      { name: 'lot', kind: 'text', label: text.fields.lot, most: 64 },
    ],
    build: (said, values) =>
      buildImmunization(said, {
        code: named(values),
        at: given(values.at) ?? said.recorded,
        ...filled({ lot: given(values.lot) }),
      }),
  },
  {
    name: 'visit',
    label: text.forms.visit,
    type: 'Encounter',
    kinds: ['encounter'],
    fields: [
      what,
      { name: 'kind', kind: 'choice', label: text.fields.kind, options: choice(text.visitKinds) },
      at,
      { name: 'reason', kind: 'text', label: text.fields.reason, most: 200 },
    ],
    build: (said, values) =>
      buildVisit(said, {
        type: named(values),
        kind: oneOf(visitKinds, values.kind),
        from: given(values.at) ?? said.recorded,
        ...filled({ reason: given(values.reason) }),
      }),
  },
  {
    name: 'procedure',
    label: text.forms.procedure,
    type: 'Procedure',
    kinds: ['procedure'],
    fields: [what, at, { name: 'outcome', kind: 'text', label: text.fields.outcome, most: 200 }, note],
    build: (said, values) =>
      buildProcedure(said, {
        code: named(values),
        at: given(values.at) ?? said.recorded,
        ...filled({ outcome: given(values.outcome), note: given(values.note) }),
      }),
  },
  {
    name: 'report',
    label: text.forms.report,
    type: 'DiagnosticReport',
    kinds: ['report'],
    fields: [
      what,
      at,
      { name: 'conclusion', kind: 'lines', label: text.fields.conclusion, required: true, most: 8000 },
    ],
    build: (said, values) =>
      buildReport(said, {
        code: named(values),
        at: given(values.at) ?? said.recorded,
        conclusion: given(values.conclusion) ?? '',
      }),
  },
  {
    name: 'finding',
    label: text.forms.finding,
    type: 'Observation',
    kinds: ['social'],
    fields: [what, { name: 'value', kind: 'lines', label: text.fields.finding, required: true, most: 2000 }, at],
    build: (said, values) =>
      buildFinding(said, {
        code: named(values),
        value: given(values.value) ?? '',
        at: given(values.at) ?? said.recorded,
        kind: 'social-history',
      }),
  },
];

/** What is wrong with what was entered, by field; empty where it can be written. */
export function faultsOf(form: EntryForm, values: Values, today: string): Record<string, string> {
  const faults: Record<string, string> = {};
  for (const { name, kind, required } of form.fields) {
    const value = given(values[name]);
    if (value === undefined) {
      if (required) faults[name] = text.faults.missing;
    } else if (kind === 'number' && !Number.isFinite(numberOf(value))) faults[name] = text.faults.number;
    else if (kind === 'date' && value > today) faults[name] = text.faults.future;
  }
  return faults;
}

/** Values of a form that nothing was entered in yet: the usual choices, and today where a day is needed. */
export const initialValues = (form: EntryForm, today: string): Values =>
  Object.fromEntries(
    form.fields.map(({ name, kind, options, required }) => [
      name,
      kind === 'choice' ? (options?.[0]?.value ?? '') : kind === 'date' && required ? today : '',
    ]),
  );

/** The forms with which an entry can be corrected: its next version is a resource of the same type. */
export const formsFor = ({ y, k }: Pick<Shown, 'y' | 'k'>): readonly EntryForm[] =>
  entryForms.filter(({ type, kinds }) => type === y && kinds.includes(k));

/** What a form holds of the entry that it corrects, as far as the chart's line has it; the rest is entered again. */
export function valuesOf(form: EntryForm, { x, a }: Pick<Shown, 'x' | 'a'>, today: string): Values {
  const known: Values = { what: x, ...(a !== undefined && { at: a.slice(0, 10), from: a.slice(0, 10) }) };
  return Object.fromEntries(
    Object.entries(initialValues(form, today)).map(([name, value]) => [name, known[name] ?? value]),
  );
}

/** Categories that an author marks an entry with because it is sensitive. */
export const markable = ['mental', 'substance', 'sexual', 'hiv', 'genetic'] as const satisfies readonly Category[];
