import { rotationStatement } from '#chaincode/model/statements.ts';
import { certificateKeyHash, createCertificateRequest } from '#crypto/certificateRequest.ts';
import { abandonRotation, beginRotation, completeRotation } from '#crypto/rotation.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { signStatement } from '#crypto/statement.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { VaultError } from './errors.ts';
import type { ChangedVault } from './lockOperations.ts';
import { changeContents, type OpenState, withContents } from './openVault.ts';

/** Keys that wait in the vault: what the institution certifies and the ledger records of them. */
export interface PendingRotation {
  keys: { signingKeyHash: string; readingKey: string; wallet: string };
  /** Certificate request by the next signing key, PEM. */
  csrPem: string;
  /** The present key's word for them, base64url. */
  proof: string;
  /** They are in use already: the ledger has them, and the vault is to be brought in line. */
  taken: boolean;
}

/**
 * New signing and reading keys in steps of which each leaves a vault with every key that the ledger may have. Each operation
 * takes the record that the server has now, and answers one that takes its place once the server has it.
 */
export function rotationOperations(opened: () => OpenState) {
  return {
    /** Puts next keys into the vault; those of an attempt before stay. To be stored before anything else is asked. */
    async beginRotation(input: { record: string }): Promise<ChangedVault> {
      return { record: await changeContents(opened(), input.record, beginRotation) };
    },

    /** Whether keys wait in this record. */
    async hasPendingKeys(input: { record: string }): Promise<boolean> {
      return withContents(opened(), input.record, async ({ pending }) => pending !== undefined);
    },

    /** What is to be certified and recorded of the keys that wait; null where none do. */
    async pendingRotation(input: { record: string }): Promise<PendingRotation | null> {
      const state = opened();
      return withContents(state, input.record, async ({ pending }) => {
        if (pending === undefined) return null;
        const [signing, reading] = await Promise.all([
          importSigningKey(pending.signingKey),
          createReadingKey(pending.readingSeed),
        ]);
        const keys = { signingKeyHash: signing.hash, readingKey: reading.publicKey, wallet: state.wallet };
        const { subjectId } = state.owner;
        return {
          taken: signing.hash === state.signing.hash,
          keys,
          csrPem: await createCertificateRequest(signing, subjectId),
          proof: await signStatement(state.signing.privateKey, rotationStatement(subjectId, keys)),
        };
      });
    },

    /**
     * Puts the keys that wait in the present ones' place, once the ledger has them: once the person's certificate is theirs.
     * Throws `LEDGER_UNDECIDED` before that, since a vault must open with the certificate that counts.
     */
    async completeRotation(input: { record: string; certificatePem: string }): Promise<ChangedVault> {
      const { certificatePem } = input;
      const change = changeContents(opened(), input.record, async (contents) => {
        const { pending } = contents;
        if (pending === undefined) return contents;
        const { hash } = await importSigningKey(pending.signingKey);
        if (certificateKeyHash(certificatePem) !== hash) {
          throw new VaultError('LEDGER_UNDECIDED', 'The new keys do not count yet.');
        }
        return { ...completeRotation(contents), certificate: certificatePem };
      });
      return { record: await change };
    },

    /** Drops the keys that wait, once it is sure that the ledger does not have them. */
    async abandonRotation(input: { record: string }): Promise<ChangedVault> {
      return { record: await changeContents(opened(), input.record, async (contents) => abandonRotation(contents)) };
    },
  };
}
