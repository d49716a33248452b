import type { WithoutReason } from '#components/dispensing/withoutReasons.ts';
import { readThing } from '#components/supply/readThing.ts';
import { productTitle } from '#fhir/coding.ts';
import type { Product } from '#formulary/product.ts';
import { findProduct, findProductByGtin, packSize } from '#formulary/products.ts';
import type { SubstitutionReason } from '#formulary/substitution.ts';
import type { DowntimeEntry, DowntimePack, DowntimeReason } from './entry.ts';

/** A hand-over while it is filled in. */
export interface Draft {
  /** The scanned text or typed code; empty before. */
  code: string;
  packs: DowntimePack[];
  /** Product code; of the packs where there are some. */
  product: string;
  name: string;
  birthDate: string;
  saidName: boolean;
  saidBirthDate: boolean;
  /** As typed; empty: what the packs hold. */
  quantity: string;
  without: WithoutReason | '';
  substitution: SubstitutionReason | '';
  prescriber: string;
  /** `2026-11-27T09:30` in the device's own zone; empty: now. */
  when: string;
  reason: DowntimeReason;
}

export const emptyDraft: Draft = {
  ...{ code: '', packs: [], product: '', name: '', birthDate: '', saidName: false, saidBirthDate: false },
  ...{ quantity: '', without: '', substitution: '', prescriber: '', when: '', reason: 'ledgers' },
};

export type PackRefusal = { why: 'case' | 'unknown' | 'twice' } | { why: 'other' | 'expired'; what: string };

/** The draft with a scanned pack, or why not. Throws Gs1Error for what is no code of a pack. */
export function withPack(draft: Draft, code: string, today: string): { draft: Draft } | { refused: PackRefusal } {
  const { item, batch, expiry } = readThing(code);
  if (item.kind !== 'pack') return { refused: { why: 'case' } };
  const product = findProductByGtin(item.gtin);
  if (product === undefined) return { refused: { why: 'unknown' } };
  const { gtin, serial } = item;
  if (draft.packs.some((pack) => pack.gtin === gtin && pack.serial === serial)) return { refused: { why: 'twice' } };
  if (draft.packs.length > 0 && product.code !== draft.product) {
    return { refused: { why: 'other', what: productTitle(product) } };
  }
  // No ledger can be asked; what the label itself says is all there is.
  if (expiry !== undefined && expiry < today) return { refused: { why: 'expired', what: expiry } };
  const pack = { gtin, serial, ...(batch && { batch }), ...(expiry && { expiry }) };
  return { draft: { ...draft, product: product.code, packs: [...draft.packs, pack] } };
}

export const unitsOf = (packs: readonly DowntimePack[]): number =>
  packs.reduce((sum, { gtin }) => sum + (packSize(gtin) ?? 0), 0);

export const productOf = ({ product }: Pick<Draft, 'product'>): Product | undefined => findProduct(product);

export const draftFaults = [
  'code',
  'medicine',
  'controlled',
  'patient',
  'quantity',
  'tooFew',
  'without',
  'when',
] as const;
export type DraftFault = (typeof draftFaults)[number];

/** What is still missing, or the entry. A controlled medicine makes none. */
export function entryOf(
  draft: Draft,
  { site, by, now }: { site: string; by: string; now: Date },
): { entry: DowntimeEntry } | { fault: DraftFault } {
  const product = productOf(draft);
  if (draft.code === '') return { fault: 'code' };
  if (product === undefined) return { fault: 'medicine' };
  if (product.controlled) return { fault: 'controlled' };
  const name = draft.name.trim();
  if (name === '' || draft.birthDate === '' || !draft.saidName || !draft.saidBirthDate) return { fault: 'patient' };
  const units = unitsOf(draft.packs);
  const quantity = Number(draft.quantity.trim() || units);
  if (!Number.isInteger(quantity) || quantity < 1 || quantity > 100_000) return { fault: 'quantity' };
  if (draft.packs.length === 0 && draft.without === '') return { fault: 'without' };
  if (draft.without === '' && quantity > units) return { fault: 'tooFew' };
  const at = draft.when === '' ? now : new Date(draft.when);
  if (Number.isNaN(at.getTime()) || at.getTime() > now.getTime() + 60_000) return { fault: 'when' };
  const prescriber = draft.prescriber.trim();
  return {
    entry: {
      ...{ version: 1, at: at.toISOString(), reason: draft.reason, product: product.code, quantity, site, by },
      ...{ patient: { name, birthDate: draft.birthDate }, packs: draft.packs },
      ...(prescriber !== '' && { prescriber }),
      ...(draft.without !== '' && { without: draft.without }),
      ...(draft.substitution !== '' && { substitution: draft.substitution }),
    },
  };
}
