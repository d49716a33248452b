import { type ClientDuplexStream, credentials } from '@grpc/grpc-js';
import { peer } from '@hyperledger/fabric-protos';

const { Type } = peer.ChaincodeMessage;
const firstBackoffMs = 50;
const lastBackoffMs = 2000;
/** How long a call waits for a process that has not answered yet, and for one that was there before. */
const firstConnectWaitMs = 5000;
const reconnectWaitMs = 1000;

/** The chaincode process cannot be reached, died, or did not answer in time. */
export class ChaincodeUnavailable extends Error {
  override name = 'ChaincodeUnavailable';
}

/** Answers one request of the chaincode with the bytes of the response. A thrown error reaches the chaincode. */
export type RequestHandler = (message: peer.ChaincodeMessage) => Promise<Uint8Array> | Uint8Array;

/** One run of a chaincode function. */
export interface Execution {
  channel: string;
  txId: string;
  input: peer.ChaincodeInput;
  proposal: peer.SignedProposal;
  handle: RequestHandler;
  timeoutMs: number;
}

interface Running {
  handle: RequestHandler;
  settle: (outcome: peer.ChaincodeMessage | Error) => void;
}

type Stream = ClientDuplexStream<peer.ChaincodeMessage, peer.ChaincodeMessage>;

/** One organisation's stream to one chaincode server; dials again whenever it breaks. */
export class ChaincodeConnection {
  readonly address: string;
  readonly #owner: string;
  readonly #client: peer.ChaincodeClient;
  readonly #running = new Map<string, Running>();
  readonly #readyWaiters = new Set<() => void>();
  #stream: Stream | undefined;
  #ready = false;
  #wasReady = false;
  #backoffMs = firstBackoffMs;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(owner: string, address: string) {
    this.#owner = owner;
    this.address = address;
    const limit = 100 * 1024 * 1024;
    this.#client = new peer.ChaincodeClient(address, credentials.createInsecure(), {
      'grpc.max_receive_message_length': limit,
      'grpc.max_send_message_length': limit,
      'grpc.initial_reconnect_backoff_ms': firstBackoffMs,
      'grpc.min_reconnect_backoff_ms': firstBackoffMs,
      'grpc.max_reconnect_backoff_ms': lastBackoffMs,
      'grpc.use_local_subchannel_pool': 1,
    });
    this.#dial();
  }

  get ready(): boolean {
    return this.#ready;
  }

  #dial(): void {
    if (this.#closed) return;
    const stream: Stream = this.#client.connect();
    this.#stream = stream;
    stream.on('data', (message: peer.ChaincodeMessage) => this.#receive(stream, message));
    stream.on('error', () => this.#broken(stream));
    stream.on('end', () => this.#broken(stream));
    stream.on('close', () => this.#broken(stream));
  }

  #broken(stream: Stream): void {
    if (this.#stream !== stream) return;
    this.#stream = undefined;
    this.#ready = false;
    stream.cancel();
    const running = [...this.#running.values()];
    this.#running.clear();
    for (const { settle } of running) settle(new ChaincodeUnavailable('error sending: chaincode stream terminated'));
    if (this.#closed) return;
    this.#timer = setTimeout(() => this.#dial(), this.#backoffMs);
    this.#backoffMs = Math.min(this.#backoffMs * 2, lastBackoffMs);
  }

  #receive(stream: Stream, message: peer.ChaincodeMessage): void {
    switch (message.getType()) {
      case Type.REGISTER:
        this.#send(stream, Type.REGISTERED);
        this.#send(stream, Type.READY, readyParameters());
        this.#ready = true;
        this.#wasReady = true;
        this.#backoffMs = firstBackoffMs;
        for (const wake of this.#readyWaiters) wake();
        return;
      case Type.KEEPALIVE:
        return;
      case Type.COMPLETED:
      case Type.ERROR: {
        const key = message.getChannelId() + message.getTxid();
        const running = this.#running.get(key);
        this.#running.delete(key);
        running?.settle(message);
        return;
      }
      default:
        void this.#answer(stream, message);
    }
  }

  async #answer(stream: Stream, message: peer.ChaincodeMessage): Promise<void> {
    const running = this.#running.get(message.getChannelId() + message.getTxid());
    const reply = new peer.ChaincodeMessage();
    reply.setTxid(message.getTxid());
    reply.setChannelId(message.getChannelId());
    try {
      if (!running) throw new Error('no ledger context');
      reply.setPayload(await running.handle(message));
      reply.setType(Type.RESPONSE);
    } catch (error) {
      reply.setType(Type.ERROR);
      const text = error instanceof Error ? error.message : String(error);
      reply.setPayload(
        Buffer.from(`${typeName(message.getType())} failed: transaction ID: ${message.getTxid()}: ${text}`),
      );
    }
    if (this.#stream === stream) stream.write(reply);
  }

  #send(
    stream: Stream,
    type: peer.ChaincodeMessage.TypeMap[keyof peer.ChaincodeMessage.TypeMap],
    payload: Uint8Array = new Uint8Array(),
  ): void {
    const message = new peer.ChaincodeMessage();
    message.setType(type);
    message.setPayload(payload);
    stream.write(message);
  }

  async #waitUntilReady(): Promise<Stream> {
    if (!this.#ready)
      await new Promise<void>((resolve, reject) => {
        const timer = setTimeout(
          () => {
            this.#readyWaiters.delete(wake);
            reject(
              new ChaincodeUnavailable(`could not launch chaincode of ${this.#owner}: ${this.address} does not answer`),
            );
          },
          this.#wasReady ? reconnectWaitMs : firstConnectWaitMs,
        );
        const wake = () => {
          clearTimeout(timer);
          this.#readyWaiters.delete(wake);
          resolve();
        };
        this.#readyWaiters.add(wake);
      });
    if (!this.#stream || !this.#ready) throw new ChaincodeUnavailable('error sending: chaincode stream terminated');
    return this.#stream;
  }

  /** Runs a chaincode function. Rejects with ChaincodeUnavailable when the process fails it. */
  async execute(execution: Execution): Promise<peer.ChaincodeMessage> {
    const stream = await this.#waitUntilReady();
    const { channel, txId, timeoutMs } = execution;
    const key = channel + txId;
    if (this.#running.has(key)) throw new Error(`error sending: txid: ${txId}(${channel}) exists`);
    const message = new peer.ChaincodeMessage();
    message.setType(Type.TRANSACTION);
    message.setTxid(txId);
    message.setChannelId(channel);
    message.setPayload(execution.input.serializeBinary());
    message.setProposal(execution.proposal);
    const outcome = await new Promise<peer.ChaincodeMessage | Error>((resolve) => {
      const timer = setTimeout(() => {
        this.#running.delete(key);
        resolve(new ChaincodeUnavailable('error sending: timeout expired while executing transaction'));
      }, timeoutMs);
      const settle = (result: peer.ChaincodeMessage | Error) => {
        clearTimeout(timer);
        resolve(result);
      };
      this.#running.set(key, { handle: execution.handle, settle });
      stream.write(message);
    });
    if (outcome instanceof Error) throw outcome;
    return outcome;
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
    const stream = this.#stream;
    if (stream) this.#broken(stream);
    this.#client.close();
  }
}

/** Tells newer shims that they may write and read in batches, with the sizes of Fabric's own core.yaml. */
function readyParameters(): Uint8Array {
  const parameters = new peer.ChaincodeAdditionalParams();
  parameters.setUseWriteBatch(true);
  parameters.setMaxSizeWriteBatch(1000);
  parameters.setUseGetMultipleKeys(true);
  parameters.setMaxSizeGetMultipleKeys(1000);
  return parameters.serializeBinary();
}

function typeName(type: number): string {
  return Object.entries(Type).find(([, value]) => value === type)?.[0] ?? `message ${type}`;
}
