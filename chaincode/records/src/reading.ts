import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { requireActor } from '../../care/actor.ts';
import { parseCareId, parsePseudonym } from '../../care/channel.ts';
import { Folder } from '../../care/folder.ts';
import { requireOwner } from '../../care/owner.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { peerTime } from '../../ledger/clock.ts';
import { readPage } from '../../ledger/store.ts';
import { type Category, categories } from '../../model/category.ts';
import { LedgerError } from '../../model/errors.ts';
import type { CategoryView, OpenableDocument, StoredCategory, StoredDocument } from '../../model/healthRecord.ts';
import { documentId } from '../../model/identifiers.ts';
import type { Page } from '../../model/registry.ts';
import {
  currentEpoch,
  findIndexHead,
  findWrap,
  formerEpochs,
  getDocument,
  getSecrets,
  objectTypes,
  readTail,
} from './storage.ts';

/** Reads, to be evaluated and never submitted: what they answer would stay in a block for ever. */

const someDocuments = z.array(documentId).min(1).max(50);

export async function read(ctx: Context, id: string): Promise<StoredDocument> {
  return getDocument(ctx, parseCareId(ctx, documentId, id, 'id'));
}

export async function listByPatient(
  ctx: Context,
  pseudonym: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<StoredDocument>> {
  const patient = parsePseudonym(ctx, pseudonym);
  return readPage(ctx, objectTypes.patientDocument, [patient], pageSize, bookmark, (_key, value) =>
    getDocument(ctx, Buffer.from(value).toString('utf8')),
  );
}

/** What a clinician in standing, or an owner, needs to write: the present key of every category that has one. */
export async function readKeys(ctx: Context, pseudonym: string): Promise<StoredCategory[]> {
  const patient = parsePseudonym(ctx, pseudonym);
  await requireActor(ctx, patient, peerTime());
  const folder = await Folder.of(ctx, patient);
  const keys: StoredCategory[] = [];
  for (const category of categories) {
    const current = await currentEpoch(folder, category);
    if (current) keys.push(current);
  }
  return keys;
}

/** The whole record for its owner. */
export async function readOwn(ctx: Context, pseudonym: string): Promise<CategoryView[]> {
  const { patient, person } = await requireOwner(ctx, parsePseudonym(ctx, pseudonym), peerTime());
  return viewCategories(await Folder.of(ctx, patient.pseudonym), categories, [person.pseudonym]);
}

export async function readOwnDocuments(ctx: Context, pseudonym: string, ids: string): Promise<OpenableDocument[]> {
  const { patient } = await requireOwner(ctx, parsePseudonym(ctx, pseudonym), peerTime());
  return openDocuments(ctx, await Folder.of(ctx, patient.pseudonym), ids, categories);
}

/** What somebody reads of categories whose seeds are wrapped for the person or the institution, the person's first. */
export async function viewCategories(
  folder: Folder,
  released: readonly Category[],
  readers: readonly string[],
): Promise<CategoryView[]> {
  const views: CategoryView[] = [];
  for (const category of released) views.push(await viewCategory(folder, category, readers));
  return views;
}

async function viewCategory(folder: Folder, category: Category, readers: readonly string[]): Promise<CategoryView> {
  const current = await currentEpoch(folder, category);
  if (!current) return { category, epochs: [], tail: [], more: false };
  const former = current.epoch > 1 ? await formerEpochs(folder, category) : [];
  let wrap: CategoryView['wrap'];
  for (const reader of readers) {
    const found = await findWrap(folder, category, reader);
    if (found && found.epoch > (wrap?.epoch ?? 0)) wrap = found;
  }
  const index = await findIndexHead(folder, category);
  return { category, epochs: [current, ...former], wrap, index, ...(await readTail(folder, category)) };
}

/**
 * Documents of a patient with what opens them, in the order asked for. One of a category that is not released is refused
 * like one that does not exist here, so that nobody learns of which it is: NOT_FOUND.
 */
export async function openDocuments(
  ctx: Context,
  folder: Folder,
  json: string,
  released: readonly Category[],
): Promise<OpenableDocument[]> {
  const found: OpenableDocument[] = [];
  for (const id of parseJson(someDocuments, json, 'ids')) {
    const document = await getDocument(ctx, id);
    const secrets = document.patient === folder.patient ? await getSecrets(folder, id) : undefined;
    if (!secrets || !released.includes(secrets.category)) {
      throw new LedgerError('NOT_FOUND', `${id} is not among what is released`);
    }
    found.push({ document, epoch: secrets.epoch, wrap: secrets.wrap });
  }
  return found;
}
