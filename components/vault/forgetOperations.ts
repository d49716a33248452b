import { wipe } from '#crypto/bytes.ts';
import type { OpenState } from './openVault.ts';

/** Forgets secrets of prescriptions that nobody needs any more, before the vault locks. */
export function forgetOperations(opened: () => OpenState) {
  return {
    /** Forgets prescriptions that were composed and never signed. Others are opened again from the ledger. */
    async forgetPrescriptions(input: { ids: string[] }): Promise<void> {
      const { prescriptions } = opened();
      for (const id of input.ids) {
        const known = prescriptions.get(id);
        if (known !== undefined) wipe(known.dataKey, ...(known.code ? [known.code] : []));
        prescriptions.delete(id);
      }
    },

    /** Forgets an access code that was read, wherever it is kept: whoever needs it again scans it again. */
    async forgetCode(input: { redeemHash: string }): Promise<void> {
      const { codes, prescriptions } = opened();
      const code = codes.get(input.redeemHash);
      if (code === undefined) return;
      codes.delete(input.redeemHash);
      for (const content of prescriptions.values()) if (content.code === code) delete content.code;
      wipe(code);
    },
  };
}
