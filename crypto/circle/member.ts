import { type Bytes, copyBytes, wipe } from '../bytes.ts';
import { CryptoError } from '../errors.ts';
import { decodeBlock } from './block.ts';
import { readCommit, requireChange, requireSignedCommit } from './commit.ts';
import { requireGroupInfo } from './groupInfo.ts';
import { guarded, type Held, holdOf, leavesOf, requireKeysOfTree, wipeState } from './groupState.ts';
import { keyCommitmentOf } from './key.ts';
import { type Pending, type Proposed, proposalOf } from './pending.ts';
import type { Authenticate, Refusal } from './standing.ts';
import { loadMls, type Mls } from './suite.ts';
import { type CircleLeaf, type EpochView, requireBlockOf, requireLeavesOf } from './view.ts';

export interface Unfit extends CircleLeaf {
  /** `replaced`: the member's own former leaf, whose state was lost. */
  reason: Refusal | 'replaced';
}

export interface MemberParts {
  patient: string;
  generation: number;
  /** Id of the own leaf. */
  leaf: string;
  subject: string;
  authenticate: Authenticate;
  /** Id of the own leaf that this one takes the place of and that may still be in the circle. */
  former?: string;
  /** Of how many epochs before the present one the key is kept, for what arrives late; 2 where it is not said. */
  retainEpochs?: number;
  /** Absent until the first change was taken by the ledger. */
  held?: Held;
  kept?: ReadonlyMap<number, Bytes>;
  proposed?: Proposed;
}

/**
 * One browser's or device's membership of a circle. It changes by `follow` and by applied changes only, one at a time; each
 * either happens or leaves it as it was. Keep `serialize()` before a change goes to the ledger and after each change.
 */
export class Member {
  readonly patient: string;
  readonly generation: number;
  readonly leaf: string;
  readonly subject: string;
  readonly #authenticate: Authenticate;
  readonly #former: string | undefined;
  readonly #retainEpochs: number;
  readonly #kept: Map<number, Bytes>;
  #held: Held | undefined;
  #proposed: Proposed | undefined;
  #removed = false;
  #last: Promise<unknown> = Promise.resolve();

  constructor(parts: MemberParts) {
    this.patient = parts.patient;
    this.generation = parts.generation;
    this.leaf = parts.leaf;
    this.subject = parts.subject;
    this.#authenticate = parts.authenticate;
    this.#former = parts.former;
    this.#retainEpochs = parts.retainEpochs ?? 2;
    this.#held = parts.held;
    this.#kept = new Map(parts.kept);
    this.#proposed = parts.proposed;
  }

  /** Whether the ledger has taken its joining and nothing has removed it since, as far as it has followed. */
  get joined(): boolean {
    return this.#held !== undefined;
  }

  /** The epoch that it stands at. Throws `CIRCLE_PENDING` before the ledger took its joining, `CIRCLE_REMOVED`. */
  get epoch(): number {
    return Number(this.#present().state.groupContext.epoch);
  }

  /** The change that waits for the ledger, if there is one. */
  get pending(): Pending | undefined {
    const proposed = this.#proposed;
    if (proposed === undefined) return undefined;
    const { next: _secret, ...said } = proposed;
    return { ...said, apply: () => this.#alone(async () => this.#apply(said.contentHash)) };
  }

  /** Everybody in the circle at this epoch. */
  leaves(): CircleLeaf[] {
    return leavesOf(this.#present().state.ratchetTree).map(({ leaf, subject, keyHash }) => ({
      leaf,
      subject,
      keyHash,
    }));
  }

  /** The key of the present epoch, or of one that is still kept: to read with, and to archive. Throws `CIRCLE_KEY`. */
  exportKey(epoch = this.epoch): Bytes {
    const key = epoch === this.epoch ? this.#present().key : this.#kept.get(epoch);
    if (key === undefined) throw new CryptoError('CIRCLE_KEY', `epoch ${epoch}`);
    return copyBytes(key);
  }

  /** All keys that it has, by epoch: for a member that takes its place. */
  exportKeys(): Map<number, Bytes> {
    const own = this.#held === undefined ? [] : [[this.epoch, this.#held.key] as const];
    return new Map([...this.#kept, ...own].map(([epoch, key]) => [epoch, copyBytes(key)]));
  }

  /** The key of the present epoch to seal with. Throws `CIRCLE_CREDENTIAL` while somebody is in the circle who may not be. */
  async sealingKey(): Promise<Bytes> {
    requireFit(await this.unfit());
    return this.exportKey();
  }

  /** Whoever is in the circle and may not be now, with the reason: to be removed before anything more is sealed. */
  async unfit(): Promise<Unfit[]> {
    const unfit: Unfit[] = [];
    for (const { leaf, subject, keyHash, certificatePem } of leavesOf(this.#present().state.ratchetTree)) {
      const reason = leaf === this.#former ? 'replaced' : await this.#authenticate(subject, certificatePem);
      if (reason !== undefined) unfit.push({ leaf, subject, keyHash, reason });
    }
    return unfit;
  }

  /**
   * Takes over the next epoch as the ledger names it. A change of its own that waits is applied if it is the one, and else
   * given up. Leaves that may not be there now do not stop it, since only who follows can remove them: see `unfit`. Throws
   * `CIRCLE_EPOCH` for any but the next, `CIRCLE_BLOCK` for another block than the ledger's, `CIRCLE_REMOVED` where the change
   * removes this leaf; and where the ledger took what nobody can follow `CIRCLE_MISMATCH` (other members, another key),
   * `CIRCLE_COMMIT`, `CIRCLE_CREDENTIAL`, `CIRCLE_MALFORMED`: then joining anew may lead on, or the next generation.
   */
  follow(view: EpochView, block: Uint8Array): Promise<void> {
    return this.#alone(() => this.#follow(view, block));
  }

  /**
   * Throws unless it stands where the ledger does: `CIRCLE_EPOCH` at another epoch, `CIRCLE_MISMATCH` where the ledger names
   * another key or other members for it, as after a change that only a server said was taken.
   */
  requireAt(view: EpochView): void {
    const { state, key } = this.#present();
    this.#requireSame(view);
    if (view.epoch !== this.epoch) throw new CryptoError('CIRCLE_EPOCH', `${view.epoch}, not ${this.epoch}`);
    requireLeavesOf(view, leavesOf(state.ratchetTree));
    requireKeyOf(view, key);
  }

  /**
   * A change that removes leaves. Throws `CIRCLE_CREDENTIAL` where somebody stays who may not, unless for a reason that is
   * tolerated: the ledger does not let everybody remove everybody.
   */
  remove(leaves: readonly string[], tolerated: readonly Unfit['reason'][] = []): Promise<Pending> {
    return this.#alone(() => this.#commit(leaves, tolerated));
  }

  /** A change of nothing but the keys, so that a state that was stolen before it is of no more use. Throws as `remove`. */
  refresh(tolerated: readonly Unfit['reason'][] = []): Promise<Pending> {
    return this.#alone(() => this.#commit([], tolerated));
  }

  /** Gives up the change that waits, if there is one. */
  drop(): Promise<void> {
    return this.#alone(async () => this.#drop());
  }

  /** Wipes everything; nothing can be done with it any more. */
  close(): Promise<void> {
    return this.#alone(async () => this.#close());
  }

  /** What it is made of, with secrets in the clear: for `serializeMember`. */
  parts(): MemberParts {
    const { patient, generation, leaf, subject } = this;
    if (this.#removed) throw new CryptoError('CIRCLE_REMOVED');
    return {
      ...{ patient, generation, leaf, subject, authenticate: this.#authenticate, retainEpochs: this.#retainEpochs },
      ...(this.#former !== undefined && { former: this.#former }),
      ...(this.#held !== undefined && { held: this.#held }),
      kept: this.#kept,
      ...(this.#proposed !== undefined && { proposed: this.#proposed }),
    };
  }

  #alone<T>(work: () => Promise<T>): Promise<T> {
    const done = this.#last.then(work);
    this.#last = done.catch(() => undefined);
    return done;
  }

  #requireSame({ patient, generation }: EpochView): void {
    if (patient !== this.patient || generation !== this.generation) {
      throw new CryptoError('CIRCLE_MISMATCH', 'another circle');
    }
  }

  #present(): Held {
    if (this.#removed) throw new CryptoError('CIRCLE_REMOVED');
    if (this.#held === undefined) throw new CryptoError('CIRCLE_PENDING', 'not joined');
    return this.#held;
  }

  async #follow(view: EpochView, block: Uint8Array): Promise<void> {
    if (this.#removed) throw new CryptoError('CIRCLE_REMOVED');
    this.#requireSame(view);
    if (this.#proposed?.contentHash === view.contentHash && this.#proposed.epoch === view.epoch) {
      requireBlockOf(view, block);
      requireLeavesOf(view, leavesOf(this.#proposed.next.state.ratchetTree));
      requireKeyOf(view, this.#proposed.next.key);
      return this.#apply(view.contentHash);
    }
    const held = this.#present();
    if (view.epoch !== this.epoch + 1) throw new CryptoError('CIRCLE_EPOCH', `${view.epoch} after ${this.epoch}`);
    requireBlockOf(view, block);
    const { commit, groupInfo } = decodeBlock(block);
    if (commit === null) throw new CryptoError('CIRCLE_MALFORMED', 'no commit');
    const library = await loadMls();
    const next = await guarded('CIRCLE_COMMIT', () => this.#process(library, held, view, commit, groupInfo));
    this.#drop();
    this.#advance(next);
  }

  async #process(library: Mls, held: Held, view: EpochView, commit: Bytes, groupInfo: Bytes): Promise<Held> {
    const { mls, cipherSuite } = library;
    const { message, ...change } = readCommit(library, commit, held.state);
    if (change.removed.includes(this.leaf)) {
      if (view.leaves?.some(({ leaf }) => leaf === this.leaf)) throw new CryptoError('CIRCLE_MISMATCH', 'own leaf');
      await requireSignedCommit(library, held.state, message);
      this.#close();
      throw new CryptoError('CIRCLE_REMOVED');
    }
    const done = await mls.processPublicMessage(held.state, message, mls.emptyPskIndex, cipherSuite);
    try {
      requireChange(held.state.ratchetTree, done.newState.ratchetTree, change);
      await requireKeysOfTree(done.newState, held.state);
      requireLeavesOf(view, leavesOf(done.newState.ratchetTree));
      // Nobody joins from an epoch that is over.
      if (view.leaves !== undefined) {
        await guarded('CIRCLE_MALFORMED', () => requireGroupInfo(library, groupInfo, view, done.newState));
      }
      const next = await holdOf(library, done.newState);
      requireKeyOf(view, next.key);
      // What a member's commit consumes is of the state before, and goes when that does.
      wipe(...done.consumed.filter((secret) => secret !== held.state.keySchedule.initSecret));
      return next;
    } catch (error) {
      wipeState(done.newState, held.state);
      throw error;
    }
  }

  async #commit(leaves: readonly string[], tolerated: readonly Unfit['reason'][]): Promise<Pending> {
    const { state } = this.#present();
    if (this.#proposed !== undefined) throw new CryptoError('CIRCLE_PENDING');
    if (leaves.includes(this.leaf)) throw new CryptoError('CIRCLE_COMMIT', 'nobody removes the own leaf');
    const removed = [...new Set(leaves)];
    const present = new Map(leavesOf(state.ratchetTree).map(({ leaf, index }) => [leaf, index]));
    const extraProposals = removed.map((leaf) => {
      const index = present.get(leaf);
      if (index === undefined) throw new CryptoError('CIRCLE_COMMIT', `${leaf} is not in the circle`);
      return { proposalType: 'remove' as const, remove: { removed: index } };
    });
    const unfit = (await this.unfit()).filter(({ leaf }) => !removed.includes(leaf));
    requireFit(unfit.filter(({ reason }) => !tolerated.includes(reason)));
    const library = await loadMls();
    const { mls, cipherSuite } = library;
    const { patient, generation } = this;
    this.#proposed = await guarded('CIRCLE_COMMIT', async () => {
      const { newState, commit } = await mls.createCommit(
        { state, cipherSuite },
        { wireAsPublicMessage: true, extraProposals },
      );
      const bytes = copyBytes(mls.encodeMlsMessage(commit));
      return proposalOf(library, { patient, generation }, bytes, newState, { added: [], removed });
    });
    return this.#requirePending();
  }

  #requirePending(): Pending {
    const { pending } = this;
    if (pending === undefined) throw new CryptoError('CIRCLE_PENDING', 'none');
    return pending;
  }

  #apply(contentHash: string): void {
    const proposed = this.#proposed;
    if (proposed?.contentHash !== contentHash) throw new CryptoError('CIRCLE_PENDING', 'another change');
    this.#proposed = undefined;
    this.#advance(proposed.next);
  }

  #advance(next: Held): void {
    const before = this.#held;
    this.#held = next;
    if (before !== undefined) {
      this.#kept.set(Number(before.state.groupContext.epoch), before.key);
      wipeState(before.state, next.state);
    }
    const oldest = this.epoch - this.#retainEpochs;
    for (const [epoch, key] of this.#kept) {
      if (epoch >= oldest) continue;
      wipe(key);
      this.#kept.delete(epoch);
    }
  }

  #drop(): void {
    const proposed = this.#proposed;
    if (proposed === undefined) return;
    this.#proposed = undefined;
    wipeState(proposed.next.state, this.#held?.state);
    wipe(proposed.next.key);
  }

  #close(): void {
    this.#drop();
    this.#removed = true;
    wipe(...this.#kept.values());
    this.#kept.clear();
    if (this.#held === undefined) return;
    wipeState(this.#held.state);
    wipe(this.#held.key);
    this.#held = undefined;
  }
}

function requireFit([first]: readonly Unfit[]): void {
  if (first !== undefined) throw new CryptoError('CIRCLE_CREDENTIAL', `${first.subject} ${first.reason}`);
}

function requireKeyOf({ keyCommitment }: EpochView, key: Bytes): void {
  if (keyCommitmentOf(key) !== keyCommitment) throw new CryptoError('CIRCLE_MISMATCH', 'another key');
}
