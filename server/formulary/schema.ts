import type { CoverageTier, FormularyEntry, Shortage } from '#chaincode/model/formulary.ts';
import type { Coverage } from '#formulary/coverage.ts';

/** Why a product is short: the authority says so, or the stock does (`formulary/shortage.ts`). */
export interface ShortageNotice {
  why: 'declared' | 'stock';
  /** In the authority's words. */
  reason?: string;
  /** Day on which it is expected to end, YYYY-MM-DD. */
  until?: string;
}

/** What a doctor or pharmacist is told of a product while choosing. */
export interface MedicineStatus extends Coverage {
  /** `MP-…` */
  code: string;
  /** Codes of other products of the same generic group. */
  generics: string[];
  shortage?: ShortageNotice;
}

/** Statuses by product code; a product of which nothing is said and that is not short is left out. */
export type MedicineStatuses = Readonly<Record<string, MedicineStatus>>;

/** An entry with who said it, by name where the portal knows. */
export interface FormularyEntryView extends FormularyEntry {
  byName: string;
}

/** What an institution or the authority manages: its own list, and what governs for all. */
export interface FormularyView {
  scope: string;
  entries: FormularyEntryView[];
  /** The list for all, for an institution; empty for the authority, whose list it is. */
  national: FormularyEntry[];
}

/** A product that is short, with the figures behind it, for the authority. */
export interface ShortProduct {
  product: string;
  /** Units at pharmacies and distributors, and dispensed in the last 14 days. */
  usable: number;
  dispensed: number;
  /** By the rule of the stock. */
  byStock: boolean;
  declared?: Shortage;
}

export type { CoverageTier };
