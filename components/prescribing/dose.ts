/** What the doctor types about a dose, before it is known to be complete. */
export interface DoseDraft {
  amount: string;
  frequency: Frequency;
  days: string;
  repeats: number;
}

export const frequencies = ['1', '2', '3', '4', '0.14'] as const;
/** Times a day; `0.14` is once a week. */
export type Frequency = (typeof frequencies)[number];

export interface Dose {
  amount: number;
  frequency: Frequency;
  days: number;
  repeats: number;
}

export const emptyDose: DoseDraft = { amount: '1', frequency: '1', days: '7', repeats: 0 };

const dosesOver: Record<Frequency, (days: number) => number> = {
  '1': (days) => days,
  '2': (days) => days * 2,
  '3': (days) => days * 3,
  '4': (days) => days * 4,
  '0.14': (days) => Math.ceil(days / 7),
};

/** Reads a decimal amount, with comma or point, at most three decimals; undefined where it is none above zero. */
export function parseAmount(text: string): number | undefined {
  if (!/^\d{1,5}([.,]\d{1,3})?$/.test(text.trim())) return undefined;
  const amount = Number(text.trim().replace(',', '.'));
  return amount > 0 ? amount : undefined;
}

/** Reads whole days from 1 to 365. */
export function parseDays(text: string): number | undefined {
  if (!/^\d{1,3}$/.test(text.trim())) return undefined;
  const days = Number(text.trim());
  return days >= 1 && days <= 365 ? days : undefined;
}

export function parseDose(draft: DoseDraft): Dose | undefined {
  const amount = parseAmount(draft.amount);
  const days = parseDays(draft.days);
  if (amount === undefined || days === undefined) return undefined;
  return { amount, days, frequency: draft.frequency, repeats: draft.repeats };
}

/** Doses in one fill. */
export function dosesOf(dose: Dose): number {
  return dosesOver[dose.frequency](dose.days);
}

/** Whole units in one fill: amount × doses, rounded up, since a half tablet is dispensed as a whole one. */
export function quantityOf(dose: Dose): number {
  // Thousandths, so that 0.1 × 3 is not a hair above 0.3.
  return Math.ceil(Math.round(dose.amount * 1000 * dosesOf(dose)) / 1000);
}

/** Packs that hold one fill. */
export function packsOf(quantity: number, packSize: number): number {
  return packSize > 0 ? Math.ceil(quantity / packSize) : 0;
}

/** Days that the prescription can be accepted: 28, and the days of every repeat; at most the ledger's 366. */
export function validDays(dose: Pick<Dose, 'days' | 'repeats'>): number {
  return Math.min(365, 28 + dose.repeats * dose.days);
}
