import type { Category } from '#chaincode/model/category.ts';
import { type ChartEntry, momentOf } from '#fhir/chart/entry.ts';
import type { FirstScreen, Shown } from '#fhir/chart/screen.ts';
import type { UnknownReason } from '#fhir/safety.ts';
import { type Language, languageOfTag } from '#fhir/sentence/language.ts';
import { estimatedGfr } from './gfr.ts';
import {
  type Entry,
  type Fact,
  known,
  type Missing,
  openHalf,
  type Person,
  type Pregnancy,
  type Subject,
  unknown,
  yearsAt,
} from './subject.ts';

/** A chart as far as its reader sees it. */
export interface SeenChart {
  screen: FirstScreen;
  /** Parts that the reader does not see, and why. */
  hidden: readonly { category: Category; why: Extract<UnknownReason, 'notShared' | 'failed'> }[];
  /** There are entries that neither index nor tail show. */
  incomplete: boolean;
}

/** Parts in which anything may lie besides its usual one. */
const guarded: ReadonlySet<Category> = new Set(['mental', 'substance', 'sexual', 'hiv', 'genetic']);
const dayMs = 86_400_000;
/** Days after which a value counts as old. */
const oldAfter = { kidney: 365, weight: 730, weightOfChild: 90, pregnancy: 28 };

/** What hides a list, or values, whose usual part is `main`; undefined where all of it is seen. */
function hiding({ hidden, incomplete }: SeenChart, main: Category): Missing | undefined {
  const own = hidden.find(({ category }) => category === main);
  if (own !== undefined) return { why: own.why, detail: main };
  const others = hidden.filter(({ category }) => guarded.has(category));
  const [first] = others;
  if (first !== undefined)
    return {
      why: others.some(({ why }) => why === 'failed') ? 'failed' : first.why,
      detail: others.map(({ category }) => category).join(', '),
    };
  return incomplete ? { why: 'failed', detail: 'older entries' } : undefined;
}

const lineOf = ({ x, code, hi }: ChartEntry): Entry => ({
  text: x,
  ...(code !== undefined && { code }),
  ...(hi && { severe: true }),
});

function listOf(seen: SeenChart, entries: readonly Shown[], main: Category): Fact<readonly Entry[]> {
  const value = entries.map(lineOf);
  const missing = hiding(seen, main);
  if (missing !== undefined) return value.length > 0 || missing.detail !== main ? { value, missing } : { missing };
  return value.length === 0 ? { value, missing: { why: 'notRecorded' } } : { value };
}

const codes = {
  weight: ['loinc|29463-7', 'loinc|3141-9'],
  kidney: ['loinc|62238-1', 'loinc|98979-8', 'loinc|33914-3', 'loinc|48642-3', 'loinc|48643-1', 'loinc|69405-9'],
  creatinine: ['loinc|14682-9', 'loinc|2160-0'],
  pregnancy: ['loinc|82810-3', 'loinc|11449-6'],
};

const newestOf = ({ screen }: SeenChart, wanted: readonly string[]): Shown | undefined =>
  [...screen.latest, ...screen.newest].find(
    ({ code, m }) => code !== undefined && wanted.includes(code) && m !== undefined,
  );

const inKilograms: Record<string, number> = { kg: 1, g: 0.001, '[lb_av]': 0.45359237 };

/** A value with the warning that it is old, where it is. */
function aged(value: number, { a, w }: Shown, at: string, days: number): Fact<number> {
  const measured = a ?? w;
  if ((Date.parse(at) - Date.parse(measured)) / dayMs <= days) return known(value);
  return { value, missing: { why: 'outdated', detail: measured.slice(0, 10) } };
}

function weightOf(seen: SeenChart, person: Person, at: string): Fact<number> {
  const entry = newestOf(seen, codes.weight);
  const factor = inKilograms[entry?.m?.u ?? ''];
  if (entry?.m?.n === undefined || factor === undefined) return absent(seen, 'results');
  const isChild = person.birthDate !== '' && yearsAt(person.birthDate, at) < 12;
  return aged(entry.m.n * factor, entry, at, isChild ? oldAfter.weightOfChild : oldAfter.weight);
}

/** Units of an eGFR: the codes say that it is for a body surface of 1.73 m². */
const isGfrUnit = (unit = '') =>
  /^ml\/min(?:\/1[.,]73[.]?m2)?$/.test(
    unit
      .toLowerCase()
      .replaceAll(/[{}_ ]/g, '')
      .replace('²', '2'),
  );

/** The eGFR as it is recorded, or as creatinine, age and sex make it: whichever was measured later. */
function kidneyOf(seen: SeenChart, person: Person, at: string): Fact<number> {
  const recorded = newestOf(seen, codes.kidney);
  const creatinine = newestOf(seen, codes.creatinine);
  const readings = [
    ...(recorded === undefined
      ? []
      : [{ entry: recorded, value: isGfrUnit(recorded.m?.u) ? recorded.m?.n : undefined }]),
    ...(creatinine?.m === undefined ? [] : [{ entry: creatinine, value: estimatedGfr(creatinine.m, person, at) }]),
  ].sort((one, other) => compareMoments(other.entry, one.entry));
  const [latest] = readings;
  const read = readings.find(({ value }) => value !== undefined);
  if (latest === undefined || read?.value === undefined) {
    return recorded === undefined ? absent(seen, 'results') : unknown('failed', unreadable(recorded));
  }
  // What was measured since and cannot be used may have changed everything.
  if (compareMoments(read.entry, latest.entry) < 0) {
    return { value: read.value, missing: { why: 'outdated', detail: (read.entry.a ?? read.entry.w).slice(0, 10) } };
  }
  return aged(read.value, read.entry, at, oldAfter.kidney);
}

const compareMoments = (one: Shown, other: Shown): number => {
  const [first, second] = [momentOf(one), momentOf(other)];
  return first === second ? 0 : first < second ? -1 : 1;
};
/** A value as it is recorded: “1.4 mL/s”. */
const unreadable = ({ m }: Shown): string => [m?.n ?? m?.t ?? '', m?.u ?? ''].join(' ').trim();

const absent = (seen: SeenChart, main: Category): { missing: Missing } => {
  const missing = hiding(seen, main);
  return missing?.detail === main ? { missing } : unknown('notRecorded');
};

const pregnantCode = /^(?:sct\|77386006|icd10(?:cm)?\|(?:Z3[34]|O[0-9]))/;

const breastfeeding = /^(?:breast-?\s?feeding|lactat)/i;

/** What a fresh test or question says; undefined where there is none. */
function testedOf(seen: SeenChart, at: string): 'pregnant' | 'not pregnant' | undefined {
  const status = newestOf(seen, codes.pregnancy);
  const words = status?.m?.t?.toLowerCase() ?? '';
  const isFresh =
    status !== undefined && (Date.parse(at) - Date.parse(status.a ?? status.w)) / dayMs <= oldAfter.pregnancy;
  if (!isFresh) return undefined;
  if (/not pregnant|negative|^no\b/.test(words)) return 'not pregnant';
  return /pregnant|positive|^yes\b/.test(words) ? 'pregnant' : undefined;
}

/** Pregnancy and breast-feeding. A negative test says nothing of breast-feeding, nor the other way round. */
function pregnancyOf(seen: SeenChart, at: string): Fact<Pregnancy> {
  const { problems } = seen.screen;
  const tested = testedOf(seen, at);
  const isPregnant =
    tested === 'pregnant' || problems.some(({ code, x }) => pregnantCode.test(code ?? '') || /^pregnan/i.test(x));
  if (isPregnant) return known('pregnant');
  const open = (half: keyof typeof openHalf): Missing => ({ why: 'notRecorded', detail: openHalf[half] });
  if (problems.some(({ x }) => breastfeeding.test(x))) {
    return tested === undefined ? { value: 'breastfeeding', missing: open('pregnant') } : known('breastfeeding');
  }
  return tested === undefined ? absent(seen, 'clinical') : { value: 'no', missing: open('breastfeeding') };
}

/** What a check may ask of a patient, from the portal's entry and the chart, or why there is no chart. */
export function subjectOf(
  person: Person,
  seen: SeenChart | { why: UnknownReason; detail?: string },
  at: string,
): Subject {
  const { birthDate, sex } = person;
  const own = {
    birthDate: birthDate === '' ? unknown('notRecorded') : known(birthDate),
    sex: sex === 'unknown' ? unknown('notRecorded') : known(sex),
  };
  if ('why' in seen) {
    const none = unknown(seen.why, seen.detail);
    return { ...own, weight: none, kidney: none, pregnancy: none, allergies: none, medicines: none };
  }
  return {
    ...own,
    weight: weightOf(seen, person, at),
    kidney: kidneyOf(seen, person, at),
    pregnancy: pregnancyOf(seen, at),
    // A line that says that there are none is a line too, so that the list is not empty.
    allergies: listOf(seen, seen.screen.allergies, 'clinical'),
    medicines: listOf(seen, seen.screen.medicines, 'medication'),
  };
}

/** The language in which the patient reads, as the record has it. */
export const languageIn = ({ screen }: Pick<SeenChart, 'screen'>): Language | undefined =>
  languageOfTag(screen.person?.code?.split('|')[1]);
