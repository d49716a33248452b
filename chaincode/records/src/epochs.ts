import type { Context } from 'fabric-contract-api';
import { parsePseudonym } from '../../care/channel.ts';
import { Folder } from '../../care/folder.ts';
import { type Owner, requireOwner } from '../../care/owner.ts';
import { readConsents } from '../../consents/src/inForce.ts';
import { requireStatement } from '../../ledger/statement.ts';
import { transientField, transientJson } from '../../ledger/transient.ts';
import type { Category } from '../../model/category.ts';
import { LedgerError } from '../../model/errors.ts';
import { type CategoryEpoch, type NewEpochs, newEpochs, recordTransientField } from '../../model/healthRecord.ts';
import { epochStatement } from '../../model/statements.ts';
import { announceRecord, currentEpoch, putEpoch } from './storage.ts';
import { keepWraps } from './wraps.ts';

/** Ten categories for sixty readers take 1 MiB. */
const maxEpochsBytes = 2 * 1024 * 1024;

/** The epochs and wraps that a transaction brings. */
export function presentedEpochs(ctx: Context): NewEpochs {
  return transientJson(ctx, recordTransientField, newEpochs, maxEpochsBytes);
}

/** Begins the keys of categories that have none, and with the first of them the record. */
export async function open(ctx: Context, at: Date, patient: string): Promise<void> {
  const owner = await requireOwner(ctx, parsePseudonym(ctx, patient), at);
  const { epochs, wraps } = presentedEpochs(ctx);
  if (epochs.length === 0) throw new LedgerError('INVALID_ARGUMENT', 'epochs: at least one');
  const { pseudonym } = owner.patient;
  const found = await Folder.find(ctx, pseudonym);
  for (const { category } of epochs) {
    if (found && (await currentEpoch(found, category))) {
      throw new LedgerError('ALREADY_EXISTS', 'epochs: of a category that has keys');
    }
  }
  const brought = transientField(ctx, recordTransientField, maxEpochsBytes);
  const folder = found ?? (await Folder.begin(ctx, pseudonym, brought));
  const consents = found ? await readConsents(found) : [];
  const begun = await beginEpochs(ctx, folder, owner, { epochs, wraps }, at);
  await keepWraps(ctx, folder, wraps, { owner, consents, begun, at });
  announceRecord(ctx, pseudonym, 'records:open', at);
}

/** Begins the next epoch of categories: who is not given its seed reads nothing that is written from then on. */
export async function renewEpochs(ctx: Context, at: Date, patient: string): Promise<void> {
  const owner = await requireOwner(ctx, parsePseudonym(ctx, patient), at);
  const { epochs, wraps } = presentedEpochs(ctx);
  if (epochs.length === 0) throw new LedgerError('INVALID_ARGUMENT', 'epochs: at least one');
  const folder = await Folder.of(ctx, owner.patient.pseudonym);
  for (const { category } of epochs) await requireOpened(folder, category);
  const begun = await beginEpochs(ctx, folder, owner, { epochs, wraps }, at);
  await keepWraps(ctx, folder, wraps, { owner, consents: await readConsents(folder), begun, at });
  announceRecord(ctx, folder.patient, 'records:renewEpochs', at);
}

/** Gives the seeds of present epochs to readers that are permitted and have none, or have another key now. */
export async function addWraps(ctx: Context, at: Date, patient: string): Promise<void> {
  const owner = await requireOwner(ctx, parsePseudonym(ctx, patient), at);
  const { epochs, wraps } = presentedEpochs(ctx);
  if (epochs.length > 0) throw new LedgerError('INVALID_ARGUMENT', 'epochs: none here');
  if (wraps.length === 0) throw new LedgerError('INVALID_ARGUMENT', 'wraps: at least one');
  const folder = await Folder.of(ctx, owner.patient.pseudonym);
  await keepWraps(ctx, folder, wraps, { owner, consents: await readConsents(folder), at });
  announceRecord(ctx, folder.patient, 'records:addWraps', at);
}

async function requireOpened(folder: Folder, category: Category): Promise<void> {
  if (await currentEpoch(folder, category)) return;
  throw new LedgerError('RECORD_NOT_OPENED', 'epochs: of a category without keys');
}

/**
 * Begins epochs, each the one after the present (STALE_KEY), signed by the owner, with a ladder from the one before, and
 * with seeds for the patient and for whoever begins it, so that nobody can shut the patient out (INVALID_ARGUMENT).
 */
export async function beginEpochs(
  ctx: Context,
  folder: Folder,
  { patient, person }: Owner,
  { epochs, wraps }: NewEpochs,
  at: Date,
): Promise<Map<Category, number>> {
  const begun = new Map<Category, number>();
  const by = person.pseudonym;
  const own = new Set([by, ...(patient.keys ? [patient.pseudonym] : [])]);
  for (const next of epochs) {
    const { category, epoch } = next;
    if (begun.has(category)) throw new LedgerError('INVALID_ARGUMENT', 'epochs: two of one category');
    const before = await currentEpoch(folder, category);
    requireNext(next, before?.epoch ?? 0);
    requireStatement(ctx, epochStatement(folder.patient, by, next), next.signature);
    for (const reader of own) {
      if (wraps.some((wrap) => wrap.category === category && wrap.reader === reader)) continue;
      throw new LedgerError('INVALID_ARGUMENT', `wraps: none for ${reader} of a category that begins an epoch`);
    }
    await putEpoch(folder, { ...next, by, at: at.toISOString() }, before);
    begun.set(category, epoch);
  }
  return begun;
}

function requireNext({ epoch, ladder }: CategoryEpoch, before: number): void {
  if (epoch !== before + 1) throw new LedgerError('STALE_KEY', 'epochs: not the next one of the category');
  if ((ladder === undefined) !== (before === 0)) {
    throw new LedgerError('INVALID_ARGUMENT', 'epochs: a ladder from the epoch before, and none in the first');
  }
}
