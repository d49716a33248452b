import { type Address, encodeFunctionData, type Hex } from 'viem';
import { readContract } from 'viem/actions';
import type { WalletConfig } from '#components/wallet/config.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { institutionHash } from '#contracts/typedData.ts';
import type { GiveBack, PaidIn, Release, ShareTerms, Takings } from '#server/claims/schema.ts';
import { chainOf, type WalletCall } from './checkCall.ts';
import { WalletProblem } from './walletProblem.ts';

/** What people of insurers and providers send to `CareSettlement` by a wallet. */

const abi = careSettlementAbi;
const payerNumbers = { insurer: 0, patient: 1, assistance: 2 } as const satisfies Record<GiveBack['payer'], number>;
const referenceHex = ({ reference }: { reference: string }): Hex => `0x${reference}`;
export const unitsOf = (minor: number, { unit }: Pick<PaidIn, 'unit'>): bigint => BigInt(minor) * BigInt(unit);

/** Releases what another person has proposed to pay. */
export function releaseCall(
  { settlement }: PaidIn,
  release: Pick<Release, 'reference'>,
  insurer: string,
  version: number,
): WalletCall {
  const args = [referenceHex(release), institutionHash(insurer), version] as const;
  return { to: settlement, data: encodeFunctionData({ abi, functionName: 'release', args }) };
}

/** Pays what is left of an insurer's share with the wallet's coins. */
export function payShareCall({ paidIn, quote: said, signature, left }: ShareTerms): WalletCall {
  const amount = BigInt(left);
  const quote = { ...said, insurerAmount: BigInt(said.insurerAmount), patientAmount: BigInt(said.patientAmount) };
  const args = [quote, signature, amount] as const;
  return {
    ...{ to: paidIn.settlement, data: encodeFunctionData({ abi, functionName: 'payShare', args }) },
    takes: { coin: paidIn.coin, amount },
  };
}

/** Pays into an insurer's account; `minor`: in minor units. */
export function depositCall(paidIn: PaidIn, insurer: string, minor: number): WalletCall {
  const amount = unitsOf(minor, paidIn);
  const args = [institutionHash(insurer), paidIn.coin, amount] as const;
  return {
    ...{ to: paidIn.settlement, data: encodeFunctionData({ abi, functionName: 'deposit', args }) },
    takes: { coin: paidIn.coin, amount },
  };
}

/** Takes out all that a provider was paid, to its payout address. */
export function withdrawCall({ paidIn, payee, withdrawable }: Takings): WalletCall {
  const args = [payee, paidIn.coin, BigInt(withdrawable)] as const;
  return { to: paidIn.settlement, data: encodeFunctionData({ abi, functionName: 'withdraw', args }) };
}

/** Gives a payer's money back: from what lies there for the provider where that is enough, else from the wallet. */
export function giveBackCall({ paidIn, withdrawable }: Takings, owed: Omit<GiveBack, 'paid'>): WalletCall {
  const amount = unitsOf(owed.amount, paidIn);
  const fromWallet = BigInt(withdrawable) < amount;
  const payer = owed.from as Address;
  const args = [referenceHex(owed), owed.insurer, payerNumbers[owed.payer], payer, amount, fromWallet] as const;
  return {
    ...{ to: paidIn.settlement, data: encodeFunctionData({ abi, functionName: 'refund', args }) },
    ...(fromWallet && { takes: { coin: paidIn.coin, amount } }),
  };
}

/**
 * The same, once the chain has said that so much is paid as was listed: what is kept of it follows it late, and the contract would take a
 * part of a payment twice. Throws a `WalletProblem`.
 */
export async function giveBackOnce(config: WalletConfig, takings: Takings, owed: GiveBack): Promise<WalletCall> {
  const { settlement: address } = takings.paidIn;
  const args = [referenceHex(owed), owed.insurer] as const;
  const bill = await readContract(chainOf(config), { address, abi, functionName: 'billOf', args });
  const paid = owed.payer === 'insurer' ? bill.insurerPaid : bill.patientPaid;
  if (paid !== unitsOf(owed.paid, takings.paidIn)) throw new WalletProblem('REFUSED', { refusal: 'NotPaid' });
  return giveBackCall(takings, owed);
}
