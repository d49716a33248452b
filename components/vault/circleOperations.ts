import { mostLeavesOfOne, type NewCommit } from '#chaincode/model/circle.ts';
import type { Bytes } from '#crypto/bytes.ts';
import type { CircleSigner } from '#crypto/circle/credential.ts';
import { createCircle, type Joined, joinCircle } from '#crypto/circle/join.ts';
import type { Member, Unfit } from '#crypto/circle/member.ts';
import type { Pending } from '#crypto/circle/pending.ts';
import { restoreMember, serializeMember } from '#crypto/circle/serial.ts';
import type { CircleLeaf, EpochView } from '#crypto/circle/view.ts';
import { CryptoError } from '#crypto/errors.ts';
import { signStatement } from '#crypto/statement.ts';
import type { BlockSource } from './blocks.ts';
import { authenticationBy, type CircleSource, enteredCircle, isOwner, type OpenCircle } from './circleState.ts';
import { type CircleStore, circleEntry } from './circleStore.ts';
import type { OutgoingBlock } from './documentOperations.ts';
import type { OpenState } from './openVault.ts';

/** A browser reads what it was there for, however many times the key has changed since. */
const retainEpochs = 100_000;

/** Where this browser stands in a circle. */
export type CircleStanding =
  | {
      state: 'in';
      generation: number;
      epoch: number;
      /** Its own. */
      leaf: string;
      leaves: CircleLeaf[];
      /** Whoever is in it and may not be: nothing is sealed before they are removed. */
      unfit: Unfit[];
      /** Hex; of the present key. */
      keyCommitment: string;
    }
  /** Epochs from `from` on are needed to follow it. */
  | { state: 'behind'; generation: number; from: number }
  /** Nobody has begun it. */
  | { state: 'none' }
  /** The person has no seat in it, or not any more. */
  | { state: 'outside'; was: boolean }
  /** The ledger took a change, by `by`, that leads nowhere: an owner has to begin the circle anew. */
  | { state: 'stuck'; by: string };

/** A change that counts once the ledger has it: `circleSettle` says whether it does. */
export interface CircleChange {
  state: 'commit';
  /** For `circles:commit`. */
  commit: NewCommit;
  block: OutgoingBlock;
}

/** This browser as one leaf of a circle (RFC 9420): its secrets stay here, and sealed in the browser's own store. */
export function circleOperations(opened: () => OpenState, blocks: BlockSource, store: CircleStore) {
  const entryOf = (state: OpenState, patient: string) => circleEntry(store, state.vaultKey, patient);

  const save = async (state: OpenState, { member }: OpenCircle) =>
    entryOf(state, member.patient).write(await serializeMember(member));

  const forget = async (state: OpenState, patient: string) => {
    state.circles.open.get(patient)?.member.close();
    state.circles.open.delete(patient);
    await entryOf(state, patient).remove();
  };

  const signerOf = (state: OpenState): CircleSigner => ({
    subject: state.owner.subjectId,
    certificatePem: state.owner.certificatePem,
    sign: (statement) => signStatement(state.signing.privateKey, statement),
  });

  /** The judgement of whoever is in a circle, by what was read of it last. */
  const authenticationOf = (state: OpenState, source: CircleSource) =>
    authenticationBy(state, () => state.circles.open.get(source.patient)?.source ?? source);

  /** What this browser kept of the circle: another tab of it may have gone on since. */
  const restore = async (state: OpenState, source: CircleSource): Promise<OpenCircle | undefined> => {
    const { patient } = source;
    const kept = await entryOf(state, patient).read();
    if (kept === undefined) return undefined;
    try {
      const restored = { member: await restoreMember(kept, authenticationOf(state, source)), source };
      void state.circles.open.get(patient)?.member.close();
      state.circles.open.set(patient, restored);
      return restored;
    } catch (error) {
      if (!(error instanceof CryptoError)) throw error;
      await forget(state, patient);
      return undefined;
    }
  };

  /** Follows what was committed since: `anew` where this browser has to join again. */
  const follow = async ({ member, source }: OpenCircle): Promise<'there' | 'anew' | { from: number }> => {
    const { circle, epochs } = source;
    if (circle === null || member.generation !== circle.generation) return 'anew';
    const from = member.joined ? member.epoch + 1 : (member.pending?.epoch ?? circle.epoch + 1);
    for (let epoch = from; epoch <= circle.epoch; epoch += 1) {
      const view: EpochView | undefined = epoch === circle.epoch ? circle : epochs.find((one) => one.epoch === epoch);
      if (view === undefined) return { from: epoch };
      // Whoever has not joined yet is in by the own change, or not at all.
      if (!member.joined && view.contentHash !== member.pending?.contentHash) return 'anew';
      const [block = new Uint8Array()] = await blocks([view.cid]);
      await member.follow(view, block);
    }
    return member.joined && isAt(member, circle) ? 'there' : 'anew';
  };

  const standing = async ({ member, source }: OpenCircle): Promise<CircleStanding> => ({
    state: 'in',
    ...{ generation: member.generation, epoch: member.epoch, leaf: member.leaf, leaves: member.leaves() },
    unfit: await member.unfit(),
    keyCommitment: source.circle?.keyCommitment ?? '',
  });

  const propose = async (
    state: OpenState,
    source: CircleSource,
    { member, pending }: Joined,
  ): Promise<CircleChange> => {
    const joining = { member, source };
    state.circles.open.set(source.patient, joining);
    // Kept before anybody hears of it: a browser that closes after the ledger took it is a member all the same.
    await save(state, joining);
    return changeOf(pending);
  };

  const join = async (
    state: OpenState,
    source: CircleSource,
    { former, kept, restart }: { former?: string | undefined; kept: ReadonlyMap<number, Bytes>; restart: boolean },
  ): Promise<CircleChange | CircleStanding> => {
    const { patient, circle } = source;
    const signer = signerOf(state);
    const authenticate = authenticationOf(state, source);
    const joining = { signer, authenticate, retainEpochs };
    if (circle === null) {
      if (!isOwner(signer.subject)) return { state: 'none' };
      return propose(state, source, await createCircle({ patient, generation: 1, ...joining }));
    }
    const own = circle.leaves.filter(({ subject }) => subject === signer.subject);
    // Its own former leaf; and one more than the ledger lets a person have takes the place of the oldest.
    const oldest = own.length >= mostLeavesOfOne ? own[0] : undefined;
    const replaces = (own.find(({ leaf }) => leaf === former) ?? oldest)?.leaf;
    const [block = new Uint8Array()] = await blocks([circle.cid]);
    const place = { view: circle, block, kept, ...(replaces !== undefined && { replaces }) };
    const joined = await joinCircle({ ...place, ...joining }).catch((error: unknown) => {
      if (error instanceof CryptoError && leadsNowhere.has(error.code)) return undefined;
      throw error;
    });
    if (joined !== undefined) return propose(state, source, joined);
    if (!restart || !isOwner(signer.subject)) return { state: 'stuck', by: circle.by };
    return propose(state, source, await createCircle({ patient, generation: circle.generation + 1, ...joining }));
  };

  return {
    /**
     * Takes this browser to the present epoch: by what it kept and the commits since, else by joining, which the answer asks to
     * have recorded. With `restart`, an owner begins a circle anew that is stuck. Throws `CIRCLE_BLOCK` where a block did not
     * arrive as it should.
     */
    async circleEnter({
      restart = false,
      ...source
    }: CircleSource & { restart?: boolean }): Promise<CircleStanding | CircleChange> {
      const state = opened();
      const before = await restore(state, source);
      let kept = new Map<number, Bytes>();
      if (before !== undefined) {
        const reached = await follow(before).catch((error: unknown) => {
          // Removed, of a history that is not the ledger's, or before a change that leads nowhere: only joining anew may lead back.
          const isOver = error instanceof CryptoError && (lost.has(error.code) || leadsNowhere.has(error.code));
          if (isOver) return 'anew' as const;
          throw error;
        });
        if (reached !== 'anew') await save(state, before);
        if (reached === 'there') return standing(before);
        if (reached !== 'anew') return { state: 'behind', generation: before.member.generation, ...reached };
        if (before.member.generation === source.circle?.generation) kept = before.member.exportKeys();
        await forget(state, source.patient);
      }
      const { subject, certificatePem } = signerOf(state);
      const refusal = await authenticationOf(state, source)(subject, certificatePem);
      if (refusal !== undefined) return { state: 'outside', was: before !== undefined };
      return join(state, source, { former: before?.member.leaf, kept, restart });
    },

    /** Goes on with a change that the ledger took, or gives it up. Throws `CIRCLE_PENDING` where there is none. */
    async circleSettle({ patient, taken }: { patient: string; taken: boolean }): Promise<void> {
      const state = opened();
      const circle = enteredCircle(state, patient);
      if (taken) {
        const { pending } = circle.member;
        if (pending === undefined) throw new CryptoError('CIRCLE_PENDING', 'none');
        await pending.apply();
      } else {
        await circle.member.drop();
        if (!circle.member.joined) return forget(state, patient);
      }
      await save(state, circle);
    },

    /**
     * A change that removes whoever may not be in the circle any more; null where nobody is. What the ledger leaves to owners
     * stays where this person is none.
     */
    async circleCommitRemoval(source: CircleSource): Promise<CircleChange | null> {
      const state = opened();
      const circle = enteredCircle(state, source.patient);
      circle.source = source;
      const unfit = await circle.member.unfit();
      const mine = isOwner(state.owner.subjectId) ? unfit : unfit.filter(({ reason }) => !ownersOnly.has(reason));
      if (mine.length === 0) return null;
      const pending = await circle.member.remove(
        mine.map(({ leaf }) => leaf),
        isOwner(state.owner.subjectId) ? [] : [...ownersOnly],
      );
      await save(state, circle);
      return changeOf(pending);
    },
  };
}

/** Reasons that only registry or certificate tell, which the contract of the care channel does not know. */
const ownersOnly = new Set<Unfit['reason']>(['expired', 'untrusted']);

/** After which a leaf is worth nothing more. */
const lost = new Set<string>(['CIRCLE_REMOVED', 'CIRCLE_EPOCH', 'CIRCLE_PENDING']);
/** What the ledger took and nobody can follow, or not from where this browser stood. */
const leadsNowhere = new Set<string>(['CIRCLE_MISMATCH', 'CIRCLE_COMMIT', 'CIRCLE_MALFORMED', 'CIRCLE_CREDENTIAL']);

/** False after a change that only the server said was taken: it has led elsewhere. */
function isAt(member: Member, circle: EpochView): boolean {
  try {
    member.requireAt(circle);
    return true;
  } catch (error) {
    if (error instanceof CryptoError) return false;
    throw error;
  }
}

function changeOf(pending: Pending): CircleChange {
  const { patient, generation, epoch, cid, contentHash, keyCommitment, added, removed } = pending;
  return {
    state: 'commit',
    commit: { patient, generation, epoch, cid, contentHash, keyCommitment, added, removed },
    block: { cid, codec: 'raw', bytes: pending.block },
  };
}
