import { encodeFunctionData } from 'viem';
import { assistanceFundAbi as abi } from '#contracts/abi/assistanceFund.ts';
import type { FundState, RuleSetting } from '#server/fund/schema.ts';
import type { WalletCall } from './checkCall.ts';

/** What the authority's people send to `AssistanceFund` by a wallet. */

/** What officers are held to: amounts in minor units, times in days. */
export type FundLimits = Pick<FundState, 'perGrant' | 'perBeneficiary' | 'perPeriod' | 'periodDays' | 'grantLifeDays'>;

const daySeconds = 86_400;

/** Sets the fund's rules for what is granted from then on. */
export function rulesCall(
  { fund, unit }: Pick<RuleSetting, 'fund' | 'unit'>,
  { perGrant, perBeneficiary, perPeriod, periodDays, grantLifeDays }: FundLimits,
): WalletCall {
  const unitsOf = (minor: number) => BigInt(minor) * BigInt(unit);
  const rules = {
    ...{ perGrant: unitsOf(perGrant), perBeneficiary: unitsOf(perBeneficiary), perPeriod: unitsOf(perPeriod) },
    ...{ period: periodDays * daySeconds, grantLife: grantLifeDays * daySeconds },
  };
  return { to: fund, data: encodeFunctionData({ abi, functionName: 'setRules', args: [rules] }) };
}
