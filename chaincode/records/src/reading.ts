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
import type {
  CategoryView,
  OpenableDocument,
  SeedHolder,
  StoredCategory,
  StoredDocument,
  StoredSeedWrap,
} from '../../model/healthRecord.ts';
import { documentId } from '../../model/identifiers.ts';
import type { Page } from '../../model/registry.ts';
import {
  currentEpochs,
  formerEpochs,
  getDocument,
  getSecrets,
  indexHeads,
  listHolders,
  objectTypes,
  readTails,
  wrapsFor,
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
  return inOrder(await currentEpochs(await Folder.of(ctx, patient)));
}

/** In the order of the catalogue; a range has that of the blinded keys. */
function inOrder<T extends { category: Category }>(found: readonly T[]): T[] {
  return found.toSorted((one, other) => categories.indexOf(one.category) - categories.indexOf(other.category));
}

/** The whole record for its owner. */
export async function readOwn(ctx: Context, pseudonym: string): Promise<CategoryView[]> {
  const { patient, person } = await requireOwner(ctx, parsePseudonym(ctx, pseudonym), peerTime());
  return viewCategories(await Folder.of(ctx, patient.pseudonym), categories, [person.pseudonym]);
}

/** Who has which seeds, for the owner, whose browser gives new ones to whom they are due. */
export async function readHolders(ctx: Context, pseudonym: string): Promise<SeedHolder[]> {
  const { patient } = await requireOwner(ctx, parsePseudonym(ctx, pseudonym), peerTime());
  return listHolders(await Folder.of(ctx, patient.pseudonym));
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
  // Each question is a way to the peer and back, so that what is of all categories is asked for at once.
  const current = await currentEpochs(folder);
  const heads = await indexHeads(folder);
  const wraps: StoredSeedWrap[] = [];
  for (const reader of readers) wraps.push(...(await wrapsFor(folder, reader)));
  const former = current.some(({ epoch }) => epoch > 1) ? await formerEpochs(folder) : [];
  const tails = await readTails(folder, released);
  return released.map((category) => {
    const isOfIt = (found: { category: Category }) => found.category === category;
    const { tail, more } = tails.get(category) ?? { tail: [], more: false };
    const epochs = [...current, ...former].filter(isOfIt);
    return { category, epochs, wrap: newestOf(wraps.filter(isOfIt)), index: heads.find(isOfIt), tail, more };
  });
}

/** The first of the highest epoch. */
function newestOf(wraps: readonly StoredSeedWrap[]): StoredSeedWrap | undefined {
  return wraps.toSorted((one, other) => other.epoch - one.epoch)[0];
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
