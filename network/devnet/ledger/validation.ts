import { common, peer } from '@hyperledger/fabric-protos';
import type { ChannelPolicies } from '../channel/policies.ts';
import type { Membership } from '../identity/membership.ts';
import { IdentityError } from '../identity/msp.ts';
import type { NamespaceChanges } from './changes.ts';
import { checkEndorsements, type EndorsementRules } from './endorsements.ts';
import type { ReceivedEnvelope } from './received.ts';
import { computeTxId, type EndorserTransaction, TransactionError } from './transaction.ts';

const codes = peer.TxValidationCode;
/** What Fabric takes for the type of a transaction in a header; others are no header at all. */
const knownTypes: readonly number[] = [
  common.HeaderType.ENDORSER_TRANSACTION,
  common.HeaderType.CONFIG_UPDATE,
  common.HeaderType.CONFIG,
];

/** A transaction whose signatures and policies hold; whether its reads are still current is not known yet. */
export interface CheckedTransaction extends EndorserTransaction {
  txId: string;
  changes: NamespaceChanges[];
}

function fail(code: number, message: string): never {
  throw new TransactionError(code, message);
}

/**
 * Checks all of a transaction that does not depend on the state, in Fabric's order. `committed` tells whether an id
 * stands in an earlier block. Throws TransactionError.
 */
export function checkTransaction(
  received: ReceivedEnvelope,
  channel: string,
  rules: EndorsementRules,
  committed: (txId: string) => boolean,
): CheckedTransaction {
  if (!readable(() => received.payload)) fail(codes.BAD_PAYLOAD, 'the envelope cannot be read');
  if (!readable(() => received.headers)) fail(codes.BAD_COMMON_HEADER, 'the header cannot be read');
  const { channelHeader, signatureHeader } = received.headers;
  if (!knownTypes.includes(channelHeader.getType()))
    fail(codes.BAD_COMMON_HEADER, `there is no type ${channelHeader.getType()} of transactions`);
  if (channelHeader.getEpoch() !== 0) fail(codes.BAD_COMMON_HEADER, 'the epoch is not zero');
  if (channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION)
    fail(codes.UNKNOWN_TX_TYPE, `a transaction of type ${channelHeader.getType()} is not accepted`);
  if (channelHeader.getChannelId() !== channel)
    fail(codes.TARGET_CHAIN_NOT_FOUND, `the transaction is for channel ${channelHeader.getChannelId()}`);
  checkCreator(received.envelope, signatureHeader, rules.membership, rules.policies);
  const txId = channelHeader.getTxId();
  if (computeTxId(signatureHeader) !== txId)
    fail(codes.BAD_PROPOSAL_TXID, 'the transaction id does not follow from nonce and creator');
  const { transaction } = received;
  if (!transaction.proposalHash.equals(transaction.responsePayload.getProposalHash_asU8()))
    fail(codes.INVALID_ENDORSER_TRANSACTION, 'the endorsed proposal is another');
  if (committed(txId)) fail(codes.DUPLICATE_TXID, `transaction ${txId} is committed already`);
  const { changes } = received;
  checkEndorsements(transaction, changes, rules);
  rules.keyPolicies.note(changes);
  return { ...transaction, txId, changes };
}

function readable(part: () => unknown): boolean {
  try {
    part();
    return true;
  } catch {
    return false;
  }
}

function checkCreator(
  envelope: common.Envelope,
  signatureHeader: common.SignatureHeader,
  membership: Membership,
  policies: ChannelPolicies,
): void {
  try {
    const creator = membership.identity(signatureHeader.getCreator_asU8());
    // As in Fabric, whoever the channel knows may have submitted it: who may write is the orderer's matter.
    if (!policies.knows(creator.mspId)) fail(codes.BAD_CREATOR_SIGNATURE, `${creator.mspId} is not on the channel`);
    if (!membership.verify(creator, envelope.getPayload_asU8(), envelope.getSignature_asU8()))
      fail(codes.BAD_CREATOR_SIGNATURE, "the creator's signature is wrong");
  } catch (error) {
    if (error instanceof IdentityError) fail(codes.BAD_CREATOR_SIGNATURE, error.message);
    throw error;
  }
}
