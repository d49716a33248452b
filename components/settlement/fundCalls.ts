import { encodeFunctionData, erc20Abi, type Hex } from 'viem';
import { readContract } from 'viem/actions';
import type { WalletConfig } from '#components/wallet/config.ts';
import { assistanceFundAbi as abi } from '#contracts/abi/assistanceFund.ts';
import type { FundReport, HeldRules, RuleSetting } from '#server/fund/schema.ts';
import { type ContractCall, chainOf, type WalletCall } from './checkCall.ts';
import { WalletProblem } from './walletProblem.ts';

/** What the authority's people and donors send to `AssistanceFund` by a wallet. */

/** Sets the fund's rules for what is granted from then on. */
export function rulesCall(
  { fund }: Pick<RuleSetting, 'fund'>,
  { perGrant, perBeneficiary, perPeriod, period, grantLife }: HeldRules,
): WalletCall {
  const rules = {
    ...{ perGrant: BigInt(perGrant), perBeneficiary: BigInt(perBeneficiary), perPeriod: BigInt(perPeriod) },
    ...{ period, grantLife },
  };
  return { to: fund, data: encodeFunctionData({ abi, functionName: 'setRules', args: [rules] }) };
}

/**
 * The same, once the chain has said that the rules are those that were shown: they are set as a whole, and another's change would be put
 * back unseen. Throws a `WalletProblem`.
 */
export async function changeRules(
  config: WalletConfig,
  { fund, rules: shown }: Pick<RuleSetting, 'fund' | 'rules'>,
  wanted: HeldRules,
): Promise<WalletCall> {
  const held = await readContract(chainOf(config), { address: fund, abi, functionName: 'rules' });
  const isShown =
    held.perGrant === BigInt(shown.perGrant) &&
    held.perBeneficiary === BigInt(shown.perBeneficiary) &&
    held.perPeriod === BigInt(shown.perPeriod) &&
    held.period === shown.period &&
    held.grantLife === shown.grantLife;
  if (!isShown) throw new WalletProblem('CHANGED');
  return rulesCall({ fund }, wanted);
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
