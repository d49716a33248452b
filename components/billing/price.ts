import type { PlanTerms } from '#chaincode/model/plan.ts';

/** The most that a plan pays for so many units, in minor units; undefined where it lists none. Halves are rounded up. */
export function listedPrice({ prices }: Pick<PlanTerms, 'prices'>, code: string, quantity: number): number | undefined {
  const listed = prices.find((each) => each.code === code);
  return listed && Math.floor((listed.price * quantity * 2 + listed.per) / (listed.per * 2));
}

/** An amount as it is typed, with a point or comma, in minor units; undefined for what is none. */
export function parseAmount(typed: string): number | undefined {
  const match = /^(\d{1,8})(?:[.,](\d{1,2}))?$/.exec(typed.trim());
  if (match === null) return undefined;
  const minor = Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0'));
  return minor > 0 ? minor : undefined;
}

/** An amount in minor units, as a field begins with it. */
export const typedAmount = (minor: number): string => (minor / 100).toFixed(2);
