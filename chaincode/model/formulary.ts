import { z } from 'zod';
import { institutionId } from './identifiers.ts';
import { words } from './shapes/text.ts';

/**
 * What the authority says of medicines for all, and an institution for itself: how they are covered, which stand for one another,
 * and which are short. Public master data on `registry`; nothing of it is about a person.
 */

/** A product of the formulary by Medloom's own code. */
export const productCode = z.string().regex(/^MP-[0-9]{5}$/);
/** An ATC code of any of the five levels. */
export const atcCode = z.string().regex(/^[A-Z](?:[0-9]{2}(?:[A-Z](?:[A-Z](?:[0-9]{2})?)?)?)?$/);
const substanceCode = z.string().regex(/^[A-Z][0-9]{2}[A-Z]{2}[0-9]{2}$/);

/** From what costs the patient least to what is not paid for; the order is that of strictness. */
export const coverageTiers = ['tier1', 'tier2', 'tier3', 'tier4', 'notCovered'] as const;
export const coverageTier = z.enum(coverageTiers);
export type CoverageTier = (typeof coverageTiers)[number];

/** Whether the first tier is at least as strict as the other. */
export const isAsStrict = (tier: CoverageTier, than: CoverageTier): boolean =>
  coverageTiers.indexOf(tier) >= coverageTiers.indexOf(than);

/** For all (`national`, the authority's), or for an institution, by its id. */
export const formularyScope = z.union([z.literal('national'), institutionId]);
export type FormularyScope = z.infer<typeof formularyScope>;

const termFields = {
  code: z.union([productCode, atcCode]),
  /** Of a product: its ATC code of the fifth level, by which what stands above it is found. */
  atc: substanceCode.optional(),
  tier: coverageTier,
  /** Products of one group may stand for one another. */
  group: words(2, 80).optional(),
  /** Under which condition only it is covered or given. */
  restriction: words(2, 300).optional(),
  note: words(2, 300).optional(),
};

/** One entry of the argument of `formulary:put`. */
export const formularyTerms = z
  .strictObject(termFields)
  .refine(
    ({ code, atc }) => code.startsWith('MP-') === (atc !== undefined),
    'a product, and nothing else, names its ATC code',
  );
export type FormularyTerms = z.infer<typeof formularyTerms>;

export const mostFormularyTerms = 50;
export const formularyArgument = z
  .strictObject({ scope: formularyScope, entries: z.array(formularyTerms).min(1).max(mostFormularyTerms) })
  .refine(({ entries }) => new Set(entries.map(({ code }) => code)).size === entries.length, 'names a code twice');

export const formularyStates = ['inForce', 'withdrawn'] as const;

/** An entry as it stands on the ledger. */
export const formularyEntry = z.strictObject({
  ...termFields,
  scope: formularyScope,
  state: z.enum(formularyStates),
  /** `prac-…` or `registrar:…` */
  by: z.string(),
  at: z.iso.datetime(),
  version: z.int().positive(),
});
export type FormularyEntry = z.infer<typeof formularyEntry>;

const shortageFields = {
  product: productCode,
  reason: words(3, 300),
  /** When it is expected to end; a day, YYYY-MM-DD. */
  until: z.iso.date().optional(),
};
/** The argument of `formulary:declareShortage`. */
export const shortageDeclaration = z.strictObject(shortageFields);
export type ShortageDeclaration = z.infer<typeof shortageDeclaration>;

export const shortageStates = ['declared', 'ended'] as const;
export const shortageRecord = z.strictObject({
  ...shortageFields,
  state: z.enum(shortageStates),
  by: z.string(),
  at: z.iso.datetime(),
  version: z.int().positive(),
});
export type Shortage = z.infer<typeof shortageRecord>;

/** The codes whose entries govern a medicine, the nearest first: the code itself, then each ATC group above. */
export function governingCodes({ code, atc = code }: { code: string; atc?: string | undefined }): string[] {
  const groups = [7, 5, 4, 3, 1].flatMap((length) => (atc.length >= length ? atc.slice(0, length) : []));
  return [...new Set([code, ...groups])];
}

/** Name and payload (JSON) of the event of every change. */
export const formularyEvent = 'FormularyChanged';
export const formularyChanged = z.object({
  /** `<scope>/<code>` of each entry that changed, or `shortage/<product>`. */
  keys: z.array(z.string()).min(1),
  /** Scope, or product of a shortage. */
  id: z.string(),
  change: z.string(),
  status: z.string(),
  version: z.int().positive(),
  at: z.iso.datetime(),
});
export type FormularyChanged = z.infer<typeof formularyChanged>;
