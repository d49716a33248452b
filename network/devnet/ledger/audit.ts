import { X509Certificate } from 'node:crypto';
import { ledger, msp, peer } from '@hyperledger/fabric-protos';
import { DevnetError } from '../config.ts';
import { verifyLowS } from '../identity/signature.ts';
import { blockSignatures, validationCodes } from './block.ts';
import { damaged, origin, type ReadBlock, readChain, readEnds } from './chain.ts';
import type { Database } from './database.ts';
import { sha256 } from './hash.ts';
import * as keys from './keys.ts';
import { type EnvelopeWrites, readWrites } from './writes.ts';

/** What a channel holds whose ledger is whole. */
export interface Audit {
  height: number;
  transactions: number;
  valid: number;
  /** Keys of the public state, and private values. */
  keys: number;
  privateValues: number;
}

/**
 * Reads all of a channel's ledger: the hash chain, the orderer's signature of each block, the outcome of each transaction, and that
 * history, state and private values are what the valid transactions have written, no more and no less. Throws DevnetError with
 * the first thing that is not so.
 */
export async function auditLedger(channel: string, database: Database, ordererRootPem: string): Promise<Audit> {
  const ends = await readEnds(channel, database);
  const audit = { height: ends?.tip.height ?? 0, transactions: 0, valid: 0, keys: 0, privateValues: 0 };
  const signedBy = ordererCheck(new X509Certificate(ordererRootPem));
  let writes = 0;
  let last = origin;
  for await (const read of readChain(channel, database, origin, audit.height)) {
    last = read.point;
    const number = read.point.height - 1;
    if (!blockSignatures(read.block).some(signedBy)) throw damaged(channel, number, 'the orderer has not signed it');
    const outcome = await auditBlock(channel, database, number, read);
    audit.transactions += outcome.transactions;
    audit.valid += outcome.valid;
    writes += outcome.writes;
  }
  if (ends && !last.hash.equals(ends.tip.hash))
    throw damaged(channel, audit.height - 1, 'its hash is not the recorded one');
  audit.keys = await auditState(channel, database, writes);
  audit.privateValues = await auditPrivate(channel, database);
  return audit;
}

/** Whether a signature is by a certificate of the orderer's CA. Certificates that have expired since count. */
function ordererCheck(root: X509Certificate): (signed: ReturnType<typeof blockSignatures>[number]) => boolean {
  const known = new Map<string, X509Certificate>();
  return ({ creator, message, signature }) => {
    const pem = Buffer.from(msp.SerializedIdentity.deserializeBinary(creator).getIdBytes_asU8()).toString();
    const certificate = known.get(pem) ?? new X509Certificate(pem);
    if (!known.has(pem) && !(certificate.checkIssued(root) && certificate.verify(root.publicKey))) return false;
    known.set(pem, certificate);
    return verifyLowS(certificate.publicKey, message, signature);
  };
}

async function auditBlock(
  channel: string,
  database: Database,
  number: number,
  { block }: ReadBlock,
): Promise<{ transactions: number; valid: number; writes: number }> {
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const codes = validationCodes(block);
  if (codes.length !== envelopes.length) throw damaged(channel, number, 'it has not one outcome for each transaction');
  const outcome = { transactions: envelopes.length, valid: 0, writes: 0 };
  if (number === 0) return outcome; // the channel's configuration
  for (const [tx, envelope] of envelopes.entries()) {
    if (codes[tx] !== peer.TxValidationCode.VALID) continue;
    outcome.valid += 1;
    const transaction = readWrites(envelope);
    if (!transaction) continue; // a configuration
    const wrong = await auditTransaction(database, transaction, { block: number, tx });
    if (wrong) throw damaged(channel, number, `transaction ${transaction.txId}: ${wrong}`);
    outcome.writes += transaction.writes.length;
  }
  return outcome;
}

/** Answers with what is wrong. One id stands for one place, so that none can be valid twice. */
async function auditTransaction(
  database: Database,
  { txId, writes }: EnvelopeWrites,
  version: keys.Version,
): Promise<string | undefined> {
  const status = await database.get(keys.transactionKey(txId));
  if (!status?.equals(keys.encodeVersioned(version, Uint8Array.of(peer.TxValidationCode.VALID))))
    return 'its outcome is recorded otherwise';
  for (const { namespace, key, value, isDelete } of writes) {
    const bytes = await database.get(keys.historyKey(namespace, key, version));
    const change = bytes && ledger.queryresult.KeyModification.deserializeBinary(bytes);
    if (
      !change ||
      change.getTxId() !== txId ||
      change.getIsDelete() !== isDelete ||
      !value.equals(change.getValue_asU8())
    )
      return `the history of ${namespace}/${key} is another`;
  }
  return undefined;
}

/** Compares history and state, which are in the order of their keys; answers with the number of keys of chaincodes. */
async function auditState(channel: string, database: Database, writes: number): Promise<number> {
  const wrong = (what: string) =>
    new DevnetError(`channel ${channel}: the ledger is damaged: ${what}. Nothing was changed.`);
  let entries = 0;
  let live = 0;
  let previous: { key: Buffer; value: Buffer } | undefined;
  const settle = async () => {
    if (!previous) return;
    const { namespace, key } = keys.historySubject(previous.key);
    const change = ledger.queryresult.KeyModification.deserializeBinary(previous.value);
    const current = await database.get(keys.stateKey(namespace, key));
    const { version, value } = current ? keys.decodeVersioned(current) : {};
    // A key's metadata, which history does not tell, raises its version.
    const newer = version && keys.compareVersions(version, keys.trailingVersion(previous.key)) >= 0;
    if (change.getIsDelete() ? current : !newer || !value?.equals(change.getValue_asU8()))
      throw wrong(`the state of ${namespace}/${key} is not what was written last`);
    if (current && !namespace.startsWith('_')) live += 1;
  };
  for await (const [key, value] of database.iterator(keys.wholePrefix(keys.historyKeys))) {
    if (previous && !previous.key.subarray(0, -12).equals(key.subarray(0, -12))) await settle();
    previous = { key, value };
    entries += 1;
  }
  await settle();
  if (entries !== writes) throw wrong(`its history has ${entries} changes, its blocks have ${writes}`);
  let found = 0;
  for await (const key of database.keys(keys.wholePrefix(keys.stateKeys))) if (key[1] !== 0x5f) found += 1; // '_': Fabric's own
  if (found !== live) throw wrong(`its state has ${found} keys, its blocks have left ${live}`);
  return live;
}

/** Every private value must be the one whose hash all members of the channel know. */
async function auditPrivate(channel: string, database: Database): Promise<number> {
  let found = 0;
  for await (const [bytes, stored] of database.iterator(keys.wholePrefix(keys.privateKeys))) {
    if (stored.length === 0) continue; // the mark of an erasure under way
    const { namespace, collection, key } = keys.privateSubject(bytes);
    const hash = await database.get(keys.hashKey(namespace, collection, sha256(key)));
    const { version, value } = keys.decodeVersioned(stored);
    const known = hash && keys.decodeVersioned(hash);
    if (!known || !keys.sameVersion(known.version, version) || !sha256(value).equals(known.value))
      throw new DevnetError(
        `channel ${channel}: the ledger is damaged: a private value of ${namespace}/${collection} does not match its hash. Nothing was changed.`,
      );
    found += 1;
  }
  return found;
}
