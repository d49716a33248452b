import { createRequire } from 'node:module';
import type { Context } from 'fabric-contract-api';
import { type Carrier, findCarriersBy, type State } from './batches.ts';

/**
 * Reads and writes of many keys in one message, which peers offer since Fabric 3.1 (`chaincode.runtimeParams` of core.yaml) and
 * fabric-shim for Node does not know: the messages are written here and sent on the shim's own way. To be imported beside it.
 */

interface Message {
  getType(): number;
  getPayload_asU8(): Uint8Array;
  setType(type: number): void;
  setPayload(bytes: Uint8Array): void;
  setTxid(txId: string): void;
  setChannelId(channel: string): void;
}
interface Handler {
  _stream: { on(event: 'data', listener: (message: Message) => void): void };
  _askPeerAndListen(message: Message, what: string): Promise<Uint8Array>;
}
interface Writer {
  writeString(field: number, value: string): void;
  writeBytes(field: number, value: Uint8Array): void;
  writeEnum(field: number, value: number): void;
  getResultBuffer(): Uint8Array;
}
interface Reader {
  nextField(): boolean;
  getFieldNumber(): number;
  readBytes(): Uint8Array;
  readUint32(): number;
  readBool(): boolean;
  skipField(): void;
}

const ofShim = createRequire(createRequire(import.meta.url).resolve('fabric-shim'));
const { ChaincodeMessageHandler }: { ChaincodeMessageHandler: { prototype: { chat(first: unknown): void } } } =
  ofShim('./lib/handler.js');
const protos: { peer: { ChaincodeMessage: (new () => Message) & { Type: { READY: number } } } } =
  ofShim('@hyperledger/fabric-protos');
const {
  BinaryReader,
  BinaryWriter,
}: { BinaryReader: new (bytes: Uint8Array) => Reader; BinaryWriter: new () => Writer } = createRequire(
  ofShim.resolve('@hyperledger/fabric-protos'),
)('google-protobuf');

/** Of ChaincodeMessage.Type and WriteRecord.Type in fabric-protos 0.3 (peer/chaincode_shim.proto). */
const writeBatchState = 24;
const getStateMultiple = 25;
const putState = 9;
const delState = 10;

const carriers = new WeakMap<object, Carrier>();

const { chat } = ChaincodeMessageHandler.prototype;
ChaincodeMessageHandler.prototype.chat = function chatAndHearOffer(this: Handler, first: unknown) {
  Reflect.apply(chat, this, [first]);
  this._stream.on('data', (message) => {
    if (message.getType() !== protos.peer.ChaincodeMessage.Type.READY) return;
    const carrier = carrierOf(this, readOffer(message.getPayload_asU8()));
    if (carrier) carriers.set(this, carrier);
  });
};

findCarriersBy(({ stub }) => {
  const handler: unknown = 'handler' in stub ? stub.handler : undefined;
  return typeof handler === 'object' && handler !== null ? carriers.get(handler) : undefined;
});

/** ChaincodeAdditionalParams: whether, and how many in a message, the peer takes writes (1, 2) and reads (3, 4). */
function readOffer(bytes: Uint8Array): { writes: number; reads: number } {
  const said = new Map<number, number>();
  const reader = new BinaryReader(bytes);
  while (reader.nextField()) {
    const field = reader.getFieldNumber();
    if (field === 1 || field === 3) said.set(field, reader.readBool() ? 1 : 0);
    else if (field === 2 || field === 4) said.set(field, reader.readUint32());
    else reader.skipField();
  }
  return { writes: said.get(1) ? (said.get(2) ?? 0) : 0, reads: said.get(3) ? (said.get(4) ?? 0) : 0 };
}

function carrierOf(handler: Handler, { writes, reads }: ReturnType<typeof readOffer>): Carrier | undefined {
  if (writes === 0 || reads === 0) return undefined;
  const ask = ({ stub }: Context, type: number, payload: Uint8Array, what: string) => {
    const message = new protos.peer.ChaincodeMessage();
    message.setType(type);
    message.setPayload(payload);
    message.setTxid(stub.getTxID());
    message.setChannelId(stub.getChannelID());
    return handler._askPeerAndListen(message, what);
  };
  return {
    mostReads: reads,
    mostWrites: writes,
    read: async (ctx, keys) => {
      const writer = new BinaryWriter();
      for (const key of keys) writer.writeString(1, key);
      return valuesOf(await ask(ctx, getStateMultiple, writer.getResultBuffer(), 'GetStateMultiple'));
    },
    write: async (ctx, states) => {
      const writer = new BinaryWriter();
      for (const state of states) writer.writeBytes(1, recordOf(state));
      await ask(ctx, writeBatchState, writer.getResultBuffer(), 'WriteBatchState');
    },
  };
}

/** A WriteRecord: key (1), value (2), type (5). */
function recordOf([key, value]: State): Uint8Array {
  const writer = new BinaryWriter();
  writer.writeString(1, key);
  if (value !== undefined) writer.writeBytes(2, value);
  writer.writeEnum(5, value === undefined ? delState : putState);
  return writer.getResultBuffer();
}

/** The values (1) of a GetStateMultipleResult. */
function valuesOf(bytes: Uint8Array): Uint8Array[] {
  const values: Uint8Array[] = [];
  const reader = new BinaryReader(bytes);
  while (reader.nextField()) {
    if (reader.getFieldNumber() === 1) values.push(reader.readBytes());
    else reader.skipField();
  }
  return values;
}
