import type { Category } from '#chaincode/model/category.ts';
import type { CategoryView } from '#chaincode/model/healthRecord.ts';
import type { InstitutionReading } from '#chaincode/model/registry.ts';
import type { OwnStaffWrap } from '#chaincode/model/staffWrap.ts';
import { epochStatement, staffWrapStatement, wrapStatement } from '#chaincode/model/statements.ts';
import type { Bytes } from '#crypto/bytes.ts';
import { type CategoryKey, climbDown, unwrapSeed } from '#crypto/categoryKey.ts';
import { CryptoError } from '#crypto/errors.ts';
import { combineShares, unwrapRelease } from '#crypto/escrow.ts';
import { readingKeyHash } from '#crypto/reader.ts';
import { type RecipientKey, recipientKeyOf } from '#crypto/wrap.ts';
import { type ErrorMessage, errorMessage, VaultError } from './errors.ts';
import { formerInstitutionSeed, unwrapInstitutionSeed } from './institutionKey.ts';
import { bySeed, type OpenState } from './openVault.ts';
import { categoryName } from './recordState.ts';
import { type Signers, trustReader, trustSigners } from './trust.ts';

/** How far a category is open to the vault's person. */
export interface UnlockedCategory {
  category: Category;
  /**
   * `empty`: the record has none of it. `behind`: open up to an older epoch, since nobody wrapped the newest yet. `locked`: no
   * key is wrapped. `refused`: what is there does not check, as `problem` says.
   */
  state: 'open' | 'behind' | 'locked' | 'empty' | 'refused';
  problem?: ErrorMessage;
}

/** Shares of a category's seed as organisations' connectors released them to this reader. */
export interface ReleasedShares {
  category: Category;
  epoch: number;
  wraps: string[];
}

const isOwnReader = (state: OpenState, reader: string) =>
  reader === state.owner.subjectId || reader.startsWith('inst-');

/** Derives the key pair of each seed once, for as long as a record is unlocked. */
function recipientKeys(): (seed: Bytes) => Promise<RecipientKey> {
  const known = new Map<Bytes, Promise<RecipientKey>>();
  return (seed) => {
    const key = known.get(seed) ?? recipientKeyOf(seed);
    known.set(seed, key);
    return key;
  };
}

/** The key that is wrapped for the person or the institution. */
async function wrappedKey(
  state: OpenState,
  patient: string,
  view: CategoryView,
  { signers, keyOf }: { signers: Signers; keyOf: ReturnType<typeof recipientKeys> },
): Promise<CategoryKey | undefined> {
  const { wrap, category } = view;
  if (wrap === undefined) return undefined;
  const { reader, by, epoch } = wrap;
  const begun = view.epochs.find((each) => each.epoch === epoch);
  if (begun === undefined || wrap.category !== category || !isOwnReader(state, reader)) {
    throw new CryptoError('WRAP_REFUSED', category);
  }
  await signers.require(by, wrapStatement(patient, by, wrap), wrap.signature, category);
  const of = { patient, category, epoch };
  const given = { wrap: wrap.wrap, publicKey: begun.publicKey };
  if (reader === state.owner.subjectId) {
    return bySeed(state, async (seed) => unwrapSeed(await keyOf(seed), of, reader, given));
  }
  const seed = state.records.institutionSeeds.get(wrap.readerKeyHash);
  if (seed === undefined)
    throw new VaultError('INSTITUTION_LOCKED', 'Your institution has not shared its key with you.');
  return unwrapSeed(await keyOf(seed), of, reader, given);
}

/** Keeps a key and all before it, down the ladder. */
async function keep(state: OpenState, view: CategoryView, key: CategoryKey): Promise<UnlockedCategory['state']> {
  const { category, epochs } = view;
  const keys = [key];
  let present = key;
  for (const [at, { epoch, ladder }] of epochs.entries()) {
    const before = epochs[at + 1];
    if (epoch > key.epoch || before === undefined) continue;
    present = await climbDown(present, ladder ?? '', before);
    keys.push(present);
  }
  const newest = epochs[0]?.epoch ?? 0;
  state.records.categories.set(categoryName(key.patient, category), { newest, keys });
  return key.epoch === newest ? 'open' : 'behind';
}

/** Opens what the ledger gives a reader of a record: own keys, those of the institution, and those out of escrow. */
export function unlockOperations(opened: () => OpenState) {
  const unlock = async (
    state: OpenState,
    patient: string,
    view: CategoryView,
    find: () => Promise<CategoryKey | undefined>,
  ): Promise<UnlockedCategory> => {
    const { category, epochs } = view;
    const newest = epochs[0]?.epoch ?? 0;
    state.records.categories.set(categoryName(patient, category), { newest, keys: [] });
    if (newest === 0) return { category, state: 'empty' };
    try {
      const key = await find();
      return { category, state: key === undefined ? 'locked' : await keep(state, view, key) };
    } catch (thrown) {
      return { category, state: 'refused', problem: errorMessage(thrown) };
    }
  };

  const requireEpochs = async (patient: string, { epochs, category }: CategoryView, signers: Signers) => {
    const [newest] = epochs;
    if (newest === undefined) return;
    await signers.require(newest.by, epochStatement(patient, newest.by, newest), newest.signature, category);
  };

  return {
    /**
     * Opens the categories of a record. The newest epoch must be its beginner's word and each wrap its granter's, by
     * `certificates` of whoever they name; the keys before follow from the ladder. One that does not check leaves the others
     * open.
     */
    async unlockRecord(input: {
      patient: string;
      views: CategoryView[];
      certificates: string[];
    }): Promise<UnlockedCategory[]> {
      const state = opened();
      const { patient, views, certificates } = input;
      const signers = await trustSigners(state, certificates);
      const keyOf = recipientKeys();
      return Promise.all(
        views.map((view) =>
          unlock(state, patient, view, async () => {
            await requireEpochs(patient, view, signers);
            return wrappedKey(state, patient, view, { signers, keyOf });
          }),
        ),
      );
    },

    /** Opens categories by shares that two organisations released: in an emergency, or after new keys. */
    async unlockByShares(input: {
      patient: string;
      views: CategoryView[];
      shares: ReleasedShares[];
      certificates: string[];
    }): Promise<UnlockedCategory[]> {
      const state = opened();
      const { patient, views, certificates } = input;
      const { subjectId } = state.owner;
      const signers = await trustSigners(state, certificates);
      return Promise.all(
        views.map((view) =>
          unlock(state, patient, view, async () => {
            await requireEpochs(patient, view, signers);
            const released = input.shares.find(({ category }) => category === view.category);
            const begun = view.epochs.find(({ epoch }) => epoch === released?.epoch);
            if (released === undefined || begun === undefined) return undefined;
            const of = { patient, category: view.category, epoch: released.epoch };
            const shares = await Promise.all(
              released.wraps.map((wrap) => bySeed(state, (seed) => unwrapRelease(seed, of, subjectId, wrap))),
            );
            return combineShares(of, begun.publicKey, shares);
          }),
        ),
      );
    },

    /**
     * Opens the institution's key, as its admin wrapped it for this member of staff; all generations before follow down the
     * ladders. `certificates`: those of the admins who made and wrapped it.
     */
    async openInstitutionKey(input: {
      institution: string;
      own: OwnStaffWrap;
      certificates: string[];
    }): Promise<{ generation: number }> {
      const state = opened();
      const { institution, own } = input;
      const { reading, wrap, ladders } = own;
      const { subjectId } = state.owner;
      const signers = await trustSigners(state, input.certificates);
      await requireMaker(state, institution, reading, input.certificates);
      const said = staffWrapStatement(institution, wrap.by, wrap);
      await signers.require(wrap.by, said, wrap.signature, institution);
      if (wrap.practitioner !== subjectId || wrap.generation !== reading.generation) {
        throw new CryptoError('WRAP_REFUSED', institution);
      }
      const seed = await bySeed(state, (own) => unwrapInstitutionSeed(own, institution, subjectId, reading, wrap.wrap));
      const { institutionSeeds } = state.records;
      institutionSeeds.set(readingKeyHash(reading.readingKey), seed);
      let present: Uint8Array = seed;
      for (const step of [reading, ...ladders]) {
        const former = await formerInstitutionSeed(institution, step, present);
        if (former === undefined) break;
        institutionSeeds.set(former.keyHash, former.seed);
        present = former.seed;
      }
      return { generation: reading.generation };
    },
  };
}

/** The key must be an admin's word, by one of the certificates. Throws the last refusal. */
async function requireMaker(
  state: OpenState,
  id: string,
  reading: InstitutionReading,
  certificates: readonly string[],
): Promise<void> {
  let refusal: unknown = new CryptoError('SIGNATURE_FOREIGN', id);
  for (const certificatePem of certificates) {
    try {
      await trustReader(state, { kind: 'institution', id, reading, certificatePem });
      return;
    } catch (error) {
      refusal = error;
    }
  }
  throw refusal;
}
