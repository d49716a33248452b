import {
  type Account,
  type Address,
  BaseError,
  type Chain,
  createWalletClient,
  type Hex,
  type HttpTransport,
  http,
  type PublicClient,
  type WalletClient,
} from 'viem';
import { privateKeyToAccount } from 'viem/accounts';
import type { Claim, PaymentReceipt } from '#chaincode/model/claim.ts';
import { decisionInForce } from '#chaincode/model/usage.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { testCoinAbi } from '#contracts/abi/testCoin.ts';
import { institutionHash, type Quote, quoteTypes, reversalTypes, settlementDomain } from '#contracts/typedData.ts';
import { ConnectorError } from '../errors.ts';
import { openChain } from '../ethereum/chain.ts';

/** `CareSettlement`, as the insurer's signer and spender. */

export interface SettlementAccess {
  rpcUrl: string;
  address: Address;
  /** ERC-20 token of at least two decimals. */
  coin: Address;
  /** What the coin stands for, one for one: ISO 4217. */
  currency: string;
  /** The block of the contract's deployment: nothing before it is read. */
  fromBlock: number;
  /** Signs quotes, and pays from the insurer's account. */
  key: Hex;
}

export interface SettlementClient {
  access: SettlementAccess;
  chain: PublicClient<HttpTransport, Chain>;
  wallet: WalletClient<HttpTransport, Chain, Account>;
  contract: { address: Address; abi: typeof careSettlementAbi };
  /** The coin's smallest units in one minor unit of the currency. */
  unit: bigint;
}

export type SignedQuote = readonly [quote: Quote, signature: Hex];

/** So long after a decision its quote can be paid by, in seconds. */
const quotedForSeconds = 365 * 86_400;

/** Throws ETHEREUM_UNAVAILABLE. */
export function openSettlement(access: SettlementAccess): () => Promise<SettlementClient> {
  let opened: Promise<SettlementClient> | undefined;
  return () => {
    opened ??= open(access);
    opened.catch(() => {
      opened = undefined;
    });
    return opened;
  };
}

const open = (access: SettlementAccess): Promise<SettlementClient> =>
  asked(async () => {
    const chain = await openChain(access.rpcUrl);
    const decimals = await chain.readContract({ address: access.coin, abi: testCoinAbi, functionName: 'decimals' });
    if (decimals < 2) throw new RangeError('The coin has fewer than two decimals.');
    const transport = http(access.rpcUrl, { timeout: 10_000 });
    const wallet = createWalletClient({ account: privateKeyToAccount(access.key), chain: chain.chain, transport });
    const contract = { address: access.address, abi: careSettlementAbi };
    return { access, chain, wallet, contract, unit: 10n ** BigInt(decimals - 2) };
  });

/** What the chain does not answer is ETHEREUM_UNAVAILABLE; its refusals are, too: whoever needs to know them asks by simulation. */
export async function asked<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (cause) {
    if (!(cause instanceof BaseError)) throw cause;
    throw new ConnectorError('ETHEREUM_UNAVAILABLE', 'the settlement contract does not answer', { cause });
  }
}

export const referenceHex = ({ reference }: Pick<Claim, 'reference'>): Hex => `0x${reference}`;

/**
 * What is to be paid for a decided claim, signed: the same for the same state of the claim, whenever it is asked for. What was taken in cash
 * is no part of it while nothing of the patient's share is paid on the chain, nor what was paid on a contract before this one. Throws NOT_AUTHORISED for another insurer's claim, WRONG_STATE
 * where nothing is to be paid, or not in this coin.
 */
export async function quoteFor(claim: Claim, insurer: string, client: SettlementClient): Promise<SignedQuote> {
  const { contract, chain, wallet, access, unit } = client;
  if (claim.insurer !== insurer) throw new ConnectorError('NOT_AUTHORISED', `${claim.id} is of another insurer`);
  if (claim.currency !== access.currency) {
    throw new ConnectorError('WRONG_STATE', `${claim.id} is in ${claim.currency}, and the coin is ${access.currency}`);
  }
  const decision = decisionInForce(claim);
  const isPayable = ['approved', 'partlyApproved', 'settled', 'anchored'].includes(claim.state);
  if (decision === undefined || !isPayable || claim.use !== 'claim') {
    throw new ConnectorError('WRONG_STATE', `nothing is to be paid for ${claim.id}: it is ${claim.state}`);
  }
  const of = [referenceHex(claim), institutionHash(insurer)] as const;
  const bill = await asked(() => chain.readContract({ ...contract, functionName: 'billOf', args: of }));
  const plain = claim.decisions.length * 2;
  const isLess = claim.cash !== undefined && (bill.patientPaid === 0n || bill.version === plain + 1);
  // After an appeal more may have been taken than is owed.
  const taken = (isLess ? (claim.cash?.amount ?? 0) : 0) + paidElsewhere(claim, contract.address, isPatients);
  const patient = Math.max(0, decision.patient - taken);
  const share = Math.max(0, decision.insurer - paidElsewhere(claim, contract.address, isInsurers));
  const message: Quote = {
    ...{ claim: of[0], insurer: of[1], payee: institutionHash(claim.provider) },
    ...{ coin: access.coin, insurerAmount: BigInt(share) * unit, patientAmount: BigInt(patient) * unit },
    ...{ version: plain + (isLess ? 1 : 0), expires: Math.floor(Date.parse(decision.at) / 1_000) + quotedForSeconds },
  };
  const domain = settlementDomain(chain.chain.id, contract.address);
  return [message, await wallet.signTypedData({ domain, types: quoteTypes, primaryType: 'Quote', message })];
}

type Payer = PaymentReceipt['payer'];
const isInsurers = (payer: Payer) => payer === 'insurer';
const isPatients = (payer: Payer) => payer !== 'insurer';

/** What a settlement that was replaced by `address` has paid, refunds taken off, in minor units. */
function paidElsewhere({ receipts }: Claim, address: Address, isOf: (payer: Payer) => boolean): number {
  return receipts
    .filter(({ contract, payer }) => isOf(payer) && contract.toLowerCase() !== address.toLowerCase())
    .reduce((sum, { kind, amount }) => sum + (kind === 'payment' ? amount : -amount), 0);
}

/**
 * Ends a claim's payments on the chain for good, where that was not done. Answers whether the chain shows it; what is sent now may be taken
 * back, and is seen with a later look.
 */
export async function endPayments(claim: Claim, insurer: string, client: SettlementClient): Promise<boolean> {
  const { contract, chain, wallet } = client;
  const message = { claim: referenceHex(claim), insurer: institutionHash(insurer) };
  const of = [message.claim, message.insurer] as const;
  const bill = await asked(() => chain.readContract({ ...contract, functionName: 'billOf', args: of }));
  if (bill.reversed) return true;
  const domain = settlementDomain(chain.chain.id, contract.address);
  const signature = await wallet.signTypedData({ domain, types: reversalTypes, primaryType: 'Reversal', message });
  const args = [message.claim, message.insurer, signature] as const;
  const hash = await asked(() => wallet.writeContract({ ...contract, functionName: 'reverse', args }));
  await asked(() => chain.waitForTransactionReceipt({ hash, timeout: 60_000 }));
  return false;
}
