import { type DoseInstruction, quantityFor } from '#fhir/dosage.ts';
import type { Product } from '#formulary/product.ts';

/** How often, as the doctor chooses it. */
export const frequencies = {
  daily: { frequency: 1, period: 1, periodUnit: 'd' },
  every12: { frequency: 2, period: 1, periodUnit: 'd' },
  every8: { frequency: 3, period: 1, periodUnit: 'd' },
  every6: { frequency: 4, period: 1, periodUnit: 'd' },
  otherDay: { frequency: 1, period: 2, periodUnit: 'd' },
  weekly: { frequency: 1, period: 1, periodUnit: 'wk' },
} as const satisfies Record<string, Pick<DoseInstruction, 'frequency' | 'period' | 'periodUnit'>>;
export type Frequency = keyof typeof frequencies;

/** What the doctor types about a dose, before it is known to be complete. */
export interface DoseDraft {
  amount: string;
  frequency: Frequency;
  days: string;
  repeats: number;
  note: string;
}

export const emptyDose: DoseDraft = { amount: '1', frequency: 'daily', days: '7', repeats: 0, note: '' };

/** The most units of one fill that the ledger takes. */
export const mostUnits = 100_000;

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

export interface Order {
  dose: DoseInstruction;
  /** Whole units of one fill. */
  quantity: number;
  repeats: number;
  /** Days that it can be accepted at a pharmacy. */
  validDays: number;
}

/** The order that the draft means for a product; undefined while it is incomplete or too much. */
export function orderOf(draft: DoseDraft, product: Pick<Product, 'unit' | 'route'>): Order | undefined {
  const amount = parseAmount(draft.amount);
  const durationDays = parseDays(draft.days);
  if (amount === undefined || durationDays === undefined) return undefined;
  const dose: DoseInstruction = {
    amount,
    unit: product.unit,
    route: product.route,
    ...frequencies[draft.frequency],
    durationDays,
    ...(draft.note.trim() && { note: draft.note.trim() }),
  };
  const quantity = quantityFor(dose);
  if (quantity === undefined || quantity > mostUnits) return undefined;
  return { dose, quantity, repeats: draft.repeats, validDays: validDays(durationDays, draft.repeats) };
}

/** 28 days, and the days of every repeat; within the ledger's limit of 366. */
export function validDays(days: number, repeats: number): number {
  return Math.min(365, 28 + repeats * days);
}
