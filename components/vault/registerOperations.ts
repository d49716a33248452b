import type { HeldRegisterEntry, RegisterEntry } from '#chaincode/model/controlledRegister.ts';
import { openRegisterEntry } from '#crypto/controlledRegister.ts';
import { type ErrorMessage, errorMessage, VaultError } from './errors.ts';
import type { OpenState } from './openVault.ts';

/** Opens the authority's register with its key, whose seed the worker keeps. */
export function registerOperations(opened: () => OpenState) {
  const open = async (state: OpenState, institution: string, held: HeldRegisterEntry): Promise<RegisterEntry> => {
    let refusal: unknown = new VaultError('INSTITUTION_LOCKED', 'Your institution has not shared its key with you.');
    // The newest generation first; an entry of an older one opens by the seed before it.
    for (const seed of state.records.institutionSeeds.values()) {
      try {
        return await openRegisterEntry(seed, institution, held);
      } catch (error) {
        refusal = error;
      }
    }
    throw refusal;
  };

  return {
    /** Entries of the register; one that does not open keeps no other back. `openInstitutionKey` comes first. */
    async openRegister(input: {
      institution: string;
      entries: HeldRegisterEntry[];
    }): Promise<{ entries: RegisterEntry[]; refused: { id: string; problem: ErrorMessage }[] }> {
      const state = opened();
      const entries: RegisterEntry[] = [];
      const refused: { id: string; problem: ErrorMessage }[] = [];
      for (const held of input.entries) {
        try {
          entries.push(await open(state, input.institution, held));
        } catch (thrown) {
          refused.push({ id: held.id, problem: errorMessage(thrown) });
        }
      }
      return { entries, refused };
    },
  };
}
