import type { Context } from 'fabric-contract-api';
import { type Actor, requireActor } from '../../care/actor.ts';
import { requireChannel } from '../../care/channel.ts';
import { Folder, folderTypes } from '../../care/folder.ts';
import { getPatient } from '../../care/people.ts';
import { representationOf } from '../../care/representations.ts';
import { permittedTo } from '../../consents/src/permission.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { transientJson } from '../../ledger/transient.ts';
import {
  type Access,
  type AccessTerms,
  accessHours,
  accessTerms,
  accessTransientField,
  type Emergency,
  newAccess,
} from '../../model/access.ts';
import type { Category } from '../../model/category.ts';
import { LedgerError } from '../../model/errors.ts';
import { findAccess, getEmergency, putAccess } from './storage.ts';
import { openedBy, requireOpen } from './transitions.ts';

/**
 * Puts on the ledger that somebody reads, before anything is released. What is released of what was asked for lies in the
 * folder; nothing at all is refused: NO_CONSENT.
 */
export async function request(ctx: Context, at: Date, json: string): Promise<void> {
  const { id, patient, emergency: named } = parseJson(newAccess, json, 'access');
  for (const of of [id, patient, ...(named ? [named] : [])]) requireChannel(ctx, of);
  const wanted = transientJson(ctx, accessTransientField, accessTerms);
  await getPatient(ctx, patient);
  const actor = await requireActor(ctx, patient, at);
  if (await findAccess(ctx, id)) throw new LedgerError('ALREADY_EXISTS', `${id} exists already`);
  const emergency = named === undefined ? undefined : await getEmergency(ctx, named);
  const folder = await Folder.of(ctx, patient);
  const released = await releasedTo(folder, actor, wanted, emergency, at);
  if (released.length === 0) throw new LedgerError('NO_CONSENT', 'nothing that was asked for is permitted');
  await folder.put(folderTypes.terms, [id], { categories: released, purpose: wanted.purpose });
  const access: Access = {
    id,
    patient,
    reader: actor.id,
    ...('practitioner' in actor && { institution: actor.practitioner.institutionId }),
    ...(emergency && { emergency: emergency.id }),
    at: at.toISOString(),
    until: await endOf(ctx, actor, emergency, at),
  };
  await putAccess(ctx, access);
}

/** What is released of what is asked for, now. Throws NOT_AUTHORISED, EXPIRED for an emergency that does not serve. */
export async function releasedTo(
  folder: Folder,
  actor: Actor,
  { categories, purpose }: AccessTerms,
  emergency: Emergency | undefined,
  at: Date,
): Promise<readonly Category[]> {
  if (!emergency) return purpose === 'ETREAT' ? [] : permittedTo(folder, actor, { categories, purpose, at });
  if (emergency.actor !== actor.id || emergency.patient !== folder.patient) {
    throw new LedgerError('NOT_AUTHORISED', `${emergency.id} is of another doctor or patient`);
  }
  requireOpen(emergency, at);
  const opened = openedBy(emergency);
  return purpose === 'ETREAT' ? categories.filter((category) => opened.includes(category)) : [];
}

/** The hours of an access end sooner with what allows it. */
async function endOf(ctx: Context, actor: Actor, emergency: Emergency | undefined, at: Date): Promise<string> {
  const ends = [new Date(at.getTime() + accessHours * 60 * 60 * 1000).toISOString()];
  if (emergency) ends.push(emergency.until);
  if ('owner' in actor) {
    const { patient, person } = actor.owner;
    const by = await representationOf(ctx, patient.pseudonym, person.pseudonym, at);
    if (by?.until) ends.push(by.until);
  }
  return ends.reduce((earliest, end) => (Date.parse(end) < Date.parse(earliest) ? end : earliest));
}
