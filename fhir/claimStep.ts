import { z } from 'zod';
import { claimReason } from '#chaincode/model/plan.ts';
import { systems } from './coding.ts';

/** One step by which a claim was judged, in machine form: what was asked, the numbers it used, and what came out. The words are the screens'. */

export const claimStepCodes = [
  /** Evidence, policy and deadline. */
  ...(['agreement', 'evidence', 'policy', 'filing'] as const),
  /** What the plan covers, of which tier, and at which price. */
  ...(['benefit', 'tier', 'authorisation', 'price', 'quantity'] as const),
  /** How it is shared out. */
  ...(['coPay', 'deductible', 'percent', 'benefitLimit', 'annualLimit', 'outOfPocket', 'shares'] as const),
  /** The insurer's own rules, what is unusual, and bills so high that a person decides. */
  ...(['rule', 'signal', 'reviewAbove', 'outcome'] as const),
] as const;
export type ClaimStepCode = (typeof claimStepCodes)[number];
/** `reduced`: less counts than was billed, or the insurer pays less than its part. */
export const stepVerdicts = ['passed', 'reduced', 'denied', 'review'] as const;

export const mostSteps = 120;
/** Named numbers of a step: amounts in minor units, counts, percents. */
const stepNumbers = z
  .record(z.string().regex(/^[a-z][A-Za-z]{0,31}$/), z.int())
  .refine((numbers) => Object.keys(numbers).length <= 12, 'at most 12 numbers');
export const claimStep = z.strictObject({
  code: z.enum(claimStepCodes),
  verdict: z.enum(stepVerdicts),
  /** Number of the item, where it is about one. */
  item: z.int().positive().optional(),
  /** Which one of its kind: a rule's id, a category, a tier, a fault, a signal. */
  subject: z.string().min(1).max(64).optional(),
  reason: claimReason.optional(),
  /** The insurer's own words, of a rule. */
  words: z.string().min(1).max(300).optional(),
  numbers: stepNumbers,
});
export type ClaimStep = z.infer<typeof claimStep>;

const part = z.union([
  z.strictObject({ url: z.enum(['code', 'verdict', 'reason']), valueCode: z.string().max(64) }),
  z.strictObject({ url: z.enum(['subject', 'words']), valueString: z.string().min(1).max(300) }),
  z.strictObject({ url: z.literal('item'), valuePositiveInt: z.int().positive() }),
  z.strictObject({ url: z.string().regex(/^number:/), valueDecimal: z.int() }),
]);
/** A step as an extension of an ExplanationOfBenefit. */
export const stepExtension = z
  .strictObject({ url: z.literal(systems.claimStep), extension: z.array(part).min(2).max(20) })
  .refine(
    ({ extension }) => new Set(extension.map(({ url }) => url)).size === extension.length,
    'must name each part once',
  )
  .refine((extension) => claimStep.safeParse(read(extension)).success, 'must be a step of a decision');
type StepExtension = z.infer<typeof stepExtension>;

export const writeStep = (step: ClaimStep): StepExtension => ({
  url: systems.claimStep,
  extension: [
    { url: 'code', valueCode: step.code },
    { url: 'verdict', valueCode: step.verdict },
    ...(step.reason === undefined ? [] : [{ url: 'reason' as const, valueCode: step.reason }]),
    ...(step.item === undefined ? [] : [{ url: 'item' as const, valuePositiveInt: step.item }]),
    ...(step.subject === undefined ? [] : [{ url: 'subject' as const, valueString: step.subject }]),
    ...(step.words === undefined ? [] : [{ url: 'words' as const, valueString: step.words }]),
    ...Object.entries(step.numbers).map(([name, valueDecimal]) => ({ url: `number:${name}`, valueDecimal })),
  ],
});

function read({ extension }: { extension: readonly z.infer<typeof part>[] }): Record<string, unknown> {
  const numbers: Record<string, number> = {};
  const step: Record<string, unknown> = { numbers };
  for (const each of extension) {
    if ('valueDecimal' in each) numbers[each.url.slice('number:'.length)] = each.valueDecimal;
    else if ('valueCode' in each) step[each.url] = each.valueCode;
    else if ('valueString' in each) step[each.url] = each.valueString;
    else step[each.url] = each.valuePositiveInt;
  }
  return step;
}
export const readStep = (extension: StepExtension): ClaimStep => claimStep.parse(read(extension));
