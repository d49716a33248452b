import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { type Folder, folderTypes } from '../../care/folder.ts';
import { highestFirst, newestFirst } from '../../ledger/order.ts';
import { announce, getRecord, putIndex, putRecord } from '../../ledger/store.ts';
import { careEvents } from '../../model/careEvents.ts';
import type { Category } from '../../model/category.ts';
import { LedgerError } from '../../model/errors.ts';
import {
  documentSecrets,
  type OpenableDocument,
  openableDocument,
  type SeedHolder,
  type StoredCategory,
  type StoredDocument,
  type StoredIndexHead,
  type StoredSeedWrap,
  storedCategory,
  storedDocument,
  storedIndexHead,
  storedSeedWrap,
} from '../../model/healthRecord.ts';

/** Public: one document a key. What opens it is in the patient's folder. */
export const objectTypes = {
  document: 'document',
  /** patient, time from the newest, document → document */
  patientDocument: 'patientDocument',
} as const;

/** Most entries of the tail that are read at once. */
const mostTail = 100;

export async function findDocument(ctx: Context, id: string): Promise<StoredDocument | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.document, [id]), storedDocument);
}

/** Throws NOT_FOUND. */
export async function getDocument(ctx: Context, id: string): Promise<StoredDocument> {
  const document = await findDocument(ctx, id);
  if (!document) throw new LedgerError('NOT_FOUND', `there is no document ${id}`);
  return document;
}

export async function putDocument(ctx: Context, document: StoredDocument): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.document, [document.id]), document);
}

export async function listDocument(ctx: Context, { id, patient, at }: StoredDocument): Promise<void> {
  await putIndex(ctx, objectTypes.patientDocument, [patient, newestFirst(new Date(at)), id], id);
}

/** Announces a change; a transaction carries one event, so a document that another replaces has none of its own. */
export function announceDocument(
  ctx: Context,
  { id, patient, state, version }: StoredDocument,
  change: string,
  at: Date,
) {
  announce(ctx, careEvents.records, { id, change, state, version, at: at.toISOString(), patient });
}

/** Announces a change of the record as a whole. Which categories it is about, nobody is told. */
export function announceRecord(ctx: Context, patient: string, change: string, at: Date): void {
  announce(ctx, careEvents.records, { id: patient, change, state: 'open', version: 1, at: at.toISOString(), patient });
}

/** The newest epoch of a category. */
export async function currentEpoch(folder: Folder, category: Category): Promise<StoredCategory | undefined> {
  return folder.get(folderTypes.category, [folder.blind(category)], storedCategory);
}

export async function putEpoch(folder: Folder, begun: StoredCategory, before: StoredCategory | undefined) {
  const category = folder.blind(begun.category);
  if (before) await folder.put(folderTypes.epoch, [category, highestFirst(before.epoch)], before);
  await folder.put(folderTypes.category, [category], begun);
}

/** Epochs before the newest of every category, each newest first, in one read. Only evaluated. */
export async function formerEpochs(folder: Folder): Promise<StoredCategory[]> {
  return folder.list(folderTypes.epoch, [], storedCategory, Number.POSITIVE_INFINITY);
}

/** The newest epoch of every category, in one read. Only evaluated. */
export async function currentEpochs(folder: Folder): Promise<StoredCategory[]> {
  return folder.list(folderTypes.category, [], storedCategory, Number.POSITIVE_INFINITY);
}

/** The newest seed of each category for a reader, in one read. Only evaluated. */
export async function wrapsFor(folder: Folder, reader: string): Promise<StoredSeedWrap[]> {
  return folder.list(folderTypes.wrap, [folder.blind(reader)], storedSeedWrap, Number.POSITIVE_INFINITY);
}

/** Who has a seed of any category. Only evaluated. */
export async function listHolders(folder: Folder): Promise<SeedHolder[]> {
  const wraps = await folder.list(folderTypes.wrap, [], storedSeedWrap, Number.POSITIVE_INFINITY);
  return wraps.map(({ category, epoch, reader, readerKeyHash }) => ({ category, epoch, reader, readerKeyHash }));
}

export async function putWrap(folder: Folder, wrap: StoredSeedWrap): Promise<void> {
  await folder.put(folderTypes.wrap, [folder.blind(wrap.reader), folder.blind(wrap.category)], wrap);
}

export async function findIndexHead(folder: Folder, category: Category): Promise<StoredIndexHead | undefined> {
  return folder.get(folderTypes.index, [folder.blind(category)], storedIndexHead);
}

/** Of every category that has one, in one read. Only evaluated. */
export async function indexHeads(folder: Folder): Promise<StoredIndexHead[]> {
  return folder.list(folderTypes.index, [], storedIndexHead, Number.POSITIVE_INFINITY);
}

export async function putIndexHead(folder: Folder, head: StoredIndexHead): Promise<void> {
  await folder.put(folderTypes.index, [folder.blind(head.category)], head);
}

/** What opens a document, with the time of its last change, which says where it is in the tail. */
const storedSecrets = documentSecrets.extend({ changedAt: z.iso.datetime() });
export type StoredSecrets = z.infer<typeof storedSecrets>;

export async function findSecrets(folder: Folder, id: string): Promise<StoredSecrets | undefined> {
  return folder.get(folderTypes.document, [id], storedSecrets);
}

/** Throws NOT_FOUND where this peer does not have them. */
export async function getSecrets(folder: Folder, id: string): Promise<StoredSecrets> {
  const secrets = await findSecrets(folder, id);
  if (!secrets) throw new LedgerError('NOT_FOUND', `what opens ${id} is not kept here`);
  return secrets;
}

/** Puts a document at the head of the tail, and takes it from where it was. */
export async function moveInTail(
  folder: Folder,
  document: StoredDocument,
  secrets: Omit<StoredSecrets, 'changedAt'> & Partial<StoredSecrets>,
  at: Date,
): Promise<void> {
  const { category, epoch, wrap, changedAt } = secrets;
  if (changedAt !== undefined) await leaveTail(folder, document.id, { category, changedAt });
  const entry: OpenableDocument = { document, epoch, wrap };
  await folder.put(folderTypes.tail, tailParts(folder, document.id, category, at), entry);
  await folder.put(folderTypes.document, [document.id], { category, epoch, wrap, changedAt: at.toISOString() });
}

export async function leaveTail(
  folder: Folder,
  id: string,
  { category, changedAt }: Pick<StoredSecrets, 'category' | 'changedAt'>,
) {
  await folder.delete(folderTypes.tail, tailParts(folder, id, category, new Date(changedAt)));
}

/** Newest change first, at most 100 of a category, and whether there are more. */
export interface Tail {
  tail: OpenableDocument[];
  more: boolean;
}

/** The tails of categories: in one read where all of them together are short. Only evaluated. */
export async function readTails(folder: Folder, of: readonly Category[]): Promise<Map<Category, Tail>> {
  const together = await folder.listByPart(folderTypes.tail, [], openableDocument, mostTail + 1);
  const tails = new Map<Category, Tail>();
  for (const category of of) {
    const part = folder.blind(category);
    const found =
      together.length <= mostTail
        ? together.filter((each) => each.part === part).map(({ record }) => record)
        : await folder.list(folderTypes.tail, [part], openableDocument, mostTail + 1);
    tails.set(category, { tail: found.slice(0, mostTail), more: found.length > mostTail });
  }
  return tails;
}

function tailParts(folder: Folder, id: string, category: Category, changedAt: Date): string[] {
  return [folder.blind(category), newestFirst(changedAt), id];
}
