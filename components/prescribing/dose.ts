import { amountText, type DoseInstruction, quantityFor } from '#fhir/dosage.ts';
import type { Product } from '#formulary/product.ts';
import { type Often, usualDose } from '#formulary/usual.ts';

/** How often, as the doctor chooses it. */
export const frequencies = {
  daily: { frequency: 1, period: 1, periodUnit: 'd' },
  every12: { frequency: 2, period: 1, periodUnit: 'd' },
  every8: { frequency: 3, period: 1, periodUnit: 'd' },
  every6: { frequency: 4, period: 1, periodUnit: 'd' },
  otherDay: { frequency: 1, period: 2, periodUnit: 'd' },
  weekly: { frequency: 1, period: 1, periodUnit: 'wk' },
} as const satisfies Record<Often, Pick<DoseInstruction, 'frequency' | 'period' | 'periodUnit'>>;
export type Frequency = Often;

/** How what follows the first fill is collected: with the same code again and again, or each part with a code of its own. */
export const repeatings = ['sameCode', 'ownCodes'] as const;
export type Repeating = (typeof repeatings)[number];

/** What the doctor types about a dose, before it is known to be complete. */
export interface DoseDraft {
  amount: string;
  frequency: Frequency;
  days: string;
  repeats: number;
  repeating: Repeating;
  /**
   * Days from one fill to the next, null for the usual ones, which follow `days`; empty: a repeat is collected at any time, and
   * parts of their own are as far apart as is usual.
   */
  every: string | null;
  /** What it is for, where it is taken only when needed; then how often is the most. */
  asNeeded: string;
  /** Why: the diagnosis, in words. It is encrypted with the rest. */
  reason: string;
  note: string;
}

export const emptyDose: DoseDraft = {
  amount: '1',
  frequency: 'daily',
  days: '7',
  repeats: 0,
  repeating: 'sameCode',
  every: '',
  asNeeded: '',
  reason: '',
  note: '',
};

/** What the form begins with for a product: its usual dose, for as long as the smallest pack lasts. */
export function usualDraft(product: Product): DoseDraft {
  const { amount, often, days } = usualDose(product);
  return { ...emptyDose, amount: amount === undefined ? '' : String(amount), frequency: often, days: String(days) };
}

/** The most units of one fill that the ledger takes. */
export const mostUnits = 100_000;

/** The most parts of a series that the ledger takes. */
export const mostParts = 12;

/** Reads a decimal amount, with comma or point, at most three decimals; undefined where it is none above zero. */
export function parseAmount(text: string): number | undefined {
  if (!/^\d{1,5}([.,]\d{1,3})?$/.test(text.trim())) return undefined;
  const amount = Number(text.trim().replace(',', '.'));
  return amount > 0 ? amount : undefined;
}

/** Reads whole days from 1 to `most`. */
export function parseDays(text: string, most = 365): number | undefined {
  if (!/^\d{1,3}$/.test(text.trim())) return undefined;
  const days = Number(text.trim());
  return days >= 1 && days <= most ? days : undefined;
}

/** The longest interval between fills that the ledger takes, in days. */
export const longestInterval = 180;

/** Days between fills where nothing else is said: a few before the last fill runs out, one for each week. */
export function usualInterval(days: number): number {
  return Math.min(longestInterval, Math.max(1, days - Math.min(7, Math.floor(days / 7))));
}

/**
 * The draft with so many repeats. With the first one it gets the usual interval, so that all of it is collected at once only
 * where the doctor clears that.
 */
export function withRepeats(draft: DoseDraft, repeats: number): DoseDraft {
  if (repeats === 0) return { ...draft, repeats, every: '' };
  const isFirst = draft.repeats === 0 && draft.every === '';
  return { ...draft, repeats, every: isFirst ? null : draft.every };
}

/** Days between fills as the form shows them. */
export function everyShown({ every, days }: DoseDraft): string {
  if (every !== null) return every;
  const parsed = parseDays(days);
  return parsed === undefined ? '' : String(usualInterval(parsed));
}

export interface Order {
  dose: DoseInstruction;
  /** Whole units of one fill. */
  quantity: number;
  /** Of each prescription. */
  repeats: number;
  /** Days that each prescription can be accepted at a pharmacy, from the beginning of its window. */
  validDays: number;
  /** Days from one fill to the next, where there is a next. */
  everyDays?: number;
  /** Prescriptions that are signed in one go, each with a code of its own, `everyDays` apart. */
  parts: number;
  reason?: string;
}

/** The order that the draft means for a product; undefined while it is incomplete or too much. */
export function orderOf(
  draft: DoseDraft,
  product: Pick<Product, 'unit' | 'route'> & { controlled?: boolean },
): Order | undefined {
  const amount = parseAmount(draft.amount);
  const durationDays = parseDays(draft.days);
  if (amount === undefined || durationDays === undefined) return undefined;
  const dose: DoseInstruction = {
    amount,
    unit: product.unit,
    route: product.route,
    ...frequencies[draft.frequency],
    durationDays,
    ...(draft.asNeeded.trim() && { asNeededFor: draft.asNeeded.trim() }),
    ...(draft.note.trim() && { note: draft.note.trim() }),
  };
  const quantity = quantityFor(dose);
  if (quantity === undefined || quantity > mostUnits) return undefined;
  const reason = draft.reason.trim();
  const common = { dose, quantity, ...(reason !== '' && { reason }) };
  // The ledger takes no repeats of a controlled medicine.
  if (draft.repeats === 0 || product.controlled === true)
    return { ...common, repeats: 0, validDays: validDays(durationDays, 0), parts: 1 };
  const every = everyShown(draft).trim();
  const said = every === '' ? undefined : parseDays(every, longestInterval);
  if (every !== '' && said === undefined) return undefined;
  const everyDays = said ?? usualInterval(durationDays);
  if (draft.repeating === 'sameCode') {
    // Without an interval of the doctor's, a repeat can be collected at any time.
    const interval = said === undefined ? {} : { everyDays: said };
    const longest = validDays(Math.max(everyDays, durationDays), draft.repeats);
    return { ...common, repeats: draft.repeats, validDays: longest, ...interval, parts: 1 };
  }
  const parts = Math.min(mostParts, draft.repeats + 1);
  // The last part's window ends within the year that the ledger takes.
  if ((parts - 1) * everyDays + windowDays > longestValidity) return undefined;
  return { ...common, repeats: 0, validDays: windowDays, everyDays, parts };
}

/** Days in which a prescription can be taken up. */
const windowDays = 28;
const longestValidity = 365;

/** 28 days, and the days of every repeat; within the ledger's limit of 366. */
export function validDays(days: number, repeats: number): number {
  return Math.min(longestValidity, windowDays + repeats * days);
}

/** When a prescription can be taken up: ISO 8601 instants, `from` absent where at once. */
export interface Window {
  from?: string;
  expires: string;
}

const dayMs = 86_400_000;

/** The windows of what is signed, one for each part. `now` in milliseconds. */
export function windowsOf({ parts, everyDays = 0, validDays: days }: Order, now: number): Window[] {
  return Array.from({ length: parts }, (_, index) => {
    const from = now + index * everyDays * dayMs;
    return {
      ...(index > 0 && { from: new Date(from).toISOString() }),
      expires: new Date(from + days * dayMs).toISOString(),
    };
  });
}

/** “28 tablets”, or “3 × 28 tablets”. */
export function quantityOf({ quantity, repeats, parts, dose }: Order): string {
  const fills = (repeats + 1) * parts;
  const once = amountText(quantity, dose.unit);
  return fills > 1 ? `${fills} × ${once}` : once;
}
