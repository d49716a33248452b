import type { Context } from 'fabric-contract-api';
import { type Actor, requireActor } from '../../care/actor.ts';
import { parseCareId, parsePseudonym } from '../../care/channel.ts';
import { Folder, folderTypes } from '../../care/folder.ts';
import { requireOwner } from '../../care/owner.ts';
import { peerTime } from '../../ledger/clock.ts';
import { readPage } from '../../ledger/store.ts';
import {
  type Access,
  type AccessTerms,
  type AccessView,
  accessId,
  accessTerms,
  type Emergency,
  emergencyId,
  type FullAccess,
} from '../../model/access.ts';
import { type Category, categories } from '../../model/category.ts';
import { LedgerError } from '../../model/errors.ts';
import { escrowReader, type OpenableDocument, type StoredSeedWrap } from '../../model/healthRecord.ts';
import { escrowMsps } from '../../model/patient.ts';
import type { Page } from '../../model/registry.ts';
import { openDocuments, viewCategories } from '../../records/src/reading.ts';
import { wrapsFor } from '../../records/src/storage.ts';
import { releasedTo } from './requesting.ts';
import { getAccess, getEmergency, objectTypes } from './storage.ts';

/** Reads, to be evaluated and never submitted: what they answer would stay in a block for ever. */

/** An access as its reader uses it, with what is still released: consents and the rest are asked anew each time. */
export interface Opened {
  access: Access;
  actor: Actor;
  folder: Folder;
  released: readonly Category[];
}

/** Throws NOT_AUTHORISED (another's), EXPIRED, NO_CONSENT (nothing is permitted any more). */
export async function openAccess(ctx: Context, id: string): Promise<Opened> {
  const at = peerTime();
  const access = await getAccess(ctx, parseCareId(ctx, accessId, id, 'id'));
  const actor = await requireActor(ctx, access.patient, at);
  if (actor.id !== access.reader) throw new LedgerError('NOT_AUTHORISED', `${id} is of another reader`);
  if (Date.parse(access.until) <= at.getTime()) throw new LedgerError('EXPIRED', `${id} ended at ${access.until}`);
  const folder = await Folder.of(ctx, access.patient);
  const emergency = access.emergency === undefined ? undefined : await getEmergency(ctx, access.emergency);
  const released = await releasedTo(folder, actor, await termsOf(folder, id), emergency, at);
  if (released.length === 0) throw new LedgerError('NO_CONSENT', 'nothing of it is permitted any more');
  return { access, actor, folder, released };
}

async function termsOf(folder: Folder, id: string): Promise<AccessTerms> {
  const terms = await folder.get(folderTypes.terms, [id], accessTerms);
  if (!terms) throw new LedgerError('NOT_FOUND', `what ${id} released is not kept here`);
  return terms;
}

/** What the reader may open, and the categories that are not shared, whether or not there is anything in them. */
export async function read(ctx: Context, id: string): Promise<AccessView> {
  const { access, folder, released } = await openAccess(ctx, id);
  const readers = [access.reader, ...(access.institution ? [access.institution] : [])];
  return {
    categories: await viewCategories(folder, released, readers),
    withheld: categories.filter((category) => !released.includes(category)),
  };
}

export async function readDocuments(ctx: Context, id: string, ids: string): Promise<OpenableDocument[]> {
  const { folder, released } = await openAccess(ctx, id);
  return openDocuments(ctx, folder, ids, released);
}

/** The sealed shares of what an emergency, a representative or a patient with new keys reads; others have a wrap. */
export async function readEscrow(ctx: Context, id: string): Promise<StoredSeedWrap[]> {
  const { access, actor, folder, released } = await openAccess(ctx, id);
  if (!access.emergency && !('owner' in actor)) throw new LedgerError('NO_CONSENT', 'a consent opens no escrow');
  const shares: StoredSeedWrap[] = [];
  for (const mspId of escrowMsps) shares.push(...(await wrapsFor(folder, escrowReader(mspId))));
  return released.flatMap((category) => shares.filter((share) => share.category === category));
}

export async function readEntry(ctx: Context, id: string): Promise<Access> {
  return getAccess(ctx, parseCareId(ctx, accessId, id, 'id'));
}

/** Who read the record and what, for its owner, newest first. */
export async function listByPatient(
  ctx: Context,
  patient: string,
  size: string,
  bookmark: string,
): Promise<Page<FullAccess>> {
  const owner = await requireOwner(ctx, parsePseudonym(ctx, patient), peerTime());
  const folder = await Folder.of(ctx, owner.patient.pseudonym);
  return readPage(ctx, objectTypes.patientAccess, [folder.patient], size, bookmark, async (_key, value) => {
    const access = await getAccess(ctx, Buffer.from(value).toString('utf8'));
    return { ...access, terms: await termsOf(folder, access.id) };
  });
}

export async function readEmergency(ctx: Context, id: string): Promise<Emergency> {
  return getEmergency(ctx, parseCareId(ctx, emergencyId, id, 'id'));
}

/** Newest first. */
export async function listEmergencies(ctx: Context, size: string, bookmark: string): Promise<Page<Emergency>> {
  return emergencyPage(ctx, objectTypes.emergencyByTime, [], size, bookmark);
}

export async function listEmergenciesOf(
  ctx: Context,
  patient: string,
  size: string,
  bookmark: string,
): Promise<Page<Emergency>> {
  return emergencyPage(ctx, objectTypes.patientEmergency, [parsePseudonym(ctx, patient)], size, bookmark);
}

function emergencyPage(ctx: Context, type: string, below: string[], size: string, bookmark: string) {
  return readPage(ctx, type, below, size, bookmark, (_key, value) =>
    getEmergency(ctx, Buffer.from(value).toString('utf8')),
  );
}
