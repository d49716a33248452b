import { type Address, encodeFunctionData, isAddressEqual, zeroAddress } from 'viem';
import { readContract } from 'viem/actions';
import type { WalletConfig } from '#components/wallet/config.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { AccountWallet, PaidIn } from '#server/claims/schema.ts';
import { chainOf, type WalletCall } from './checkCall.ts';
import { unitsOf } from './settlementCalls.ts';
import { WalletProblem } from './walletProblem.ts';

/** What an insurer's treasurer sends to `CareSettlement` by a wallet. What sets the whole of something asks the chain beforehand. */

const abi = careSettlementAbi;

/** The most that leaves the account in a day, and above which a second person releases. */
export interface Limits<Amount> {
  perDay: Amount;
  releaseAbove: Amount;
}

/** `limits`: in the coin's smallest unit. */
export function limitsCall({ settlement, coin }: PaidIn, insurer: string, limits: Limits<bigint>): WalletCall {
  const args = [institutionHash(insurer), coin, limits.perDay, limits.releaseAbove] as const;
  return { to: settlement, data: encodeFunctionData({ abi, functionName: 'setLimits', args }) };
}

export type MayDo = Pick<AccountWallet, 'spends' | 'releases'>;

/** Says what a wallet may do for an insurer: neither takes all away. */
export function rightsCall(
  { settlement }: PaidIn,
  insurer: string,
  account: Address,
  { spends, releases }: MayDo,
): WalletCall {
  const args = [institutionHash(insurer), account, spends, releases] as const;
  return { to: settlement, data: encodeFunctionData({ abi, functionName: 'setRights', args }) };
}

/** Says who signs an insurer's quotes. */
export function signerCall({ settlement }: PaidIn, insurer: string, signer: Address): WalletCall {
  const args = [institutionHash(insurer), signer] as const;
  return { to: settlement, data: encodeFunctionData({ abi, functionName: 'setSigner', args }) };
}

/** Takes money out of an insurer's account, to its treasurer; `minor`: in minor units. */
export function withdrawFundsCall(paidIn: PaidIn, insurer: string, minor: number): WalletCall {
  const args = [institutionHash(insurer), paidIn.coin, unitsOf(minor, paidIn)] as const;
  return { to: paidIn.settlement, data: encodeFunctionData({ abi, functionName: 'withdrawFunds', args }) };
}

/**
 * Sets the limits that are wanted anew, and leaves the others to the last unit as the chain has them; amounts in minor units. Throws a
 * `WalletProblem`: CHANGED where they are not what the person began with.
 */
export async function limitsAnew(
  config: WalletConfig,
  paidIn: PaidIn,
  insurer: string,
  { began, wanted }: { began: Limits<number>; wanted: Partial<Limits<number>> },
): Promise<WalletCall> {
  const args = [institutionHash(insurer), paidIn.coin] as const;
  const call = { address: paidIn.settlement, abi, functionName: 'purseOf', args } as const;
  const now = await readContract(chainOf(config), call);
  const isAsBegun = (name: keyof Limits<number>) => Number(now[name] / BigInt(paidIn.unit)) === began[name];
  if (!isAsBegun('perDay') || !isAsBegun('releaseAbove')) throw new WalletProblem('CHANGED');
  const limitOf = (name: keyof Limits<number>) => {
    const minor = wanted[name];
    return minor === undefined ? now[name] : unitsOf(minor, paidIn);
  };
  return limitsCall(paidIn, insurer, { perDay: limitOf('perDay'), releaseAbove: limitOf('releaseAbove') });
}

/** Likewise what a wallet may do. `began`: undefined where the person was told of nothing that could be changed meanwhile. */
export async function rightsAnew(
  config: WalletConfig,
  paidIn: PaidIn,
  insurer: string,
  { account, began, wanted }: { account: Address; began: MayDo | undefined; wanted: MayDo },
): Promise<WalletCall> {
  const args = [institutionHash(insurer), account] as const;
  const call = { address: paidIn.settlement, abi, functionName: 'rightsOf', args } as const;
  const [spends, releases] = await readContract(chainOf(config), call);
  if (began !== undefined && (began.spends !== spends || began.releases !== releases))
    throw new WalletProblem('CHANGED');
  return rightsCall(paidIn, insurer, account, wanted);
}

/** Likewise who signs quotes. `began`: null where nobody did. */
export async function signerAnew(
  config: WalletConfig,
  paidIn: PaidIn,
  insurer: string,
  { began, wanted }: { began: Address | null; wanted: Address },
): Promise<WalletCall> {
  const args = [institutionHash(insurer)] as const;
  const call = { address: paidIn.settlement, abi, functionName: 'insurerOf', args } as const;
  const [, signer] = await readContract(chainOf(config), call);
  if (!isAddressEqual(signer, began ?? zeroAddress)) throw new WalletProblem('CHANGED');
  return signerCall(paidIn, insurer, wanted);
}
