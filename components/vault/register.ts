import { z } from 'zod';
import { type HeldRegisterEntry, heldRegisterEntry, type RegisterEntry } from '#chaincode/model/controlledRegister.ts';
import { careChannelOf } from '#server/prescriptions/schema.ts';
import { vaultClient } from './client.ts';
import { VaultError } from './errors.ts';
import { openInstitutionKey, read } from './records.ts';

const idsAtOnce = 50;

/** The authority's register as its staff read it: one signed reading for each channel and 50 entries, opened in the worker. */
export async function openRegister(
  institution: string,
  ids: readonly string[],
): Promise<{ entries: RegisterEntry[]; refused: string[] }> {
  await openInstitutionKey(institution);
  const entries: RegisterEntry[] = [];
  const refused: string[] = [];
  for (const own of Map.groupBy(ids, careChannelOf).values()) {
    for (let at = 0; at < own.length; at += idsAtOnce) {
      const some = own.slice(at, at + idsAtOnce);
      const held = await readHeld(some);
      const opened = await vaultClient().call('openRegister', { institution, entries: held });
      entries.push(...opened.entries);
      const known = new Set(opened.entries.map(({ id }) => id));
      refused.push(...some.filter((id) => !known.has(id)));
    }
  }
  return { entries, refused };
}

/** Those that the ledger has; none is no failure of the others. */
async function readHeld(ids: string[]): Promise<HeldRegisterEntry[]> {
  try {
    return await read({ kind: 'readRegister', ids }, z.array(heldRegisterEntry));
  } catch (error) {
    if (error instanceof VaultError && error.code === 'NOT_FOUND') return [];
    throw error;
  }
}
