import { hash } from 'node:crypto';
import { common, peer } from '@hyperledger/fabric-protos';
import { sha256 } from './hash.ts';

/** An endorser transaction taken apart. */
export interface EndorserTransaction {
  channelHeader: common.ChannelHeader;
  signatureHeader: common.SignatureHeader;
  chaincodeName: string;
  proposalHash: Buffer;
  responsePayloadBytes: Uint8Array;
  responsePayload: peer.ProposalResponsePayload;
  action: peer.ChaincodeAction;
  endorsements: peer.Endorsement[];
  event: peer.ChaincodeEvent | undefined;
}

/** A transaction that is not valid, with Fabric's code for why. */
export class TransactionError extends Error {
  override name = 'TransactionError';
  readonly code: number;

  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

/** The transaction id: SHA-256 of nonce and creator, in hex. */
export function computeTxId(header: common.SignatureHeader): string {
  return hash('sha256', Buffer.concat([header.getNonce_asU8(), header.getCreator_asU8()]), 'hex');
}

/** SHA-256 over channel header, signature header and the chaincode payload without transient data. */
export function proposalHash(channelHeader: Uint8Array, signatureHeader: Uint8Array, payload: Uint8Array): Buffer {
  return sha256(Buffer.concat([channelHeader, signatureHeader, payload]));
}

/** The headers of an envelope's payload. */
export function readHeaders(payload: common.Payload): {
  header: common.Header;
  channelHeader: common.ChannelHeader;
  signatureHeader: common.SignatureHeader;
} {
  const header = payload.getHeader();
  if (!header) throw new Error('the payload has no header');
  return {
    header,
    channelHeader: common.ChannelHeader.deserializeBinary(header.getChannelHeader_asU8()),
    signatureHeader: common.SignatureHeader.deserializeBinary(header.getSignatureHeader_asU8()),
  };
}

function attempt<Value>(code: number, what: string, read: () => Value): Value {
  try {
    return read();
  } catch (error) {
    if (error instanceof TransactionError) throw error;
    throw new TransactionError(code, `${what}: ${error instanceof Error ? error.message : error}`);
  }
}

/** Takes an ENDORSER_TRANSACTION's payload apart; `read`: its headers, where they have been read. Throws TransactionError. */
export function readEndorserTransaction(
  payload: common.Payload,
  read?: ReturnType<typeof readHeaders>,
): EndorserTransaction {
  const codes = peer.TxValidationCode;
  const { header, channelHeader, signatureHeader } = attempt(
    codes.BAD_COMMON_HEADER,
    'the header cannot be read',
    () => read ?? readHeaders(payload),
  );
  return attempt(codes.INVALID_ENDORSER_TRANSACTION, 'the transaction cannot be read', () => {
    const actions = peer.Transaction.deserializeBinary(payload.getData_asU8()).getActionsList();
    const [first] = actions;
    if (!first || actions.length !== 1)
      throw new TransactionError(codes.INVALID_ENDORSER_TRANSACTION, 'the transaction must have exactly one action');
    if (!Buffer.from(first.getHeader_asU8()).equals(header.getSignatureHeader_asU8()))
      throw new TransactionError(codes.INVALID_ENDORSER_TRANSACTION, "the action's header is not the transaction's");
    const actionPayload = peer.ChaincodeActionPayload.deserializeBinary(first.getPayload_asU8());
    const endorsed = actionPayload.getAction();
    if (!endorsed) throw new TransactionError(codes.NIL_TXACTION, 'the transaction has no endorsed action');
    const responsePayloadBytes = endorsed.getProposalResponsePayload_asU8();
    const responsePayload = peer.ProposalResponsePayload.deserializeBinary(responsePayloadBytes);
    const action = peer.ChaincodeAction.deserializeBinary(responsePayload.getExtension_asU8());
    const extension = peer.ChaincodeHeaderExtension.deserializeBinary(channelHeader.getExtension_asU8());
    const events = action.getEvents_asU8();
    return {
      channelHeader,
      signatureHeader,
      chaincodeName: extension.getChaincodeId()?.getName() ?? '',
      proposalHash: proposalHash(
        header.getChannelHeader_asU8(),
        header.getSignatureHeader_asU8(),
        actionPayload.getChaincodeProposalPayload_asU8(),
      ),
      responsePayloadBytes,
      responsePayload,
      action,
      endorsements: endorsed.getEndorsementsList(),
      event: events.length > 0 ? peer.ChaincodeEvent.deserializeBinary(events) : undefined,
    };
  });
}

/** The chaincode events of a block's valid transactions, in order. */
export function blockEvents(block: common.Block, codes: Uint8Array): peer.ChaincodeEvent[] {
  const events: peer.ChaincodeEvent[] = [];
  block
    .getData()
    ?.getDataList_asU8()
    .forEach((bytes, index) => {
      if (codes[index] !== peer.TxValidationCode.VALID) return;
      const payload = common.Payload.deserializeBinary(common.Envelope.deserializeBinary(bytes).getPayload_asU8());
      if (readHeaders(payload).channelHeader.getType() !== common.HeaderType.ENDORSER_TRANSACTION) return;
      const { event } = readEndorserTransaction(payload);
      if (event) events.push(event);
    });
  return events;
}
