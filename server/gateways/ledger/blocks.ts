import { common, peer } from '@hyperledger/fabric-protos';

/** What a block says, as far as read models need it. */
export interface Block {
  number: bigint;
  transactions: BlockTransaction[];
}

export interface BlockTransaction {
  transactionId: string;
  /** The proposal's time, which chaincode has checked against its own clock. */
  at: Date;
  valid: boolean;
  contract: string;
  /** Chaincode event, where the transaction set one. */
  event?: { name: string; payload: Uint8Array };
}

/** Reads a `common.Block`; configuration transactions are left out. */
export function readBlock(block: common.Block): Block {
  const codes = block.getMetadata()?.getMetadataList_asU8()[common.BlockMetadataIndex.TRANSACTIONS_FILTER];
  const envelopes = block.getData()?.getDataList_asU8() ?? [];
  const transactions = envelopes.flatMap((bytes, index) => {
    const envelope = common.Envelope.deserializeBinary(bytes);
    const read = readEnvelope(envelope, codes?.[index] === peer.TxValidationCode.VALID);
    return read === undefined ? [] : [read];
  });
  return { number: BigInt(block.getHeader()?.getNumber() ?? 0), transactions };
}

function readEnvelope(envelope: common.Envelope, valid: boolean): BlockTransaction | undefined {
  const payload = common.Payload.deserializeBinary(envelope.getPayload_asU8());
  const channelHeader = payload.getHeader()?.getChannelHeader_asU8();
  if (channelHeader === undefined) return undefined;
  const header = common.ChannelHeader.deserializeBinary(channelHeader);
  if (header.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return undefined;
  const base = {
    transactionId: header.getTxId(),
    at: header.getTimestamp()?.toDate() ?? new Date(0),
    valid,
  };
  const [action] = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
  const endorsed = action && peer.ChaincodeActionPayload.deserializeBinary(action.getPayload_asU8()).getAction();
  if (!endorsed) return { ...base, contract: '' };
  const response = peer.ProposalResponsePayload.deserializeBinary(endorsed.getProposalResponsePayload_asU8());
  const result = peer.ChaincodeAction.deserializeBinary(response.getExtension_asU8());
  const contract = result.getChaincodeId()?.getName() ?? '';
  const event = peer.ChaincodeEvent.deserializeBinary(result.getEvents_asU8());
  if (event.getEventName() === '') return { ...base, contract };
  return { ...base, contract, event: { name: event.getEventName(), payload: event.getPayload_asU8() } };
}
