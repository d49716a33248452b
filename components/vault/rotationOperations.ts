import { rotationStatement } from '#chaincode/model/statements.ts';
import { createCertificateRequest } from '#crypto/certificateRequest.ts';
import { abandonRotation, beginRotation, completeRotation } from '#crypto/rotation.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { signStatement } from '#crypto/statement.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import type { ChangedVault } from './lockOperations.ts';
import { changeContents, type OpenState, withContents } from './openVault.ts';

/** Keys that wait in the vault: what the institution certifies and the ledger records of them. */
export interface PendingRotation {
  keys: { signingKeyHash: string; readingKey: string; wallet: string };
  /** Certificate request by the next signing key, PEM. */
  csrPem: string;
  /** The present key's word for them, base64url. */
  proof: string;
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
          keys,
          csrPem: await createCertificateRequest(signing, subjectId),
          proof: await signStatement(state.signing.privateKey, rotationStatement(subjectId, keys)),
        };
      });
    },

    /** Puts the keys that wait in the present ones' place, once the ledger has them. */
    async completeRotation(input: { record: string; certificatePem: string }): Promise<ChangedVault> {
      const change = changeContents(opened(), input.record, async (contents) => ({
        ...completeRotation(contents),
        certificate: input.certificatePem,
      }));
      return { record: await change };
    },

    /** Drops the keys that wait, once it is sure that the ledger does not have them. */
    async abandonRotation(input: { record: string }): Promise<ChangedVault> {
      return { record: await changeContents(opened(), input.record, async (contents) => abandonRotation(contents)) };
    },
  };
}
