import type { Context } from 'fabric-contract-api';
import type { z } from 'zod';
import { stateBytes } from '../model/state.ts';
import { readStates, type State } from './batches.ts';
import { decodeRecord } from './store.ts';

/** What a table does with what one step of a transaction has written. */
export interface Undoable {
  /** Lets it stay. */
  keep(): void;
  /** Takes it back. */
  drop(): void;
  /** All that has stayed, for the ledger. */
  states(): State[];
}

/**
 * The records of one type as the transaction leaves them: a peer does not show a transaction its own writes, and of several
 * steps (events, batches) each sees what those before it have done. What one step writes stays or goes as a whole.
 */
export class Table<T> implements Undoable {
  private readonly ctx: Context;
  private readonly objectType: string;
  private readonly schema: z.ZodType<T>;
  /** By key; undefined is a record that there is not, or no more. */
  private readonly committed = new Map<string, T | undefined>();
  private readonly kept = new Map<string, T | undefined>();
  private readonly tried = new Map<string, T | undefined>();

  constructor(ctx: Context, objectType: string, schema: z.ZodType<T>) {
    this.ctx = ctx;
    this.objectType = objectType;
    this.schema = schema;
  }

  async get(...attributes: string[]): Promise<T | undefined> {
    const key = this.key(attributes);
    for (const layer of [this.tried, this.kept, this.committed]) if (layer.has(key)) return layer.get(key);
    await this.load([attributes]);
    return this.committed.get(key);
  }

  /** Reads records that are about to be asked for together. */
  async load(names: readonly string[][]): Promise<void> {
    const keys = new Set(names.map((attributes) => this.key(attributes)));
    const unread = [...keys].filter((key) => !this.committed.has(key));
    const values = await readStates(this.ctx, unread);
    for (const [index, key] of unread.entries()) {
      const value = values[index] ?? new Uint8Array();
      this.committed.set(key, value.length > 0 ? decodeRecord(this.schema, value) : undefined);
    }
  }

  put(attributes: string[], record: T): void {
    this.tried.set(this.key(attributes), record);
  }

  remove(...attributes: string[]): void {
    this.tried.set(this.key(attributes), undefined);
  }

  /** What follows `attributes` in the keys below them, in the order of the ledger, what is new last. */
  async list(...attributes: string[]): Promise<string[][]> {
    const prefix = this.key(attributes);
    const keys = new Set<string>();
    const rows = await this.ctx.stub.getStateByPartialCompositeKey(this.objectType, attributes);
    for (let next = await rows.next(); !next.done; next = await rows.next()) {
      const { key, value } = next.value;
      keys.add(key);
      if (!this.committed.has(key)) this.committed.set(key, decodeRecord(this.schema, value));
    }
    for (const layer of [this.kept, this.tried]) {
      for (const [key, record] of layer) {
        if (record === undefined) keys.delete(key);
        else if (key.startsWith(prefix)) keys.add(key);
      }
    }
    return [...keys].map((key) => this.ctx.stub.splitCompositeKey(key).attributes.slice(attributes.length));
  }

  keep(): void {
    for (const [key, record] of this.tried) this.kept.set(key, record);
    this.tried.clear();
  }

  drop(): void {
    this.tried.clear();
  }

  states(): State[] {
    return [...this.kept].map(([key, record]) => [key, record === undefined ? undefined : stateBytes(record)]);
  }

  private key(attributes: string[]): string {
    return this.ctx.stub.createCompositeKey(this.objectType, attributes);
  }
}
