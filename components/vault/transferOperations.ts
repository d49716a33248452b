import { CryptoError } from '#crypto/errors.ts';
import type { ClaimedReader } from '#crypto/reader.ts';
import { openTransferWrap, wrapTransfer } from '#crypto/transfer.ts';
import type { TransactionIntent } from '#server/transactions/schema.ts';
import { VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';
import {
  type OpenedPrescription,
  openAndKeep,
  openedBefore,
  type RecordedPrescription,
} from './prescriptionOperations.ts';
import { trustReader } from './trust.ts';

/** Gives a held prescription on to another pharmacy, and opens one that came so. */
export function transferOperations(opened: () => OpenState) {
  return {
    /**
     * Offers a prescription that was opened before to the institution that the pharmacist chose, with all that opens it. Throws
     * NOT_OPENED, CODE_MISSING, `KEY_UNTRUSTED` where the key is of somebody else, and what speaks against it.
     */
    async composeTransfer(input: {
      id: string;
      institution: string;
      to: ClaimedReader;
    }): Promise<Extract<TransactionIntent, { kind: 'offerTransfer' }>> {
      const state = opened();
      const { dataKey, code } = openedBefore(state, input.id);
      if (code === undefined) throw new VaultError('CODE_MISSING', 'Scan or type the access code again.');
      if (input.to.kind !== 'institution' || input.to.id !== input.institution) {
        throw new CryptoError('KEY_UNTRUSTED', `it is not the key of ${input.institution}`);
      }
      const reader = await trustReader(state, input.to);
      const wrap = await wrapTransfer(input.id, reader, dataKey, code);
      return { kind: 'offerTransfer', id: input.id, to: reader.id, wrap };
    },

    /** Opens a prescription that was transferred to the person's institution, whose key is open. Throws `INSTITUTION_LOCKED`. */
    async openTransferred(input: {
      recorded: RecordedPrescription;
      institution: string;
      wrap: string;
      bytes: Uint8Array;
    }): Promise<OpenedPrescription> {
      const state = opened();
      const { recorded, institution, wrap, bytes } = input;
      // The newest generation of the institution's key, or one from before.
      for (const seed of state.records.institutionSeeds.values()) {
        const secret = await openTransferWrap(seed, recorded.id, institution, wrap).catch(() => undefined);
        if (secret) return openAndKeep(state, secret.dataKey, recorded, bytes, secret.code);
      }
      throw new VaultError('INSTITUTION_LOCKED', 'Your institution has not shared its key with you.');
    },
  };
}
