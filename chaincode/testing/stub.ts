import type { ChaincodeResponse, Iterators, StateQueryResponse } from 'fabric-shim-api';
import type { Identity } from './identity.ts';

/** A committed value with the version that MVCC compares. */
export interface Versioned {
  value: Uint8Array;
  version: number;
}

export interface HistoryEntry {
  txId: string;
  at: Date;
  value: Uint8Array;
}

/** Committed state of one contract on one channel. */
export interface Namespace {
  state: Map<string, Versioned>;
  history: Map<string, HistoryEntry[]>;
  /** By collection and key; peers without the collection have the hashes, by which MVCC goes all the same. */
  privateData: Map<string, Versioned>;
}

/** One call of a function, as the proposal carries it. */
export interface Call {
  channel: string;
  contract: string;
  function: string;
  args: string[];
  transient: Record<string, Uint8Array>;
  caller: Identity;
  /** The proposal's timestamp. */
  at: Date;
  txId: string;
}

/** What a simulation read and wants to write. */
export interface Simulation {
  reads: Map<string, number>;
  /** Prefixes of ranges that were read, with `rowsBelow` as it was then. */
  ranges: Map<string, string>;
  /** Undefined deletes. */
  writes: Map<string, Uint8Array | undefined>;
  privateReads: Map<string, number>;
  privateWrites: Map<string, Uint8Array | undefined>;
  event?: { name: string; payload: Uint8Array };
}

type Invoke = (contract: string, channel: string, args: string[]) => Promise<ChaincodeResponse>;

const compositeNamespace = '\u0000';
/** The keys below a prefix with their versions, as one text to compare. */
export function rowsBelow({ state }: Namespace, prefix: string): string {
  const rows = [...state].filter(([key]) => key.startsWith(prefix)).map(([key, { version }]) => `${key} ${version}`);
  return rows.sort().join('\n');
}

const byUtf8 = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b));

function iterate<T>(values: T[]): { next(): Promise<Iterators.NextResult<T>>; close(): Promise<void> } {
  let position = 0;
  return {
    next: async () => {
      const value = values[position++];
      // The shim leaves the value out at the end, although its types have one.
      return (value === undefined ? { done: true } : { value, done: false }) as Iterators.NextResult<T>;
    },
    close: async () => undefined,
  };
}

/**
 * The part of fabric-shim's ChaincodeStub that the contracts use, over state in memory, with a peer's rules: no
 * read-your-writes, an empty value is refused, a page of a query and a query of private data exclude writing, private data
 * needs membership.
 */
export class SimulationStub {
  readonly simulation: Simulation = {
    reads: new Map(),
    ranges: new Map(),
    writes: new Map(),
    privateReads: new Map(),
    privateWrites: new Map(),
  };
  /** A query after which a peer refuses to write. */
  private queried: 'paginated' | 'private' | undefined;
  private readonly namespace: Namespace;
  private readonly call: Call;
  private readonly invoke: Invoke;
  /** Whether the peer is a member of the collection. */
  private readonly member: boolean;

  constructor(namespace: Namespace, call: Call, invoke: Invoke, member = true) {
    this.namespace = namespace;
    this.call = call;
    this.invoke = invoke;
    this.member = member;
  }

  getBufferArgs = () => [this.call.function, ...this.call.args].map((argument) => Buffer.from(argument));
  getFunctionAndParameters = () => ({ fcn: this.call.function, params: this.call.args });
  getTxID = () => this.call.txId;
  getChannelID = () => this.call.channel;
  getCreator = () => ({ mspid: this.call.caller.mspId, idBytes: Buffer.from(this.call.caller.certificatePem) });
  getTransient = () => new Map(Object.entries(this.call.transient));
  getDateTimestamp = () => this.call.at;

  createCompositeKey(objectType: string, attributes: string[]): string {
    return compositeNamespace + [objectType, ...attributes].map((part) => `${part}\u0000`).join('');
  }

  splitCompositeKey(key: string) {
    const [objectType = '', ...attributes] = key.slice(compositeNamespace.length, -1).split('\u0000');
    return { objectType, attributes };
  }

  async getState(key: string): Promise<Uint8Array> {
    const found = this.namespace.state.get(key);
    this.simulation.reads.set(key, found?.version ?? 0);
    return found?.value ?? new Uint8Array();
  }

  async putState(key: string, value: Uint8Array): Promise<void> {
    this.requireWritable();
    if (value.length === 0) throw new Error('an empty value deletes');
    this.simulation.writes.set(key, value);
  }

  async deleteState(key: string): Promise<void> {
    this.requireWritable();
    this.simulation.writes.set(key, undefined);
  }

  async getStateByPartialCompositeKey(objectType: string, attributes: string[]) {
    const prefix = this.createCompositeKey(objectType, attributes);
    this.simulation.ranges.set(prefix, rowsBelow(this.namespace, prefix));
    const rows = [...this.namespace.state]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => byUtf8(a, b))
      .map(([key, { value }]) => ({ namespace: this.call.contract, key, value }));
    return iterate(rows);
  }

  async getStateByPartialCompositeKeyWithPagination(
    objectType: string,
    attributes: string[],
    pageSize: number,
    bookmark = '',
  ): Promise<Partial<StateQueryResponse<Iterators.StateQueryIterator>>> {
    this.queried = 'paginated';
    const prefix = this.createCompositeKey(objectType, attributes);
    const keys = [...this.namespace.state.keys()]
      .filter((key) => key.startsWith(prefix) && (bookmark === '' || byUtf8(key, bookmark) >= 0))
      .sort(byUtf8);
    const rows = keys.slice(0, pageSize).map((key) => {
      const value = this.namespace.state.get(key)?.value ?? new Uint8Array();
      return { namespace: this.call.contract, key, value };
    });
    // The shim takes metadata of an empty page, which are no bytes, for none.
    if (rows.length === 0) return { iterator: iterate(rows) };
    return {
      iterator: iterate(rows),
      metadata: { fetchedRecordsCount: rows.length, bookmark: keys[pageSize] ?? '' },
    };
  }

  async getHistoryForKey(key: string) {
    const entries = this.namespace.history.get(key) ?? [];
    return iterate(
      entries.toReversed().map(({ txId, at, value }) => ({
        txId,
        value,
        isDelete: false,
        timestamp: { seconds: Math.floor(at.getTime() / 1000), nanos: (at.getTime() % 1000) * 1e6 },
      })),
    );
  }

  async getPrivateData(collection: string, key: string): Promise<Uint8Array> {
    if (!this.member) throw new Error('this peer is no member of the collection');
    const found = this.namespace.privateData.get(`${collection}/${key}`);
    this.simulation.privateReads.set(`${collection}/${key}`, found?.version ?? 0);
    return found?.value ?? new Uint8Array();
  }

  getPrivateDataByPartialCompositeKey(collection: string, objectType: string, attributes: string[]) {
    if (!this.member) throw new Error('this peer is no member of the collection');
    if (this.simulation.writes.size > 0 || this.simulation.privateWrites.size > 0) {
      throw new Error('a query of private data after a write in one transaction');
    }
    this.queried = 'private';
    const prefix = `${collection}/${this.createCompositeKey(objectType, attributes)}`;
    const rows = [...this.namespace.privateData]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => byUtf8(a, b))
      .map(([key, { value }]) => ({ namespace: this.call.contract, key: key.slice(collection.length + 1), value }));
    // The shim does so too, other than its types say.
    return Object.assign(Promise.resolve({ iterator: iterate(rows) }), {
      async *[Symbol.asyncIterator]() {
        yield* rows;
      },
    });
  }

  async putPrivateData(collection: string, key: string, value: Uint8Array): Promise<void> {
    this.requireWritable();
    if (value.length === 0) throw new Error('an empty value deletes');
    this.simulation.privateWrites.set(`${collection}/${key}`, value);
  }

  async deletePrivateData(collection: string, key: string): Promise<void> {
    this.requireWritable();
    this.simulation.privateWrites.set(`${collection}/${key}`, undefined);
  }

  async purgePrivateData(collection: string, key: string): Promise<void> {
    this.requireWritable();
    this.simulation.privateWrites.set(`${collection}/${key}`, undefined);
  }

  private requireWritable(): void {
    if (this.queried) throw new Error(`a ${this.queried} query and a write in one transaction`);
  }

  setEvent(name: string, payload: Uint8Array): void {
    this.simulation.event = { name, payload };
  }

  async invokeChaincode(contract: string, args: string[], channel: string): Promise<ChaincodeResponse> {
    const response = await this.invoke(contract, channel, args);
    // A peer answers a failed call with an ERROR message, which the shim throws.
    if (response.status >= 400) throw new Error(response.message);
    return response;
  }
}
