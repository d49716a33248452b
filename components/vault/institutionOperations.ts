import type { InstitutionReading } from '#chaincode/model/registry.ts';
import type { StaffWrap } from '#chaincode/model/staffWrap.ts';
import { institutionStatement, staffWrapStatement } from '#chaincode/model/statements.ts';
import { randomBytes } from '#crypto/bytes.ts';
import { type ClaimedReader, readingKeyHash } from '#crypto/reader.ts';
import { signStatement } from '#crypto/statement.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { VaultError } from './errors.ts';
import { makeInstitutionLadder, wrapInstitutionSeed } from './institutionKey.ts';
import type { OpenState } from './openVault.ts';
import { trustReader } from './trust.ts';

type Staff = Extract<ClaimedReader, { kind: 'person' }>;

/** What an institution's admin does with its reading key. */
export function institutionOperations(opened: () => OpenState) {
  const seedOf = (state: OpenState, { readingKey }: Pick<InstitutionReading, 'readingKey'>) => {
    const seed = state.records.institutionSeeds.get(readingKeyHash(readingKey));
    if (seed === undefined)
      throw new VaultError('INSTITUTION_LOCKED', 'Your institution has not shared its key with you.');
    return seed;
  };

  const wrapForStaff = async (
    state: OpenState,
    institution: string,
    { generation, seed }: { generation: number; seed: Uint8Array },
    staff: readonly Staff[],
  ): Promise<StaffWrap[]> =>
    Promise.all(
      staff.map(async (claim) => {
        const reader = await trustReader(state, claim);
        const unsigned = {
          practitioner: reader.id,
          generation,
          readerKeyHash: readingKeyHash(reader.readingKey),
          wrap: await wrapInstitutionSeed(institution, generation, seed, reader),
        };
        const said = staffWrapStatement(institution, state.owner.subjectId, unsigned);
        return { ...unsigned, signature: await signStatement(state.signing.privateKey, said) };
      }),
    );

  return {
    /**
     * The first or the next generation of the institution's key, with its seed for each of the staff, among whom the admin
     * must be. `present`: the generation in force, whose seed was opened before. The staff get their wraps before the key
     * comes into force, so that patients never wrap for a key that nobody holds.
     */
    async makeInstitutionKey(input: {
      institution: string;
      present?: InstitutionReading;
      staff: Staff[];
    }): Promise<{ reading: InstitutionReading; staff: StaffWrap[] }> {
      const state = opened();
      const { institution, present, staff } = input;
      const by = state.owner.subjectId;
      const { seed, publicKey } = await createReadingKey(randomBytes(32));
      const generation = (present?.generation ?? 0) + 1;
      const ladder =
        present === undefined
          ? undefined
          : await makeInstitutionLadder(institution, { generation, seed }, seedOf(state, present));
      const unsigned = { generation, readingKey: publicKey, by, ...(ladder !== undefined && { ladder }) };
      const said = institutionStatement(institution, unsigned);
      const reading = { ...unsigned, signature: await signStatement(state.signing.privateKey, said) };
      const wraps = await wrapForStaff(state, institution, { generation, seed }, staff);
      state.records.institutionSeeds.set(readingKeyHash(publicKey), seed);
      return { reading, staff: wraps };
    },

    /** The seed of the generation in force for further staff, or for new keys of present ones. Throws `INSTITUTION_LOCKED`. */
    async wrapInstitutionKey(input: {
      institution: string;
      reading: InstitutionReading;
      staff: Staff[];
    }): Promise<StaffWrap[]> {
      const state = opened();
      const { institution, reading, staff } = input;
      const { generation } = reading;
      return wrapForStaff(state, institution, { generation, seed: seedOf(state, reading) }, staff);
    },
  };
}
