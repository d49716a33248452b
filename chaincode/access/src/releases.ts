import type { Context } from 'fabric-contract-api';
import { z } from 'zod';
import { parsePseudonym } from '../../care/channel.ts';
import { readPerson } from '../../care/owner.ts';
import { requirePatientActive } from '../../care/people.ts';
import { findReenrolment } from '../../care/reenrolments.ts';
import { representationOf } from '../../care/representations.ts';
import { parseValue } from '../../ledger/arguments.ts';
import { peerTime } from '../../ledger/clock.ts';
import type { Release } from '../../model/access.ts';
import { type Category, category } from '../../model/category.ts';
import { LedgerError } from '../../model/errors.ts';
import { patientPseudonym, practitionerId } from '../../model/identifiers.ts';
import { requireStanding } from '../../model/standing.ts';
import { standingOf } from '../../people/callers.ts';
import { newestAccess, newestEmergency } from './storage.ts';
import { isOpen, openedBy } from './transitions.ts';

/**
 * Whether an organisation's connector may give its share of a category's seed to a person: NO_CONSENT where not. It asks its
 * own peer, so that this reads public state alone, which every organisation of the channel has; and it is released only
 * after an access stands on the ledger, which the patient sees.
 */
export async function mayRelease(ctx: Context, patient: string, wanted: string, person: string): Promise<Release> {
  const pseudonym = parsePseudonym(ctx, patient);
  const named = parseValue(category, wanted, 'category');
  const reader = parseValue(z.union([practitionerId, patientPseudonym]), person, 'person');
  const at = peerTime();
  return reader.startsWith('prac-')
    ? releaseByEmergency(ctx, pseudonym, named, reader, at)
    : releaseToPerson(ctx, pseudonym, reader, at);
}

function refused(person: string): LedgerError {
  return new LedgerError('NO_CONSENT', `nothing releases it to ${person}`);
}

async function releaseByEmergency(ctx: Context, patient: string, named: Category, reader: string, at: Date) {
  const emergency = await newestEmergency(ctx, patient, reader);
  if (!emergency || !isOpen(emergency, at) || !openedBy(emergency).includes(named)) throw refused(reader);
  const access = await newestAccess(ctx, patient, emergency.id);
  // What was requested before the confirmation released the summary alone.
  const isBefore = access && emergency.confirmedAt && Date.parse(access.at) < Date.parse(emergency.confirmedAt);
  if (!access || (isBefore && !openedBy({ level: 'summary' }).includes(named))) throw refused(reader);
  const { practitioner, institution } = await standingOf(ctx, reader);
  requireStanding(practitioner, institution, at);
  if (!practitioner.keys) throw refused(reader);
  const { readingKey } = practitioner.keys;
  return { reason: 'emergency' as const, id: emergency.id, reader, readingKey, until: emergency.until };
}

async function releaseToPerson(ctx: Context, patient: string, reader: string, at: Date): Promise<Release> {
  const access = await newestAccess(ctx, patient, reader);
  if (!access || Date.parse(access.until) <= at.getTime()) throw refused(reader);
  const person = await readPerson(ctx, reader);
  requirePatientActive(person);
  if (!person.keys) throw refused(reader);
  const { readingKey } = person.keys;
  if (reader === patient) {
    const newKeys = await findReenrolment(ctx, patient);
    if (newKeys?.state !== 'completed') throw refused(reader);
    return { reason: 'reenrolment', id: patient, reader, readingKey };
  }
  const representation = await representationOf(ctx, patient, reader, at);
  if (!representation) throw refused(reader);
  return { reason: 'representative', id: representation.id, reader, readingKey, until: representation.until };
}
