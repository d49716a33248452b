import type { Assertion, NewCredential } from '#chaincode/model/secondFactor.ts';
import { wipe } from '#crypto/bytes.ts';
import { passkeyLockKey } from '#crypto/passkey.ts';
import { assertByPin, createPin, type PinCredential } from '#crypto/pin.ts';
import { parseVaultRecord, putLock } from '#crypto/vault.ts';
import { ledgerCall, type TransactionIntent } from '#server/transactions/schema.ts';
import { VaultError } from './errors.ts';
import type { ChangedVault } from './lockOperations.ts';
import { changeContents, type OpenState, withContents } from './openVault.ts';

/** Second factors whose secret lies in the vault or opens it. Each takes the record that the server has now. */
export function factorOperations(opened: () => OpenState) {
  return {
    /**
     * Makes a signing PIN for the portal at `host`: what the ledger records of it, and what the vault keeps, sealed under the
     * PIN. Throws `PIN_TOO_SHORT`.
     */
    async makePin(input: { pin: string; host: string }): Promise<{ credential: NewCredential; kept: PinCredential }> {
      opened();
      return createPin(input.pin, input.host);
    },

    /** Puts a signing PIN into the vault, in the place of the one before. */
    async putPin(input: { record: string; kept: PinCredential }): Promise<ChangedVault> {
      const { kept } = input;
      return { record: await changeContents(opened(), input.record, async (contents) => ({ ...contents, pin: kept })) };
    },

    /** Takes the signing PIN off the vault. */
    async dropPin(input: { record: string }): Promise<ChangedVault> {
      return { record: await changeContents(opened(), input.record, async ({ pin: _, ...contents }) => contents) };
    },

    /** Credential id of the vault's signing PIN; null where there is none. */
    async pinOf(input: { record: string }): Promise<string | null> {
      return withContents(opened(), input.record, async ({ pin }) => pin?.id ?? null);
    },

    /** Confirms an intent by the signing PIN: the very call that the ledger will see. Throws `PIN_MISSING`, `PIN_WRONG`. */
    async confirmByPin(input: {
      record: string;
      intent: TransactionIntent;
      pin: string;
      origin: string;
    }): Promise<Assertion> {
      return withContents(opened(), input.record, async ({ pin: kept }) => {
        if (kept === undefined) throw new VaultError('PIN_MISSING', 'Your keys hold no signing PIN.');
        return assertByPin(kept, input.pin, ledgerCall(input.intent), input.origin);
      });
    },

    /** Makes a passkey a way to open the vault, by what its PRF gave, which is wiped. */
    async addPasskeyLock(input: {
      record: string;
      credentialId: string;
      output: Uint8Array<ArrayBuffer>;
    }): Promise<ChangedVault> {
      const key = passkeyLockKey(input.output);
      try {
        const opener = { kind: 'passkey' as const, credentialId: input.credentialId, key };
        return { record: JSON.stringify(await putLock(parseVaultRecord(input.record), opened().vaultKey, opener)) };
      } finally {
        wipe(key, input.output);
      }
    },
  };
}
