import { z } from 'zod';

/**
 * What the chart needs to know of a resource without opening its document: one line of the encrypted index of a category.
 * Member names are short because ten thousand of them lie in an index.
 */

export const entryKinds = [
  'problem',
  'allergy',
  'medicine',
  'immunization',
  /** Laboratory and other results. */
  'result',
  'vital',
  /** Answers about how somebody lives: smoking, alcohol, work. */
  'social',
  'report',
  'document',
  'encounter',
  'procedure',
  'person',
] as const;
export type EntryKind = (typeof entryKinds)[number];

const words = z.string().max(240);
export const measured = z.strictObject({
  /** Number in `u`; absent where the result is words. */
  n: z.number().optional(),
  /** `<`, `<=`, `>=`, `>` */
  c: z.string().max(2).optional(),
  /** UCUM code of the unit, or the unit in words where it has no code. */
  u: z.string().max(64).optional(),
  /** The result in words, where it is no number. */
  t: words.optional(),
  /** Reference range. */
  lo: z.number().optional(),
  hi: z.number().optional(),
  /** HL7 v3 ObservationInterpretation: `H`, `L`, `HH`, `LL`, `A`, `N`… */
  f: z.string().max(16).optional(),
});
export type Measured = z.infer<typeof measured>;
/** One of several values of an observation: systolic and diastolic pressure. */
const part = measured.extend({ code: z.string().max(96).optional(), x: words });

export const chartEntry = z.strictObject({
  k: z.enum(entryKinds),
  /** FHIR id of the resource; unique together with its type. */
  r: z.string().max(64),
  /** FHIR type of the resource. */
  y: z.string().max(32),
  /** Document of the record that has it. */
  d: z.string().max(64),
  /** When the ledger recorded that document, ISO 8601. */
  w: z.string().max(40),
  /** Clinical time as FHIR writes it: a year, a month, a day or an instant. Absent where the resource says none. */
  a: z.string().max(40).optional(),
  /** Until when. */
  e: z.string().max(40).optional(),
  /** `loinc|4548-4`; the system is its short name, or its URI. */
  code: z.string().max(160).optional(),
  /** What it is, in words. */
  x: words,
  /** Further words: dose, severity, reaction, author. */
  n: words.optional(),
  /** FHIR status; for problems and allergies the clinical status. */
  s: z.string().max(32),
  /** Not confirmed, refuted: verification status where it is not `confirmed`. */
  v: z.string().max(32).optional(),
  /** High criticality. */
  hi: z.literal(true).optional(),
  m: measured.optional(),
  p: z.array(part).max(12).optional(),
  /** Attachments of the document: how many. */
  f: z.int().positive().optional(),
  /** Short hashes by which an import recognises what is there already. */
  q: z.array(z.string().max(16)).max(4).optional(),
});
export type ChartEntry = z.infer<typeof chartEntry>;

export const entryKey = ({ y, r }: Pick<ChartEntry, 'y' | 'r'>): string => `${y}/${r}`;

/** Statuses that say that the entry is not to be believed, or that nothing happened. */
const withdrawn: ReadonlySet<string> = new Set(['entered-in-error', 'cancelled', 'refuted']);
export const isWithdrawn = ({ s, v }: ChartEntry): boolean => withdrawn.has(s) || (v !== undefined && withdrawn.has(v));

const open: Partial<Record<EntryKind, ReadonlySet<string>>> = {
  problem: new Set(['active', 'recurrence', 'relapse', 'unknown']),
  allergy: new Set(['active', 'unknown']),
  medicine: new Set(['active', 'on-hold', 'intended', 'unknown']),
  person: new Set(['active']),
};
/** An open problem, an allergy in force, a medicine that is taken now. What does not say counts as open. */
export const isOpen = (entry: ChartEntry): boolean => !isWithdrawn(entry) && (open[entry.k]?.has(entry.s) ?? false);

/** Newest first: by clinical time, where it is missing by the ledger's; then by key, so that every browser sorts alike. */
export function byTime(one: ChartEntry, other: ChartEntry): number {
  const [a, b] = [momentOf(one), momentOf(other)];
  if (a !== b) return a < b ? 1 : -1;
  const [x, y] = [entryKey(one), entryKey(other)];
  return x === y ? (one.d < other.d ? 1 : one.d > other.d ? -1 : 0) : x < y ? -1 : 1;
}
/** A moment of UTC that compares as text: instants in UTC, and the beginning of days, months and years. */
export function momentOf({ a, w }: Pick<ChartEntry, 'a' | 'w'>): string {
  const written = a ?? w;
  if (written.length > 10) {
    const parsed = Date.parse(written);
    return Number.isNaN(parsed) ? written : new Date(parsed).toISOString();
  }
  return `${written}${'-01-01'.slice(written.length - 4)}`.slice(0, 10);
}
