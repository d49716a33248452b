import { type Root, requireRoots } from '#crypto/certificate.ts';
import { CryptoError } from '#crypto/errors.ts';
import { VaultError } from './errors.ts';
import type { ChangedVault } from './lockOperations.ts';
import { changeContents, type OpenState } from './openVault.ts';

/** Whom the vault trusts. */
export function rootOperations(opened: () => OpenState) {
  return {
    /**
     * Pins the organisations' authorities, once: what is pinned is not replaced by what a server says later. The vault
     * trusts them from then on, and in other browsers once the record is stored. Throws `CERTIFICATE_UNTRUSTED`,
     * `ROOTS_PINNED`.
     */
    async pinRoots(input: { record: string; roots: Root[] }): Promise<ChangedVault> {
      const state = opened();
      await requireRoots(input.roots);
      if (input.roots.length === 0) throw new CryptoError('CERTIFICATE_UNTRUSTED', 'none');
      const record = await changeContents(state, input.record, async (contents) => {
        if (contents.roots.length > 0) throw new VaultError('ROOTS_PINNED', 'Your keys know whom to trust already.');
        return { ...contents, roots: input.roots };
      });
      state.roots = input.roots;
      return { record };
    },
  };
}
