import type { Assertion, NewCredential } from '#chaincode/model/secondFactor.ts';
import { wipe } from '#crypto/bytes.ts';
import { passkeyLockKey } from '#crypto/passkey.ts';
import { assertByPin, createPin } from '#crypto/pin.ts';
import { openContents, parseVaultRecord, putLock, replaceContents } from '#crypto/vault.ts';
import type { VaultContents } from '#crypto/vaultContents.ts';
import { ledgerCall, type TransactionIntent } from '#server/transactions/schema.ts';
import { VaultError } from './errors.ts';
import type { ChangedVault } from './lockOperations.ts';
import type { OpenState } from './openVault.ts';

export interface MadePin extends ChangedVault {
  /** What the ledger records of it. */
  credential: NewCredential;
}

/** Second factors whose secret lies in the vault or opens it. Each takes the record that the server has now. */
export function factorOperations(opened: () => OpenState) {
  /** Opens the contents for as long as `use` needs them. */
  const within = async <T>(record: string, use: (contents: VaultContents) => Promise<T>): Promise<T> => {
    const contents = await openContents(parseVaultRecord(record), opened().vaultKey);
    try {
      return await use(contents);
    } finally {
      const { signingKey, readingSeed, walletKey, formerSeeds, pending } = contents;
      wipe(signingKey, readingSeed, walletKey, ...formerSeeds);
      if (pending !== undefined) wipe(pending.signingKey, pending.readingSeed);
    }
  };
  const change = (record: string, next: (contents: VaultContents) => VaultContents) =>
    within(record, async (contents) =>
      JSON.stringify(await replaceContents(parseVaultRecord(record), opened().vaultKey, next(contents))),
    );

  return {
    /** Makes a signing PIN in the place of the one before, for the portal at `host`. Throws `PIN_TOO_SHORT`. */
    async makePin(input: { record: string; pin: string; host: string }): Promise<MadePin> {
      opened();
      const { credential, kept } = await createPin(input.pin, input.host);
      return { record: await change(input.record, (contents) => ({ ...contents, pin: kept })), credential };
    },

    /** Takes the signing PIN off the vault. */
    async dropPin(input: { record: string }): Promise<ChangedVault> {
      return { record: await change(input.record, ({ pin: _, ...contents }) => contents) };
    },

    /** Credential id of the vault's signing PIN; null where there is none. */
    async pinOf(input: { record: string }): Promise<string | null> {
      return within(input.record, async ({ pin }) => pin?.id ?? null);
    },

    /** Confirms an intent by the signing PIN: the very call that the ledger will see. Throws `PIN_MISSING`, `PIN_WRONG`. */
    async confirmByPin(input: {
      record: string;
      intent: TransactionIntent;
      pin: string;
      origin: string;
    }): Promise<Assertion> {
      return within(input.record, async ({ pin: kept }) => {
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
