import { createHash } from 'node:crypto';
import type {
  Contract,
  Network,
  ProposalOptions,
  SubmittedTransaction,
  Transaction,
} from '@hyperledger/fabric-gateway';
import { common, ledger as ledgerProtos, msp } from '@hyperledger/fabric-protos';
import { validationCodes } from '../devnet/ledger/block.ts';
import { type EndorserTransaction, readEndorserTransaction, readHeaders } from '../devnet/ledger/transaction.ts';
import { readSets, type Sets } from './sets.ts';

/** A transaction as it stands in its block. */
export interface Committed {
  txId: string;
  code: number;
  blockNumber: bigint;
  /** Its place in the block. */
  index: number;
  /** Whether it shares the block with others. */
  alone: boolean;
  /** What the chaincode answered. */
  result: Uint8Array;
  transaction: EndorserTransaction;
  /** MSPs of the endorsers, sorted. */
  endorsers: string[];
  sets: Sets;
}

/** The block with this number. */
export async function blockAt(network: Network, number: bigint): Promise<common.Block> {
  const blocks = await network.getBlockEvents({ startBlock: number });
  try {
    for await (const block of blocks) return block;
    throw new Error(`there is no block ${number}`);
  } finally {
    blocks.close();
  }
}

export function envelopesOf(block: common.Block): common.Envelope[] {
  return (block.getData()?.getDataList_asU8() ?? []).map((bytes) => common.Envelope.deserializeBinary(bytes));
}

export function txIdOf(envelope: common.Envelope): string {
  return readHeaders(common.Payload.deserializeBinary(envelope.getPayload_asU8())).channelHeader.getTxId();
}

/** Endorses, submits, waits for the commit, and reads the transaction from its block. */
export async function commit(
  network: Network,
  contract: Contract,
  [name = '', ...args]: readonly string[],
  options: Omit<ProposalOptions, 'arguments'> = {},
): Promise<Committed> {
  const transaction = await contract.newProposal(name, { ...options, arguments: [...args] }).endorse();
  return settled(network, await transaction.submit());
}

/** Waits for the commit of a transaction and reads it from its block, whatever its validation code. */
export async function settled(network: Network, submitted: SubmittedTransaction): Promise<Committed> {
  const { blockNumber, transactionId, code } = await submitted.getStatus();
  const block = await blockAt(network, blockNumber);
  const envelopes = envelopesOf(block);
  const index = envelopes.findIndex((envelope) => txIdOf(envelope) === transactionId);
  const envelope = envelopes[index];
  if (!envelope) throw new Error(`block ${blockNumber} does not hold ${transactionId}`);
  if (validationCodes(block)[index] !== code) throw new Error(`the status of ${transactionId} is not the block's`);
  const transaction = readEndorserTransaction(common.Payload.deserializeBinary(envelope.getPayload_asU8()));
  return {
    txId: transactionId,
    code,
    blockNumber,
    index,
    alone: envelopes.length === 1,
    result: submitted.getResult(),
    transaction,
    endorsers: transaction.endorsements
      .map((endorsement) => msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8()).getMspid())
      .sort(),
    sets: readSets(transaction.action.getResults_asU8()),
  };
}

/** The place of a committed transaction, as `sets` writes versions. */
export function at({ blockNumber, index }: Pick<Committed, 'blockNumber' | 'index'>): string {
  return `${blockNumber}.${index}`;
}

/**
 * Endorses transactions and submits them at once until they come into one block and in this order: the orderer cuts by
 * time, and calls may overtake each other. `arrange` gets the number of the attempt, for fresh keys.
 */
export async function inOneBlock(
  network: Network,
  arrange: (attempt: string) => Promise<Transaction[]>,
): Promise<{ attempt: string; outcomes: Committed[] }> {
  for (let attempt = 0; attempt < 40; attempt += 1) {
    const endorsed = await arrange(String(attempt));
    const submitted = await Promise.all(endorsed.map((transaction) => transaction.submit()));
    const outcomes = await Promise.all(submitted.map((transaction) => settled(network, transaction)));
    const [first] = outcomes;
    const together = outcomes.every(({ blockNumber }) => blockNumber === first?.blockNumber);
    const inOrder = outcomes.every(({ index }, at) => at === 0 || index > (outcomes[at - 1]?.index ?? 0));
    if (together && inOrder) return { attempt: String(attempt), outcomes };
  }
  throw new Error('the transactions never came into one block');
}

export function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex');
}

/** The bytes of a namespace's public reads and writes, in hex. */
export function publicSetBytes({ transaction }: Committed, namespace: string): string {
  const sets = ledgerProtos.rwset.TxReadWriteSet.deserializeBinary(transaction.action.getResults_asU8());
  const found = sets.getNsRwsetList().find((set) => set.getNamespace() === namespace);
  return Buffer.from(found?.getRwset_asU8() ?? []).toString('hex');
}
