import type { IssueTerms } from '#crypto/prescription.ts';
import type { Order } from './dose.ts';

/**
 * What the ledger is told of one of the prescriptions that are signed in one go. `series`: its id, where there are several. Only
 * the first replaces a prescription or answers a request: with that the ledger has cancelled the one and closed the other, and
 * refuses a second.
 */
export function termsOfPart(
  { repeats, everyDays, parts }: Pick<Order, 'repeats' | 'everyDays' | 'parts'>,
  index: number,
  { answers, series }: { answers?: Pick<IssueTerms, 'replaces' | 'renews'> | undefined; series?: string | undefined },
): Pick<IssueTerms, 'replaces' | 'renews' | 'fillEveryDays' | 'series'> {
  return {
    ...(index === 0 && answers),
    ...(repeats > 0 && everyDays !== undefined && { fillEveryDays: everyDays }),
    ...(series !== undefined && { series: { id: series, part: index + 1, of: parts } }),
  };
}
