import type { Context } from 'fabric-contract-api';
import type { Folder } from '../../care/folder.ts';
import type { Owner } from '../../care/owner.ts';
import { representationOf } from '../../care/representations.ts';
import type { ConsentInForce } from '../../consents/src/inForce.ts';
import { requireStatement } from '../../ledger/statement.ts';
import type { Category } from '../../model/category.ts';
import { mayHold } from '../../model/consent.ts';
import { LedgerError } from '../../model/errors.ts';
import type { SeedWrap } from '../../model/healthRecord.ts';
import { wrapStatement } from '../../model/statements.ts';
import { findReader, type KnownReader } from './readers.ts';
import { currentEpoch, putWrap } from './storage.ts';

/** By what wraps are judged: who gives them, the consents that are in force afterwards, and epochs begun just now. */
export interface Giving {
  owner: Owner;
  consents: readonly ConsentInForce[];
  begun?: ReadonlyMap<Category, number>;
  at: Date;
}

/**
 * Keeps seeds for their readers: each for the newest epoch and the reader's present key (STALE_KEY), signed by the owner
 * (INVALID_ARGUMENT), and for nobody but the patient, who represents the patient, escrow, and whom a consent permits
 * (NO_CONSENT).
 */
export async function keepWraps(
  ctx: Context,
  folder: Folder,
  wraps: readonly SeedWrap[],
  giving: Giving,
): Promise<void> {
  requireOnce(wraps);
  const readers = new Map<string, KnownReader>();
  const epochs = new Map(giving.begun);
  const by = giving.owner.person.pseudonym;
  for (const wrap of wraps) {
    const { category, epoch, reader, readerKeyHash } = wrap;
    const current = epochs.get(category) ?? (await currentEpoch(folder, category))?.epoch;
    if (current === undefined) throw new LedgerError('RECORD_NOT_OPENED', 'wraps: of a category without keys');
    epochs.set(category, current);
    if (current !== epoch) throw new LedgerError('STALE_KEY', 'wraps: the category has another epoch');
    const known = readers.get(reader) ?? (await findReader(ctx, reader));
    readers.set(reader, known);
    if (known.keyHash !== readerKeyHash) throw new LedgerError('STALE_KEY', `wraps: ${reader} has another key`);
    await requirePermitted(ctx, wrap, known, giving);
    requireStatement(ctx, wrapStatement(folder.patient, by, wrap), wrap.signature);
    await putWrap(folder, { ...wrap, by });
  }
}

function requireOnce(wraps: readonly SeedWrap[]): void {
  const named = new Set(wraps.map(({ category, reader }) => `${category} ${reader}`));
  if (named.size !== wraps.length) throw new LedgerError('INVALID_ARGUMENT', 'wraps: two for one reader of a category');
}

async function requirePermitted(ctx: Context, { category, reader }: SeedWrap, { holder }: KnownReader, giving: Giving) {
  const { pseudonym } = giving.owner.patient;
  if (reader.startsWith('escrow:') || reader === pseudonym) return;
  const isPermitted = holder
    ? mayHold(giving.consents, holder, category, giving.at)
    : (await representationOf(ctx, pseudonym, reader, giving.at)) !== undefined;
  if (!isPermitted) throw new LedgerError('NO_CONSENT', `wraps: nothing permits ${reader}`);
}
