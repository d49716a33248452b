import { ledger } from '@hyperledger/fabric-protos';
import type { ChannelPolicies } from '../channel/policies.ts';
import { isDelete } from './changes.ts';
import type { Operation } from './database.ts';
import type { Version } from './keys.ts';
import * as keys from './keys.ts';
import { PendingState } from './pending.ts';
import { PrivateEffects } from './privateEffects.ts';
import type { ChannelStore } from './store.ts';
import type { CheckedTransaction } from './validation.ts';

/** The database operations that follow from the valid transactions of one block. */
export class BlockEffects {
  /** Database keys of kept private writes that are no longer needed. */
  readonly forgotten: Buffer[] = [];
  readonly #operations: Operation[] = [];
  readonly pending: PendingState;
  readonly #store: ChannelStore;
  readonly #private: PrivateEffects;
  #erases = false;

  constructor(store: ChannelStore, policies: ChannelPolicies) {
    this.#store = store;
    this.pending = new PendingState(store);
    this.#private = new PrivateEffects(store, policies, this.pending);
  }

  /** Whether private values must leave the disk: purged, expired, or of transactions that did not become valid. */
  get erases(): boolean {
    return this.#erases || this.#private.erases;
  }

  /** Notes the outcome of a transaction under its id, after which nothing that was kept for it is needed. */
  status(txId: string, version: Version, code: number): void {
    this.#operations.push({
      type: 'put',
      key: keys.transactionKey(txId),
      value: keys.encodeVersioned(version, Uint8Array.of(code)),
    });
    const kept = this.#store.kept.keysOf(txId);
    for (const key of kept) this.#operations.push({ type: 'del', key });
    this.forgotten.push(...kept);
    if (kept.length > (this.#private.taken.has(txId) ? 1 : 0)) this.#erases = true;
  }

  apply(transaction: CheckedTransaction, version: Version): void {
    this.pending.apply(transaction.changes, version);
    for (const { namespace, content } of transaction.changes)
      for (const write of content.getWritesList()) this.#history(transaction, namespace, write, version);
    this.#private.apply(transaction, version);
  }

  #history(
    transaction: CheckedTransaction,
    namespace: string,
    write: ledger.rwset.kvrwset.KVWrite,
    version: Version,
  ): void {
    const change = new ledger.queryresult.KeyModification();
    change.setTxId(transaction.txId);
    change.setValue(write.getValue_asU8());
    change.setTimestamp(transaction.channelHeader.getTimestamp());
    change.setIsDelete(isDelete(write));
    this.#operations.push({
      type: 'put',
      key: keys.historyKey(namespace, write.getKey(), version),
      value: Buffer.from(change.serializeBinary()),
    });
  }

  /** All that the block does to the database. Call it once, when every transaction has been applied. */
  async operations(block: number): Promise<Operation[]> {
    const ofPrivateData = await this.#private.operations(block);
    return [...this.#operations, ...ofPrivateData, ...this.pending.operations()];
  }
}
