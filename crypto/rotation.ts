import { generateSigningKey } from './signingKey.ts';
import { mostFormerSeeds, type VaultContents } from './vaultContents.ts';
import { createReadingKey } from './wrap.ts';

/**
 * A person's new keys, in steps that each leave a vault with every key that the ledger may have: made and stored as pending,
 * then recorded on the ledger under the present key, then put in the present one's place, or dropped where the ledger refused.
 */

/** Contents with pending keys; those of an attempt before are kept, since the ledger may have them. */
export async function beginRotation(
  contents: VaultContents,
): Promise<VaultContents & Required<Pick<VaultContents, 'pending'>>> {
  if (contents.pending !== undefined) return { ...contents, pending: contents.pending };
  const [signingKey, { seed: readingSeed }] = await Promise.all([generateSigningKey(), createReadingKey()]);
  return { ...contents, pending: { signingKey, readingSeed } };
}

/** Contents with the pending keys in the place of the present ones; the seed before opens what was wrapped for it. */
export function completeRotation({ pending, ...contents }: VaultContents): VaultContents {
  if (pending === undefined) return contents;
  return {
    ...contents,
    ...pending,
    formerSeeds: [contents.readingSeed, ...contents.formerSeeds].slice(0, mostFormerSeeds),
  };
}

/** Contents without pending keys, for when the ledger refused them for good. */
export function abandonRotation({ pending: _, ...contents }: VaultContents): VaultContents {
  return contents;
}
