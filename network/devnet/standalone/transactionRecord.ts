import { common, type ledger, msp, peer } from '@hyperledger/fabric-protos';
import { validationCodes } from '../ledger/block.ts';
import { type NamespaceChanges, readChanges } from '../ledger/changes.ts';
import { readEndorserTransaction, readHeaders } from '../ledger/transaction.ts';

/** Where a value was written that a transaction has read: block and place in it; null where there was none. */
type ReadVersion = string | null;

/**
 * What one transaction read and wrote, as everybody on its channel may know it. Values are given by their size and private data
 * by hashes, so that nothing of a private value stands in it.
 */
export interface TransactionRecord {
  channel: string;
  block: number;
  tx: number;
  txId: string;
  /** Name of the validation code, such as VALID or MVCC_READ_CONFLICT. */
  code: string;
  /** When the client says that it proposed it, in ISO 8601. */
  time: string | undefined;
  /** The creator's MSP. */
  creator: string;
  /** HeaderType's name, such as ENDORSER_TRANSACTION or CONFIG. */
  type: string;
  chaincode: string;
  /** The first argument, where it can be printed. */
  function: string | undefined;
  reads: { chaincode: string; key: string; version: ReadVersion }[];
  ranges: { chaincode: string; start: string; end: string; keys: number | undefined }[];
  writes: { chaincode: string; key: string; bytes: number; deleted: boolean }[];
  /** Keys whose metadata, such as an endorsement policy of their own, was written. */
  metadata: { chaincode: string; key: string }[];
  privateReads: { chaincode: string; collection: string; keyHash: string; version: ReadVersion }[];
  privateWrites: {
    chaincode: string;
    collection: string;
    keyHash: string;
    valueHash: string;
    change: 'put' | 'delete' | 'purge';
  }[];
  event: { name: string; bytes: number } | undefined;
}

const nameOf = (names: object, value: number): string =>
  Object.entries(names).find(([, number]) => number === value)?.[0] ?? String(value);

/** The records of a block's transactions, in order. */
export function blockRecords(channel: string, block: common.Block): TransactionRecord[] {
  const codes = validationCodes(block);
  const number = block.getHeader()?.getNumber() ?? 0;
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  return envelopes.map((envelope, tx) => record({ channel, number, tx, code: codes[tx] ?? 255, envelope }));
}

function record(place: {
  channel: string;
  number: number;
  tx: number;
  code: number;
  envelope: Uint8Array;
}): TransactionRecord {
  const { channel, number, tx, code, envelope } = place;
  const result: TransactionRecord = {
    ...{ channel, block: number, tx, txId: '', code: nameOf(peer.TxValidationCode, code), time: undefined },
    ...{ creator: '', type: '', chaincode: '', function: undefined, event: undefined },
    ...{ reads: [], ranges: [], writes: [], metadata: [], privateReads: [], privateWrites: [] },
  };
  try {
    fill(result, common.Payload.deserializeBinary(common.Envelope.deserializeBinary(envelope).getPayload_asU8()));
  } catch (error) {
    // What cannot be read has a code that says so; what was found before is told.
    if (code === peer.TxValidationCode.VALID) throw error;
  }
  return result;
}

function fill(result: TransactionRecord, payload: common.Payload): void {
  const { channelHeader, signatureHeader } = readHeaders(payload);
  result.txId = channelHeader.getTxId();
  result.type = nameOf(common.HeaderType, channelHeader.getType());
  result.time = channelHeader.getTimestamp()?.toDate().toISOString();
  result.creator = msp.SerializedIdentity.deserializeBinary(signatureHeader.getCreator_asU8()).getMspid();
  if (channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return;
  const transaction = readEndorserTransaction(payload);
  result.chaincode = transaction.chaincodeName;
  result.function = functionOf(payload);
  const { event } = transaction;
  if (event) result.event = { name: event.getEventName(), bytes: event.getPayload_asU8().length };
  for (const changes of readChanges(transaction.action.getResults_asU8())) {
    addPublic(result, changes);
    addPrivate(result, changes);
  }
}

function versionOf(version: ledger.rwset.kvrwset.Version | undefined): ReadVersion {
  return version ? `${version.getBlockNum()}.${version.getTxNum()}` : null;
}

function addPublic(result: TransactionRecord, { namespace: chaincode, content }: NamespaceChanges): void {
  for (const read of content.getReadsList())
    result.reads.push({ chaincode, key: read.getKey(), version: versionOf(read.getVersion()) });
  for (const range of content.getRangeQueriesInfoList())
    result.ranges.push({
      chaincode,
      start: range.getStartKey(),
      end: range.getEndKey(),
      keys: range.getRawReads()?.getKvReadsList().length,
    });
  for (const write of content.getWritesList())
    result.writes.push({
      chaincode,
      key: write.getKey(),
      bytes: write.getValue_asU8().length,
      deleted: write.getIsDelete(),
    });
  for (const write of content.getMetadataWritesList()) result.metadata.push({ chaincode, key: write.getKey() });
}

function addPrivate(result: TransactionRecord, { namespace: chaincode, collections }: NamespaceChanges): void {
  const hex = (bytes: Uint8Array) => Buffer.from(bytes).toString('hex');
  for (const { name: collection, hashed } of collections) {
    for (const read of hashed.getHashedReadsList())
      result.privateReads.push({
        ...{ chaincode, collection, keyHash: hex(read.getKeyHash_asU8()), version: versionOf(read.getVersion()) },
      });
    for (const write of hashed.getHashedWritesList())
      result.privateWrites.push({
        ...{ chaincode, collection, keyHash: hex(write.getKeyHash_asU8()) },
        valueHash: hex(write.getValueHash_asU8()),
        change: write.getIsPurge() ? 'purge' : write.getIsDelete() ? 'delete' : 'put',
      });
  }
}

function functionOf(payload: common.Payload): string | undefined {
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const proposal = peer.ChaincodeProposalPayload.deserializeBinary(
    peer.ChaincodeActionPayload.deserializeBinary(
      action?.getPayload_asU8() ?? new Uint8Array(),
    ).getChaincodeProposalPayload_asU8(),
  );
  const [name] =
    peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8())
      .getChaincodeSpec()
      ?.getInput()
      ?.getArgsList_asU8() ?? [];
  const text = name && Buffer.from(name).toString();
  return text && text.length <= 200 && isPrintable(text) ? text : undefined;
}

export function isPrintable(text: string): boolean {
  return /^[^\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\ufffd]*$/u.test(text);
}
