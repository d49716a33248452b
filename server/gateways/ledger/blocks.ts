import { common, msp, peer } from '@hyperledger/fabric-protos';

/** What a block says, as far as read models need it. */
export interface Block {
  number: bigint;
  transactions: BlockTransaction[];
  /** Envelopes that nobody can read; whoever may write to a channel may send such. Fabric has marked them invalid. */
  unreadable: number;
}

export interface BlockTransaction {
  transactionId: string;
  /** The proposal's time, which chaincode has checked against its own clock where it is valid; undefined where it is none. */
  at: Date | undefined;
  valid: boolean;
  /** Empty where the transaction is not valid: what it says is not read. */
  contract: string;
  /** MSPs that its endorsements name; none where it is not valid. */
  endorsers: string[];
  /** The function that was called and its arguments, which the endorsements cover; absent where it is not valid. */
  args?: Uint8Array[];
  /** Chaincode event, where the transaction set one. */
  event?: { name: string; payload: Uint8Array };
}

/**
 * Reads a `common.Block`; configuration transactions are left out. What is not valid has been checked by nobody and may
 * hold anything, so that it is counted and not read further.
 */
export function readBlock(block: common.Block): Block {
  const codes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const transactions: BlockTransaction[] = [];
  let unreadable = 0;
  for (const [index, bytes] of envelopes.entries()) {
    try {
      const transaction = readEnvelope(bytes, codes?.[index] === peer.TxValidationCode.VALID);
      if (transaction !== undefined) transactions.push(transaction);
    } catch {
      unreadable += 1;
    }
  }
  return { number: BigInt(block.getHeader()?.getNumber() ?? 0), transactions, unreadable };
}

function readEnvelope(bytes: Uint8Array, valid: boolean): BlockTransaction | undefined {
  const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
  const channelHeader = payload.getHeader()?.getChannelHeader_asU8();
  if (channelHeader === undefined) return undefined;
  const header = common.ChannelHeader.deserializeBinary(channelHeader);
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
  const at = header.getTimestamp()?.toDate();
  const base = { transactionId: header.getTxId(), at: Number.isFinite(at?.getTime()) ? at : undefined, valid };
  if (!valid) return { ...base, contract: '', endorsers: [] };
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const proposed = action && peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8());
  const endorsed = proposed?.getAction();
  if (!proposed || !endorsed) return { ...base, contract: '', endorsers: [] };
  const response = peer.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
  const result = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  const contract = result.getChaincodeId()?.getName() ?? '';
  const endorsers = endorsed.getEndorsementsList().flatMap((endorsement) => mspIdOf(endorsement) ?? []);
  const args = argsOf(proposed);
  const said = { ...base, contract, endorsers, ...(args.length > 0 && { args }) };
  const event = peer.ChaincodeEvent.deserializeBinary(result.getEvents_asU8());
  if (event.getEventName() === '') return said;
  return { ...said, event: { name: event.getEventName(), payload: event.getPayload_asU8() } };
}

function argsOf(proposed: peer.ChaincodeActionPayload): Uint8Array[] {
  const proposal = peer.ChaincodeProposalPayload.deserializeBinary(proposed.getChaincodeProposalPayload_asU8());
  const spec = peer.ChaincodeInvocationSpec.deserializeBinary(proposal.getInput_asU8()).getChaincodeSpec();
  return spec?.getInput()?.getArgsList_asU8() ?? [];
}

/**
 * Undefined where it cannot be read: beside the endorsements that made a transaction valid its sender may have put any
 * other bytes, which no peer looks at.
 */
function mspIdOf(endorsement: peer.Endorsement): string | undefined {
  try {
    return msp.SerializedIdentity.deserializeBinary(endorsement.getEndorser_asU8()).getMspid() || undefined;
  } catch {
    return undefined;
  }
}
