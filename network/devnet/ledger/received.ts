import { common } from '@hyperledger/fabric-protos';
import { type NamespaceChanges, readChanges } from './changes.ts';
import { computeTxId, type EndorserTransaction, readEndorserTransaction, readHeaders } from './transaction.ts';

/**
 * An envelope as it came. Submit, validation and commit look at the same parts of it, each of which is read when it is first asked
 * for; a part that cannot be read throws each time, as its reader does.
 */
export class ReceivedEnvelope {
  readonly bytes: Uint8Array;
  #envelope: common.Envelope | undefined;
  #payload: common.Payload | undefined;
  #headers: ReturnType<typeof readHeaders> | undefined;
  #transaction: EndorserTransaction | undefined;
  #changes: NamespaceChanges[] | undefined;

  /** `envelope`: what the bytes say, where it has been read already. */
  constructor(bytes: Uint8Array, envelope?: common.Envelope) {
    this.bytes = bytes;
    this.#envelope = envelope;
  }

  get envelope(): common.Envelope {
    this.#envelope ??= common.Envelope.deserializeBinary(this.bytes);
    return this.#envelope;
  }

  get payload(): common.Payload {
    this.#payload ??= common.Payload.deserializeBinary(this.envelope.getPayload_asU8());
    return this.#payload;
  }

  get headers(): ReturnType<typeof readHeaders> {
    this.#headers ??= readHeaders(this.payload);
    return this.#headers;
  }

  /** Throws TransactionError. */
  get transaction(): EndorserTransaction {
    this.#transaction ??= readEndorserTransaction(this.payload, this.#headers);
    return this.#transaction;
  }

  /** Throws TransactionError. */
  get changes(): NamespaceChanges[] {
    this.#changes ??= readChanges(this.transaction.action.getResults_asU8());
    return this.#changes;
  }

  /** The id, also where the rest is broken. One that does not follow from nonce and creator may be another's. */
  get txId(): string | undefined {
    try {
      const { channelHeader, signatureHeader } = this.headers;
      const txId = channelHeader.getTxId();
      return txId === computeTxId(signatureHeader) ? txId : undefined;
    } catch {
      return undefined;
    }
  }
}
