import type { Prescription } from './prescription.ts';

/** How much of a prescription with several fills may have been handed over at which time. */

const dayMs = 24 * 60 * 60 * 1000;

type Terms = Pick<Prescription, 'quantity' | 'fills' | 'fillEveryDays' | 'validFrom' | 'authoredOn'>;

/** Units that may have been dispensed in sum at an instant. */
export function releasedUnits({ quantity, fills, fillEveryDays, ...terms }: Terms, at: Date): number {
  if (fillEveryDays === undefined) return quantity * fills;
  const passed = at.getTime() - beginOf(terms);
  const due = passed < 0 ? 0 : 1 + Math.floor(passed / (fillEveryDays * dayMs));
  return quantity * Math.min(fills, due);
}

/** Units that may be dispensed at an instant, of what is left. */
export function availableUnits(prescription: Terms & Pick<Prescription, 'left'>, at: Date): number {
  const { quantity, fills, left } = prescription;
  const dispensed = quantity * fills - left;
  return Math.max(0, Math.min(left, releasedUnits(prescription, at) - dispensed));
}

/** When the next units are released; undefined where all are. */
export function nextFillAt(terms: Terms, at: Date): Date | undefined {
  const { quantity, fills, fillEveryDays } = terms;
  if (fillEveryDays === undefined) return undefined;
  const due = releasedUnits(terms, at) / quantity;
  return due >= fills ? undefined : new Date(beginOf(terms) + due * fillEveryDays * dayMs);
}

/** Fills are counted from when it was written, or from when it is valid where that is later. */
function beginOf({ authoredOn, validFrom }: Pick<Terms, 'authoredOn' | 'validFrom'>): number {
  return Math.max(Date.parse(authoredOn), validFrom === undefined ? 0 : Date.parse(validFrom));
}
