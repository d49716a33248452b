import type { Channel } from '../channel/channel.ts';
import type { Snapshot } from '../ledger/database.ts';

/**
 * The state that one proposal sees: a snapshot of each channel, taken when it is first needed. All peers of this node
 * simulate on the same view, so that a block committed meanwhile does not make their results differ.
 */
export class StateView {
  readonly #snapshots = new Map<Channel, Snapshot>();

  snapshot(channel: Channel): Snapshot {
    let snapshot = this.#snapshots.get(channel);
    if (!snapshot) {
      snapshot = channel.store.snapshot();
      this.#snapshots.set(channel, snapshot);
    }
    return snapshot;
  }

  async release(): Promise<void> {
    const snapshots = [...this.#snapshots];
    this.#snapshots.clear();
    await Promise.all(snapshots.map(([channel, snapshot]) => channel.store.release(snapshot)));
  }
}
