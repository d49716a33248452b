import type { Context } from 'fabric-contract-api';
import { requireActor } from '../../care/actor.ts';
import { parsePseudonym } from '../../care/channel.ts';
import { Folder } from '../../care/folder.ts';
import { getPatient } from '../../care/people.ts';
import { requireTreating } from '../../consents/src/permission.ts';
import { requireStatement } from '../../ledger/statement.ts';
import { transientJson } from '../../ledger/transient.ts';
import type { Category } from '../../model/category.ts';
import { LedgerError } from '../../model/errors.ts';
import { newIndex, recordTransientField } from '../../model/healthRecord.ts';
import { indexStatement } from '../../model/statements.ts';
import {
  announceRecord,
  currentEpoch,
  findIndexHead,
  getDocument,
  getSecrets,
  leaveTail,
  putIndexHead,
} from './storage.ts';

/** A head with 400 segments and 500 documents. */
const maxIndexBytes = 128 * 1024;

/**
 * Replaces the encrypted index of a category by the next version, which covers documents of the tail in the version that
 * they have (WRONG_STATE where either is another by now). Whoever reads the category may fold its tail.
 */
export async function putIndex(ctx: Context, at: Date, patient: string): Promise<void> {
  const { pseudonym } = await getPatient(ctx, parsePseudonym(ctx, patient));
  const { head, covers } = transientJson(ctx, recordTransientField, newIndex, maxIndexBytes);
  const actor = await requireActor(ctx, pseudonym, at);
  const folder = await Folder.of(ctx, pseudonym);
  await requireTreating(folder, actor, head.category, at);
  requireStatement(ctx, indexStatement(pseudonym, actor.id, head), head.signature);
  const current = await currentEpoch(folder, head.category);
  if (!current) throw new LedgerError('RECORD_NOT_OPENED', 'the category has no keys');
  if (current.epoch !== head.epoch) throw new LedgerError('STALE_KEY', 'the category has another epoch');
  const before = await findIndexHead(folder, head.category);
  if (head.version !== (before?.version ?? 0) + 1) throw new LedgerError('WRONG_STATE', 'not the next version');
  for (const covered of covers) await cover(ctx, folder, head.category, covered);
  await putIndexHead(folder, { ...head, by: actor.id, at: at.toISOString() });
  announceRecord(ctx, pseudonym, 'records:putIndex', at);
}

async function cover(
  ctx: Context,
  folder: Folder,
  category: Category,
  { id, version }: { id: string; version: number },
) {
  const document = await getDocument(ctx, id);
  const secrets = document.patient === folder.patient ? await getSecrets(folder, id) : undefined;
  if (secrets?.category !== category) {
    throw new LedgerError('INVALID_ARGUMENT', 'covers: a document of another patient or category');
  }
  if (document.version !== version) throw new LedgerError('WRONG_STATE', `${id} has changed meanwhile`);
  await leaveTail(folder, id, secrets);
}
