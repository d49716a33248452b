import type { Limits } from '#components/settlement/treasurerCalls.ts';
import { t } from '#messages/en.ts';
import { isTooLarge, readAmount, writeAmount } from './amount.ts';

const text = t.claimsPayouts.changeLimits;

/** Limits of an account as somebody types them. */
export type LimitsDraft = Limits<string>;
export const limitNames = ['perDay', 'releaseAbove'] as const satisfies (keyof LimitsDraft)[];

/** Whether an amount in minor units is so high that it limits nothing; it is not known to the last unit either. */
export const isUnlimited = (minor: number): boolean => !Number.isSafeInteger(minor);

/** Empty where the limit limits nothing. */
const begunAs = (minor: number): string => (isUnlimited(minor) ? '' : writeAmount(minor));

export const draftOf = ({ perDay, releaseAbove }: Limits<number>): LimitsDraft => ({
  perDay: begunAs(perDay),
  releaseAbove: begunAs(releaseAbove),
});

/** What is to be set of a draft, in minor units, without what stays as it was; `faults` says by the field, in words, what is wrong with it. */
export function readLimits(
  draft: LimitsDraft,
  began: Limits<number>,
): { wanted: Partial<Limits<number>>; faults: Partial<Record<keyof LimitsDraft, string>> } {
  const wanted: Partial<Limits<number>> = {};
  const faults: Partial<Record<keyof LimitsDraft, string>> = {};
  for (const name of limitNames) {
    if (draft[name].trim() === begunAs(began[name])) continue;
    const amount = readAmount(draft[name]);
    if (amount === undefined) faults[name] = isTooLarge(draft[name]) ? t.claimsPayouts.tooLarge : text.fault;
    else if (amount !== began[name]) wanted[name] = amount;
  }
  return { wanted, faults };
}
