import { encodeFunctionData, erc20Abi, type Hex } from 'viem';
import { assistanceFundAbi as abi } from '#contracts/abi/assistanceFund.ts';
import type { FundReport, FundState, RuleSetting } from '#server/fund/schema.ts';
import type { ContractCall, WalletCall } from './checkCall.ts';

/** What the authority's people and donors send to `AssistanceFund` by a wallet. */

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

/** Both calls of a gift of so many hundredths, in their order: the coin's that lets the fund take it, and the fund's. `tag`: 32 bytes. */
export function giftCalls(
  { address, coinAddress, unit }: Pick<FundReport, 'address' | 'coinAddress' | 'unit'>,
  hundredths: number,
  tag: Hex,
): { amount: bigint; approve: ContractCall; give: ContractCall } {
  const amount = BigInt(hundredths) * BigInt(unit);
  const approval = encodeFunctionData({ abi: erc20Abi, functionName: 'approve', args: [address, amount] });
  return {
    amount,
    approve: { to: coinAddress, data: approval },
    give: { to: address, data: encodeFunctionData({ abi, functionName: 'give', args: [amount, tag] }) },
  };
}
