import { common, ledger, peer } from '@hyperledger/fabric-protos';
import type { ChannelPolicies } from '../channel/policies.ts';
import { IdentityError, type Membership } from '../identity/membership.ts';
import type { Signer } from '../policy/policy.ts';
import { evaluatePolicy } from '../policy/policy.ts';
import {
  computeTxId,
  type EndorserTransaction,
  readEndorserTransaction,
  readHeaders,
  TransactionError,
} from './transaction.ts';

const codes = peer.TxValidationCode;

/** The writes and reads of one namespace, decoded. */
export interface NamespaceChanges {
  namespace: string;
  content: ledger.rwset.kvrwset.KVRWSet;
  collections: { name: string; hashed: ledger.rwset.kvrwset.HashedRWSet; privateHash: Uint8Array }[];
}

/** A transaction whose signatures and policies hold; whether its reads are still current is not known yet. */
export interface CheckedTransaction extends EndorserTransaction {
  txId: string;
  changes: NamespaceChanges[];
}

function fail(code: number, message: string): never {
  throw new TransactionError(code, message);
}

/** The id of a transaction that may be broken. One that does not follow from nonce and creator may be another's. */
export function transactionIdOf(envelopeBytes: Uint8Array): string | undefined {
  try {
    const payload = common.Payload.deserializeBinary(
      common.Envelope.deserializeBinary(envelopeBytes).getPayload_asU8(),
    );
    const { channelHeader, signatureHeader } = readHeaders(payload);
    const txId = channelHeader.getTxId();
    return txId === computeTxId(signatureHeader) ? txId : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Checks all of a transaction that does not depend on the state, in Fabric's order. `committed` tells whether an id
 * stands in an earlier block. Throws TransactionError.
 */
export function checkTransaction(
  envelopeBytes: Uint8Array,
  channel: string,
  membership: Membership,
  policies: ChannelPolicies,
  committed: (txId: string) => boolean,
): CheckedTransaction {
  let envelope: common.Envelope;
  let payload: common.Payload;
  try {
    envelope = common.Envelope.deserializeBinary(envelopeBytes);
    payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  } catch {
    return fail(codes.BAD_PAYLOAD, 'the envelope cannot be read');
  }
  let headers: ReturnType<typeof readHeaders>;
  try {
    headers = readHeaders(payload);
  } catch {
    return fail(codes.BAD_COMMON_HEADER, 'the header cannot be read');
  }
  const { channelHeader, signatureHeader } = headers;
  if (channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION)
    fail(codes.UNKNOWN_TX_TYPE, `a transaction of type ${channelHeader.getType()} is not accepted`);
  if (channelHeader.getChannelId() !== channel)
    fail(codes.TARGET_CHAIN_NOT_FOUND, `the transaction is for channel ${channelHeader.getChannelId()}`);
  if (channelHeader.getEpoch() !== 0) fail(codes.BAD_COMMON_HEADER, 'the epoch is not zero');
  checkCreator(envelope, signatureHeader, membership, policies);
  const txId = channelHeader.getTxId();
  if (computeTxId(signatureHeader) !== txId)
    fail(codes.BAD_PROPOSAL_TXID, 'the transaction id does not follow from nonce and creator');
  const transaction = readEndorserTransaction(payload);
  if (!transaction.proposalHash.equals(transaction.responsePayload.getProposalHash_asU8()))
    fail(codes.INVALID_ENDORSER_TRANSACTION, 'the endorsed proposal is another');
  if (committed(txId)) fail(codes.DUPLICATE_TXID, `transaction ${txId} is committed already`);
  const changes = readChanges(transaction.action.getResults_asU8());
  checkEndorsements(transaction, changes, membership, policies);
  return { ...transaction, txId, changes };
}

function checkCreator(
  envelope: common.Envelope,
  signatureHeader: common.SignatureHeader,
  membership: Membership,
  policies: ChannelPolicies,
): void {
  try {
    const creator = membership.identity(signatureHeader.getCreator_asU8());
    if (!policies.acceptsClient(creator.mspId))
      fail(codes.BAD_CREATOR_SIGNATURE, `${creator.mspId} may not use the channel`);
    if (!membership.verify(creator, envelope.getPayload_asU8(), envelope.getSignature_asU8()))
      fail(codes.BAD_CREATOR_SIGNATURE, "the creator's signature is wrong");
  } catch (error) {
    if (error instanceof IdentityError) fail(codes.BAD_CREATOR_SIGNATURE, error.message);
    throw error;
  }
}

/** Decodes a TxReadWriteSet. */
export function readChanges(results: Uint8Array): NamespaceChanges[] {
  try {
    const { kvrwset } = ledger.rwset;
    return ledger.rwset.TxReadWriteSet.deserializeBinary(results)
      .getNsRwsetList()
      .map((set) => ({
        namespace: set.getNamespace(),
        content: kvrwset.KVRWSet.deserializeBinary(set.getRwset_asU8()),
        collections: set.getCollectionHashedRwsetList().map((collection) => ({
          name: collection.getCollectionName(),
          hashed: kvrwset.HashedRWSet.deserializeBinary(collection.getHashedRwset_asU8()),
          privateHash: collection.getPvtRwsetHash_asU8(),
        })),
      }));
  } catch {
    return fail(codes.BAD_RWSET, 'the read-write set cannot be read');
  }
}

function checkEndorsements(
  transaction: EndorserTransaction,
  changes: readonly NamespaceChanges[],
  membership: Membership,
  policies: ChannelPolicies,
): void {
  const { action, chaincodeName } = transaction;
  const definition = policies.chaincode(chaincodeName);
  const invoked = action.getChaincodeId();
  if (!definition || invoked?.getName() !== chaincodeName)
    throw new TransactionError(codes.INVALID_CHAINCODE, `chaincode ${chaincodeName} is not defined on the channel`);
  if (invoked.getVersion() !== definition.version)
    fail(codes.EXPIRED_CHAINCODE, `chaincode ${chaincodeName} was endorsed in version ${invoked.getVersion()}`);
  const signers = endorsers(transaction, membership);
  const required = policies.required(
    changes.map(({ namespace, content, collections }) => ({
      namespace,
      publicWrites: content.getWritesList().length > 0 || content.getMetadataWritesList().length > 0,
      writtenCollections: collections
        .filter(({ hashed }) => hashed.getHashedWritesList().length > 0 || hashed.getMetadataWritesList().length > 0)
        .map(({ name }) => name),
    })),
    chaincodeName,
  );
  if (typeof required === 'string') throw new TransactionError(codes.INVALID_CHAINCODE, required);
  for (const policy of required)
    if (!evaluatePolicy(policy, signers))
      fail(codes.ENDORSEMENT_POLICY_FAILURE, `the endorsements of ${chaincodeName} do not satisfy the policy`);
}

/** The distinct endorsers whose signatures are good; the others do not count. */
function endorsers(transaction: EndorserTransaction, membership: Membership): Signer[] {
  const signers = new Map<string, Signer>();
  for (const endorsement of transaction.endorsements) {
    const endorser = endorsement.getEndorser_asU8();
    try {
      const identity = membership.identity(endorser);
      const message = Buffer.concat([transaction.responsePayloadBytes, endorser]);
      if (membership.verify(identity, message, endorsement.getSignature_asU8()))
        signers.set(Buffer.from(endorser).toString('latin1'), identity);
    } catch (error) {
      if (!(error instanceof IdentityError)) throw error;
    }
  }
  return [...signers.values()];
}
