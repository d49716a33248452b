import { BaseError, decodeEventLog, type Hex, isAddressEqual, TransactionReceiptNotFoundError } from 'viem';
import type { Claim, Payer, PaymentReceipt } from '#chaincode/model/claim.ts';
import { careSettlementAbi } from '#contracts/abi/careSettlement.ts';
import { institutionHash } from '#contracts/typedData.ts';
import { ConnectorError } from '../errors.ts';
import type { ClaimsLedger } from './claimsLedger.ts';
import { asked, referenceHex, type SettlementClient } from './settlement.ts';

/** As the contract numbers them. */
const payers: readonly Payer[] = ['insurer', 'patient', 'assistance'];

const refuse = (detail: string) => new ConnectorError('INVALID_ARGUMENT', detail);

/**
 * Anchors a payment or refund on its claim, after this insurer's own node has shown that it is there, final, and exactly what is said of it:
 * whoever brings it is believed in nothing. What is anchored on it already is done. Throws NOT_FOUND, WRONG_STATE (not final
 * yet), INVALID_ARGUMENT, ALREADY_EXISTS where another claim has it, and the ledger's other refusals.
 */
export async function anchorReceipt(
  receipt: PaymentReceipt,
  of: {
    insurer: string;
    ledger: Pick<ClaimsLedger, 'claim' | 'anchor'>;
    client: () => Promise<SettlementClient>;
    confirmations: number;
  },
): Promise<{ anchored: true }> {
  const claim = await of.ledger.claim(receipt.claim);
  const client = await of.client();
  if (claim.currency !== client.access.currency) throw refuse('claim: the coin stands for another currency');
  await requireFinal(receipt, client, of.confirmations);
  await requireLog(receipt, claim, of.insurer, client);
  try {
    await of.ledger.anchor(receipt);
  } catch (error) {
    if (!(error instanceof ConnectorError && error.code === 'ALREADY_EXISTS')) throw error;
    const { receipts } = await of.ledger.claim(receipt.claim);
    if (!receipts.some((one) => isSame(one, receipt))) throw error;
  }
  return { anchored: true };
}

type Entry = Omit<PaymentReceipt, 'claim'>;

/** Whether both are of one log entry. */
const isSame = (a: Entry, b: Entry) =>
  a.chainId === b.chainId &&
  a.contract === b.contract &&
  a.transactionHash === b.transactionHash &&
  a.logIndex === b.logIndex;

async function mined(hash: Hex, { chain }: SettlementClient) {
  try {
    return await chain.getTransactionReceipt({ hash });
  } catch (cause) {
    const isMissing = cause instanceof BaseError && cause.walk((one) => one instanceof TransactionReceiptNotFoundError);
    if (isMissing) throw new ConnectorError('NOT_FOUND', `there is no transaction ${hash}`, { cause });
    throw cause;
  }
}

async function requireFinal(receipt: PaymentReceipt, client: SettlementClient, confirmations: number): Promise<void> {
  const { chain } = client;
  const [block, head] = await asked(() =>
    Promise.all([chain.getBlock({ blockNumber: BigInt(receipt.blockNumber) }), chain.getBlockNumber({ cacheTime: 0 })]),
  );
  if (chain.chain.id !== receipt.chainId) throw refuse('chainId: another chain');
  if (block.hash !== receipt.blockHash) throw refuse('blockHash: the chain has another block there');
  if (head < block.number + BigInt(confirmations)) {
    throw new ConnectorError('WRONG_STATE', `${head - block.number} of ${confirmations} blocks are on top of it`);
  }
}

async function requireLog(receipt: PaymentReceipt, claim: Claim, insurer: string, client: SettlementClient) {
  const { contract, access, unit } = client;
  const found = await asked(() => mined(receipt.transactionHash as Hex, client));
  const log = found.logs.find(({ logIndex }) => logIndex === receipt.logIndex);
  if (log === undefined || found.blockHash !== receipt.blockHash) throw refuse('logIndex: there is no such entry');
  if (!isAddressEqual(log.address, contract.address) || receipt.contract !== contract.address.toLowerCase()) {
    throw refuse('contract: another one');
  }
  const { eventName, args } = decodeEventLog({ abi: careSettlementAbi, data: log.data, topics: log.topics });
  if (eventName !== (receipt.kind === 'payment' ? 'Paid' : 'Refunded') || !('kind' in args)) {
    throw refuse(`kind: the entry is ${eventName}`);
  }
  if (args.claim !== referenceHex(claim)) throw refuse('claim: the entry is of another');
  if (args.insurer !== institutionHash(insurer) || args.payee !== institutionHash(claim.provider)) {
    throw refuse('claim: the entry is between others');
  }
  if (payers[args.kind] !== receipt.payer) throw refuse('payer: another one');
  if (!isAddressEqual(args.coin, access.coin)) throw refuse('coin: it stands for no currency');
  if (args.amount !== BigInt(receipt.amount) * unit) throw refuse('amount: another one');
}
