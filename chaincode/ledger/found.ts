import { LedgerError } from '../model/errors.ts';

/**
 * Reads what is there of a list, in its order: an id that is not found keeps no other back. Throws NOT_FOUND where none is, and
 * whatever else one of them is refused with.
 */
export async function readFound<T>(ids: readonly string[], read: (id: string) => Promise<T>): Promise<T[]> {
  const found: T[] = [];
  let missing: LedgerError | undefined;
  for (const id of ids) {
    try {
      found.push(await read(id));
    } catch (error) {
      if (!(error instanceof LedgerError) || error.code !== 'NOT_FOUND') throw error;
      missing ??= error;
    }
  }
  if (missing && found.length === 0) throw missing;
  return found;
}
