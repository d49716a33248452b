import { type Category, categories } from '#chaincode/model/category.ts';
import type { ConsentTerms } from '#chaincode/model/consent.ts';
import type { NewEpochs } from '#chaincode/model/healthRecord.ts';
import { newCareId } from '#crypto/identifier.ts';
import type { ClaimedReader } from '#crypto/reader.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { beginEpochs, type RecordReader, wrapForReaders } from './epochs.ts';
import { type ErrorMessage, errorMessage, VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';
import { newestKey, seenCategory } from './recordState.ts';
import { trustReader } from './trust.ts';

type Intent<Kind extends TransactionIntent['kind']> = Extract<TransactionIntent, { kind: Kind }>;

/** Who reads besides the person whose vault it is, and the organisations that keep shares. */
export interface Sharing {
  readers: RecordReader[];
  escrow: ClaimedReader[];
}

/**
 * Keys of a record, made and given by its owner: the patient, or who represents the patient. What was not opened before (by
 * `unlockRecord`) is not given on.
 */
export function consentOperations(opened: () => OpenState) {
  const nextEpochs = (state: OpenState, patient: string, of: readonly Category[], sharing: Sharing) => {
    const begun = of
      .filter((category) => seenCategory(state.records, patient, category).newest > 0)
      .map((category) => ({ category, before: newestKey(state.records, patient, category) }));
    return beginEpochs(state, patient, begun, sharing);
  };

  return {
    /**
     * Readers whose keys check, and those whose do not, with why: nothing is wrapped for a doubtful key, and it keeps nobody
     * else from getting keys, nor the owner from taking them away.
     */
    async checkReaders(input: {
      claims: ClaimedReader[];
    }): Promise<{ trusted: ClaimedReader[]; doubtful: { id: string; problem: ErrorMessage }[] }> {
      const state = opened();
      const trusted: ClaimedReader[] = [];
      const doubtful: { id: string; problem: ErrorMessage }[] = [];
      for (const claim of input.claims) {
        try {
          await trustReader(state, claim);
          trusted.push(claim);
        } catch (thrown) {
          doubtful.push({ id: claim.kind === 'escrow' ? claim.key.mspId : claim.id, problem: errorMessage(thrown) });
        }
      }
      return { trusted, doubtful };
    },

    /**
     * The first keys of categories that have none. `readers`: where a representative opens a ward's record, the ward if it has
     * keys, and further representatives.
     */
    async openRecord(input: { patient: string; categories: Category[] } & Sharing): Promise<Intent<'records:open'>> {
      const { patient, categories: missing, ...sharing } = input;
      const begun = missing.map((category) => ({ category }));
      return { kind: 'records:open', patient, record: await beginEpochs(opened(), patient, begun, sharing) };
    },

    /** Next keys of some categories, for those who may still read. */
    async renewEpochs(
      input: { patient: string; categories: Category[] } & Sharing,
    ): Promise<Intent<'records:renewEpochs'>> {
      const { patient, categories: of, ...sharing } = input;
      return { kind: 'records:renewEpochs', patient, record: await nextEpochs(opened(), patient, of, sharing) };
    },

    /** Present keys for readers who may read and have none, or one for a reading key of before. */
    async addWraps(input: { patient: string; readers: RecordReader[] }): Promise<Intent<'records:addWraps'>> {
      const state = opened();
      const { patient, readers } = input;
      const wanted = categories.filter((category) => readers.some((reader) => reader.categories.includes(category)));
      const keys = wanted.map((category) => newestKey(state.records, patient, category));
      const record = { epochs: [], wraps: await wrapForReaders(state, keys, readers) };
      return { kind: 'records:addWraps', patient, record };
    },

    /** A consent, with the keys that it opens; a denial has none. Throws `READER_MISSING` for a permit without its reader. */
    async grantConsent(input: {
      patient: string;
      terms: ConsentTerms;
      answers?: string;
      /** The grantee; of a role, its institution. */
      reader?: ClaimedReader;
    }): Promise<Intent<'consents:grant'>> {
      const state = opened();
      const { patient, terms, answers, reader } = input;
      const id = newCareId('con', patient);
      const record = terms.decision === 'deny' ? noKeys : await keysFor(state, patient, terms, reader);
      const consent = { id, patient, ...(answers !== undefined && { answers }) };
      return { kind: 'consents:grant', consent, terms, record };
    },

    /** The end of a consent: the next keys of what it opened, for who may still read. None where it was a denial. */
    async revokeConsent(
      input: { id: string; patient: string; terms: ConsentTerms } & Sharing,
    ): Promise<Intent<'consents:revoke'>> {
      const { id, patient, terms, ...sharing } = input;
      const state = opened();
      const of = terms.decision === 'permit' ? terms.categories : [];
      return { kind: 'consents:revoke', id, record: await nextEpochs(state, patient, of, sharing) };
    },
  };
}

const noKeys: NewEpochs = { epochs: [], wraps: [] };

async function keysFor(
  state: OpenState,
  patient: string,
  { grantee, categories: granted }: ConsentTerms,
  claim: ClaimedReader | undefined,
): Promise<NewEpochs> {
  if (claim === undefined || claim.kind === 'escrow' || claim.id !== grantee.id) {
    throw new VaultError('READER_MISSING', 'The key of whom this is for is missing.');
  }
  const existing = granted.filter((category) => seenCategory(state.records, patient, category).newest > 0);
  const keys = existing.map((category) => newestKey(state.records, patient, category));
  return { epochs: [], wraps: await wrapForReaders(state, keys, [{ claim, categories: existing }]) };
}
