import { EventEmitter } from 'node:events';
import { type common, peer } from '@hyperledger/fabric-protos';
import type { Membership, SigningIdentity } from '../identity/membership.ts';
import { buildBlock, setValidationCodes } from '../ledger/block.ts';
import { checkConflicts } from '../ledger/conflicts.ts';
import { BlockEffects } from '../ledger/effects.ts';
import { KeyPolicies } from '../ledger/keyPolicies.ts';
import type * as keys from '../ledger/keys.ts';
import { ReceivedEnvelope } from '../ledger/received.ts';
import type { ChannelStore, TransactionStatus } from '../ledger/store.ts';
import { TransactionError } from '../ledger/transaction.ts';
import { type CheckedTransaction, checkTransaction } from '../ledger/validation.ts';
import { type Batching, preferredMaxBytes } from './limits.ts';
import type { ChannelPolicies } from './policies.ts';

const maxQueued = 20_000;
const maxQueuedBytes = 32 * 1024 * 1024;
const tidyEveryMs = 60_000;

/** Orders, validates and commits the transactions of one channel, one block after the other. */
export class Channel {
  readonly policies: ChannelPolicies;
  readonly store: ChannelStore;
  /** Emits 'block' after each commit, and 'failure' once when the channel can no longer write. */
  readonly events = new EventEmitter();
  readonly #membership: Membership;
  readonly #orderer: SigningIdentity;
  readonly #batching: Batching;
  readonly #waiters = new Map<string, Set<(status: TransactionStatus) => void>>();
  #queue: ReceivedEnvelope[] = [];
  #queuedBytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #due = false;
  #committing: Promise<void> | undefined;
  #failure: Error | undefined;
  readonly #tidyTimer: NodeJS.Timeout;
  #tidying: Promise<void> | undefined;
  readonly #closing = new AbortController();
  #verifying: Promise<void> | undefined;

  constructor(options: {
    policies: ChannelPolicies;
    store: ChannelStore;
    membership: Membership;
    orderer: SigningIdentity;
    batching: Batching;
  }) {
    this.policies = options.policies;
    this.store = options.store;
    this.#membership = options.membership;
    this.#orderer = options.orderer;
    this.#batching = options.batching;
    this.events.setMaxListeners(0);
    void this.store.failed.then((error) => this.#fail(error));
    this.#tidyTimer = setInterval(() => this.#tidy(), tidyEveryMs);
    this.#tidy(); // what a process that was killed has left
  }

  #tidy(): void {
    this.#tidying ??= this.store
      .tidy()
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#tidying = undefined;
      });
  }

  /** Reads, beside all else, the part of the chain that the start did not read; damage stops the channel. Never rejects. */
  verifyEarlier(): Promise<void> {
    this.#verifying ??= this.store.verifyEarlier(this.#closing.signal).catch((error: unknown) => {
      if (!this.#closing.signal.aborted) this.#fail(error);
    });
    return this.#verifying;
  }

  get name(): string {
    return this.policies.name;
  }

  /** Takes a transaction into the next batch. Throws when the channel cannot take more. */
  order(envelope: Uint8Array | ReceivedEnvelope): void {
    if (this.#failure) throw this.#failure;
    if (this.#queue.length >= maxQueued || this.#queuedBytes >= maxQueuedBytes)
      throw new Error(`channel ${this.name} has ${this.#queue.length} transactions waiting`);
    const received = envelope instanceof ReceivedEnvelope ? envelope : new ReceivedEnvelope(envelope);
    this.#queue.push(received);
    this.#queuedBytes += received.bytes.length;
    this.#schedule();
  }

  #schedule(): void {
    if (this.#queue.length === 0 || this.#failure) return;
    const full = this.#queue.length >= this.#batching.maxMessageCount || this.#queuedBytes >= preferredMaxBytes;
    if (full || this.#due) {
      this.#startCommit();
      return;
    }
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#due = true;
      this.#startCommit();
    }, this.#batching.timeoutMs);
  }

  #startCommit(): void {
    if (this.#committing) return;
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#due = false;
    const batch = this.#cut();
    if (batch.length === 0) return;
    this.#committing = this.#commit(batch)
      .catch((error: unknown) => this.#fail(error))
      .finally(() => {
        this.#committing = undefined;
        this.#schedule();
      });
  }

  /** The channel takes nothing more. */
  #fail(error: unknown): void {
    if (this.#failure) return;
    clearInterval(this.#tidyTimer);
    this.#failure = new Error(`channel ${this.name} stopped: ${error instanceof Error ? error.message : error}`);
    this.events.emit('failure', this.#failure);
  }

  #cut(): ReceivedEnvelope[] {
    let bytes = 0;
    let count = 0;
    for (const { bytes: own } of this.#queue) {
      if (count > 0 && (count >= this.#batching.maxMessageCount || bytes + own.length > preferredMaxBytes)) break;
      count += 1;
      bytes += own.length;
    }
    this.#queuedBytes -= bytes;
    return this.#queue.splice(0, count);
  }

  async #commit(batch: ReceivedEnvelope[]): Promise<void> {
    const number = this.store.height;
    const { hash: previousHash, lastConfig } = this.store;
    const envelopes = batch.map(({ bytes }) => bytes);
    const block = buildBlock({ number, previousHash, envelopes, orderer: this.#orderer, lastConfig });
    const effects = new BlockEffects(this.store, this.policies);
    const keyPolicies = new KeyPolicies(this.store);
    const outcomes = new Map<string, TransactionStatus>();
    const passed = new Set<string>();
    const codes: number[] = [];
    for (const [tx, received] of batch.entries()) {
      const { code, txId } = await this.#validate(received, { block: number, tx }, keyPolicies, effects, passed);
      codes.push(code);
      // As in Fabric, an id stands for the first transaction that has it. A valid one was looked up already.
      if (!txId || outcomes.has(txId)) continue;
      if (code !== peer.TxValidationCode.VALID && this.store.transaction(txId)) continue;
      effects.status(txId, { block: number, tx }, code);
      outcomes.set(txId, { code, block: number, tx });
    }
    const operations = await effects.operations(number);
    setValidationCodes(block, codes);
    await this.store.append(block, operations, effects.erases);
    this.store.kept.forget(effects.forgotten);
    for (const [txId, status] of outcomes) this.#announce(txId, status);
    this.events.emit('block', number);
  }

  async #validate(
    received: ReceivedEnvelope,
    version: keys.Version,
    keyPolicies: KeyPolicies,
    effects: BlockEffects,
    passed: Set<string>,
  ): Promise<{ code: number; txId: string | undefined }> {
    let checked: CheckedTransaction | undefined;
    try {
      const committed = (txId: string) => this.store.transaction(txId) !== undefined;
      const rules = { membership: this.#membership, policies: this.policies, keyPolicies };
      checked = checkTransaction(received, this.name, rules, committed);
      const { txId, changes } = checked;
      // Only one whose signatures and policies hold makes the next with its id a duplicate.
      if (passed.has(txId)) return { code: peer.TxValidationCode.DUPLICATE_TXID, txId };
      passed.add(txId);
      await checkConflicts(changes, this.store, effects.pending);
      effects.apply(checked, version);
      return { code: peer.TxValidationCode.VALID, txId };
    } catch (error) {
      if (!(error instanceof TransactionError)) throw error;
      return { code: error.code, txId: checked?.txId ?? received.txId };
    }
  }

  #announce(txId: string, status: TransactionStatus): void {
    const waiters = this.#waiters.get(txId);
    this.#waiters.delete(txId);
    for (const resolve of waiters ?? []) resolve(status);
  }

  /** The outcome of a transaction, as soon as it is committed. Rejects when the signal aborts. */
  status(txId: string, signal: AbortSignal): Promise<TransactionStatus> {
    const known = this.store.transaction(txId);
    if (known) return Promise.resolve(known);
    return new Promise((resolve, reject) => {
      const waiters = this.#waiters.get(txId) ?? new Set();
      this.#waiters.set(txId, waiters);
      const abort = () => {
        waiters.delete(settle);
        if (waiters.size === 0 && this.#waiters.get(txId) === waiters) this.#waiters.delete(txId);
        reject(signal.reason);
      };
      const settle = (status: TransactionStatus) => {
        signal.removeEventListener('abort', abort);
        resolve(status);
      };
      waiters.add(settle);
      if (signal.aborted) abort();
      else signal.addEventListener('abort', abort, { once: true });
    });
  }

  /** Blocks from a number on, waiting for those that are not there yet, until the signal aborts. */
  async *blocks(from: number, signal: AbortSignal): AsyncGenerator<common.Block> {
    for (let number = from; !signal.aborted; number += 1) {
      if (number >= this.store.height) await this.#waitForHeight(number + 1, signal);
      const block = signal.aborted ? undefined : this.store.block(number);
      if (!block) return;
      yield block;
    }
  }

  #waitForHeight(height: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const done = () => {
        this.events.off('block', check);
        signal.removeEventListener('abort', done);
        resolve();
      };
      const check = () => {
        if (this.store.height >= height) done();
      };
      this.events.on('block', check);
      signal.addEventListener('abort', done, { once: true });
      if (signal.aborted) done();
      else check();
    });
  }

  /** Commits what is queued, takes off the disk what was deleted, and closes the store. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    while (this.#committing || (this.#queue.length > 0 && !this.#failure)) {
      this.#startCommit();
      await this.#committing;
    }
    clearInterval(this.#tidyTimer);
    this.#closing.abort();
    await Promise.all([this.#tidying, this.#verifying]);
    if (!this.#failure) await this.store.tidy();
    await this.store.close();
  }
}
