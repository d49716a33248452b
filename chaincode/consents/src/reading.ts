import type { Context } from 'fabric-contract-api';
import type { z } from 'zod';
import { clinicians, readerOf, requireActor } from '../../care/actor.ts';
import { parseCareId, parsePseudonym } from '../../care/channel.ts';
import { Folder, folderTypes } from '../../care/folder.ts';
import { requireOwner } from '../../care/owner.ts';
import { peerTime } from '../../ledger/clock.ts';
import { readPage } from '../../ledger/store.ts';
import { categories, type Purpose, purposes } from '../../model/category.ts';
import {
  consentTerms,
  type FullConsent,
  type FullConsentRequest,
  type PermittedNow,
  permitted,
  requestId,
  requestTerms,
} from '../../model/consent.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Page } from '../../model/registry.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { readConsents } from './inForce.ts';
import { getConsent, getRequest, objectTypes } from './storage.ts';

/** Reads, to be evaluated and never submitted: what they answer would stay in a block for ever. */

async function termsOf<T>(folder: Folder, id: string, schema: z.ZodType<T>): Promise<T> {
  const terms = await folder.get(folderTypes.terms, [id], schema);
  if (!terms) throw new LedgerError('NOT_FOUND', `the terms of ${id} are not kept here`);
  return terms;
}

/** All consents of a patient for its owner, newest first. */
export async function list(ctx: Context, patient: string, size: string, bookmark: string): Promise<Page<FullConsent>> {
  const folder = await ownFolder(ctx, patient);
  return readPage(ctx, objectTypes.patientConsent, [folder.patient], size, bookmark, async (_key, value) => {
    const consent = await getConsent(ctx, Buffer.from(value).toString('utf8'));
    return { ...consent, terms: await termsOf(folder, consent.id, consentTerms) };
  });
}

/** All requests to a patient for its owner, newest first. */
export async function listRequests(
  ctx: Context,
  patient: string,
  size: string,
  bookmark: string,
): Promise<Page<FullConsentRequest>> {
  const folder = await ownFolder(ctx, patient);
  return readPage(ctx, objectTypes.patientRequest, [folder.patient], size, bookmark, async (_key, value) => {
    const asked = await getRequest(ctx, Buffer.from(value).toString('utf8'));
    return { ...asked, terms: await termsOf(folder, asked.id, requestTerms) };
  });
}

/** Throws RECORD_NOT_OPENED besides what refuses who is no owner. */
async function ownFolder(ctx: Context, patient: string): Promise<Folder> {
  const owner = await requireOwner(ctx, parsePseudonym(ctx, patient), peerTime());
  return Folder.of(ctx, owner.patient.pseudonym);
}

/** For who asked, and for the owner. */
export async function readRequest(ctx: Context, id: string): Promise<FullConsentRequest> {
  const asked = await getRequest(ctx, parseCareId(ctx, requestId, id, 'id'));
  const actor = await requireActor(ctx, asked.patient, peerTime());
  if (!('owner' in actor) && actor.id !== asked.requester) {
    throw new LedgerError('NOT_AUTHORISED', `${id} is of another clinician`);
  }
  return { ...asked, terms: await termsOf(await Folder.of(ctx, asked.patient), asked.id, requestTerms) };
}

/** What a clinician may read of a patient now, by purpose; nothing of what is kept from the clinician. */
export async function mine(ctx: Context, patient: string): Promise<PermittedNow[]> {
  const at = peerTime();
  const pseudonym = parsePseudonym(ctx, patient);
  const { practitioner } = await requirePractitioner(ctx, clinicians, at);
  const folder = await Folder.find(ctx, pseudonym);
  const consents = folder ? await readConsents(folder) : [];
  const allowed = (purpose: Purpose) => permitted(consents, readerOf(practitioner), { categories, purpose, at });
  return purposes.map((purpose) => ({ purpose, categories: allowed(purpose) })).filter(isSomething);
}

function isSomething(allowed: PermittedNow): boolean {
  return allowed.categories.length > 0;
}
