import { contentOf } from './strength.ts';
import type { Order } from './subject.ts';

/** What a dose makes of the one active substance of a product, in milligrams or units. */
export interface Daily {
  unit: 'mg' | 'units';
  single: number;
  /** On the busiest day. */
  day: number;
  /** Between two doses, in days, on average. */
  interval: number;
}

const daysOf = { h: 1 / 24, d: 1, wk: 7, mo: 30 } as const;

/** Undefined for combinations, rates and strengths that cannot be told. */
export function dailyOf({ product, dose }: Pick<Order, 'product' | 'dose'>): Daily | undefined {
  const contents = contentOf(product);
  const [content] = contents ?? [];
  if (content === undefined || contents?.length !== 1) return undefined;
  const single = content.amount * dose.amount;
  const period = dose.period * daysOf[dose.periodUnit];
  // Of doses that are not daily, all of a period may fall on one day.
  const aDay = period < 1 ? dose.frequency / period : dose.frequency;
  return { unit: content.unit, single, day: single * aDay, interval: period / dose.frequency };
}

/** “1,500 mg”, without digits that no scale weighs. */
export const amountOf = (amount: number, unit: Daily['unit']): string =>
  `${new Intl.NumberFormat('en-GB', { maximumSignificantDigits: 6 }).format(amount)} ${unit}`;

/** Whether one amount is above another, by more than floating point makes of it. */
export const isAbove = (amount: number, limit: number): boolean => amount > limit * (1 + 1e-9);
