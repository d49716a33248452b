import { z } from 'zod';
import { adjudicationSystem } from './claimReason.ts';
import { coding, systems } from './coding.ts';
import { amountOf, money, moneyOf } from './money.ts';

/** How an amount is shared out, as decisions and answers of eligibility write it. In minor units. */
export interface Shares {
  billed: number;
  /** What of it counts; `insurer` and `patient` make it. */
  allowed: number;
  insurer: number;
  patient: number;
  /** Parts of `patient`. */
  coPay: number;
  deductible: number;
}

const hl7 = { billed: 'submitted', allowed: 'eligible', insurer: 'benefit', coPay: 'copay', deductible: 'deductible' };
const categories = {
  billed: { system: adjudicationSystem, code: hl7.billed },
  allowed: { system: adjudicationSystem, code: hl7.allowed },
  insurer: { system: adjudicationSystem, code: hl7.insurer },
  patient: { system: systems.share, code: 'patient' },
  coPay: { system: adjudicationSystem, code: hl7.coPay },
  deductible: { system: adjudicationSystem, code: hl7.deductible },
} as const satisfies Record<keyof Shares, { system: string; code: string }>;
const names = ['billed', 'allowed', 'insurer', 'patient', 'coPay', 'deductible'] as const satisfies (keyof Shares)[];

const category = z.strictObject({
  coding: z
    .array(z.strictObject({ system: z.enum([adjudicationSystem, systems.share]), code: z.string().max(32) }))
    .length(1),
});
/** A reason as `reasonConcept` writes it. */
export const writtenReason = z.strictObject({ coding: z.array(coding).min(1).max(2) });

const isInOrder = (written: readonly z.infer<typeof category>[]) =>
  written.length === names.length &&
  names.every((name, index) => written[index]?.coding[0]?.code === categories[name].code);
const eachOnce = 'must have each share once, in order';

/** As a decision has them: `adjudication` of an item, `total`. */
export const shares = z
  .array(z.strictObject({ category, amount: money }))
  .refine((written) => isInOrder(written.map((each) => each.category)), eachOnce);
export type WrittenShares = z.infer<typeof shares>;
/** As an answer of eligibility has them: `benefit` of an item. */
export const benefits = z
  .array(z.strictObject({ type: category, allowedMoney: money }))
  .refine((written) => isInOrder(written.map(({ type }) => type)), eachOnce);
export type WrittenBenefits = z.infer<typeof benefits>;

export const writeShares = (of: Shares, currency: string): WrittenShares =>
  names.map((name) => ({ category: { coding: [{ ...categories[name] }] }, amount: moneyOf(of[name], currency) }));
export const writeBenefits = (of: Shares, currency: string): WrittenBenefits =>
  writeShares(of, currency).map(({ category: type, amount: allowedMoney }) => ({ type, allowedMoney }));

/** In minor units. */
export function readShares(written: WrittenShares): Shares {
  const of = (name: keyof Shares) => {
    const found = written[names.indexOf(name)];
    if (found === undefined) throw new TypeError(`no ${name}`);
    return amountOf(found.amount);
  };
  return {
    ...{ billed: of('billed'), allowed: of('allowed'), insurer: of('insurer') },
    ...{ patient: of('patient'), coPay: of('coPay'), deductible: of('deductible') },
  };
}
export const readBenefits = (written: WrittenBenefits): Shares =>
  readShares(written.map(({ type, allowedMoney }) => ({ category: type, amount: allowedMoney })));
