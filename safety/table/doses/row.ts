import type { RuleSource, Severity } from '#fhir/safety.ts';
import { nameOf } from '../../recognise.ts';
import { bnfc, smpc } from '../sources.ts';

/** A limit of a dose, for an age. All that a row names must hold. */
export interface DoseLimit {
  id: string;
  /** ATC code of the fifth level. */
  atc: string;
  /** Ages for which it holds, in years: from (inclusive) to (exclusive). */
  from: number;
  to: number;
  /** Most in a day and at once, in milligrams (or units, where the product is measured in them). */
  day?: number;
  single?: number;
  /** Most in a day and at once for each kilogram of body weight, in milligrams. */
  dayPerKg?: number;
  singlePerKg?: number;
  /** Days between doses at least: what is taken once a week. */
  days?: number;
  severity: Severity;
  source: RuleSource;
}

/** Where a child's dose ends and an adult's begins in product information, unless a row says another age. */
export const grownUp = 12;
const always = 200;

type Most = Partial<
  Pick<DoseLimit, 'day' | 'single' | 'dayPerKg' | 'singlePerKg' | 'days' | 'from' | 'to' | 'severity'>
>;

/** The most for adults, from the product information's posology. */
export const adult = (atc: string, day: number, more: Most = {}): DoseLimit => ({
  ...{ id: `dose-adult-${atc}`, atc, from: grownUp, to: always, day, severity: 'serious' },
  source: smpc(nameOf(atc), '4.2'),
  ...more,
});

/** The most for children by weight, below 12 years. */
export const child = (atc: string, more: Most): DoseLimit => ({
  ...{ id: `dose-child-${atc}`, atc, from: 0, to: grownUp, severity: 'serious' },
  source: bnfc(nameOf(atc)),
  ...more,
});

/** The most from an age on, besides what holds for all adults. */
export const older = (atc: string, from: number, day: number): DoseLimit => ({
  ...{ id: `dose-older-${atc}`, atc, from, to: always, day, severity: 'serious' },
  source: smpc(nameOf(atc), '4.2'),
});

/** Taken once in so many days; daily use has killed people. */
export const onceIn = (atc: string, days: number, severity: Severity): DoseLimit => ({
  ...{ id: `dose-interval-${atc}`, atc, from: 0, to: always, days, severity },
  source: smpc(nameOf(atc), '4.2'),
});
