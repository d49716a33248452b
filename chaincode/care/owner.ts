import type { Context } from 'fabric-contract-api';
import { askChannel } from '../ledger/askChannel.ts';
import { callerKeyHash } from '../ledger/certificate.ts';
import { decodeRecord } from '../ledger/store.ts';
import { LedgerError } from '../model/errors.ts';
import { patientPseudonym } from '../model/identifiers.ts';
import { type Patient, patientRecord } from '../model/patient.ts';
import { patientMsp } from '../model/registry.ts';
import { careChannelOf } from './channel.ts';
import { callingPatient, getPatient, requirePatientActive } from './people.ts';
import { representationOf } from './representations.ts';

/** Who speaks for a patient: the patient, or somebody who represents the patient. */
export interface Owner {
  patient: Patient;
  /** Whose key signs: the patient's own entry or the representative's, which may be of another care channel. */
  person: Patient;
}

/** A patient of any care channel. Throws NOT_FOUND. */
export async function readPerson(ctx: Context, pseudonym: string): Promise<Patient> {
  const channel = careChannelOf(pseudonym);
  if (channel === ctx.stub.getChannelID()) return getPatient(ctx, pseudonym);
  return decodeRecord(patientRecord, await askChannel(ctx, [channel, 'care'], 'patients:read', pseudonym));
}

/** The calling member of PatientMSP by the exact key; one of another channel is found by what the certificate names. */
async function callingPerson(ctx: Context): Promise<Patient | undefined> {
  if (ctx.clientIdentity.getMSPID() !== patientMsp) return undefined;
  const here = await callingPatient(ctx);
  if (here) return here;
  // The certificate says only where to look; the entry there must name the caller's key.
  const named = patientPseudonym.safeParse(ctx.clientIdentity.getAttributeValue('subject'));
  if (!named.success || careChannelOf(named.data) === ctx.stub.getChannelID()) return undefined;
  const there = await readPerson(ctx, named.data);
  return there.keys?.signingKeyHash === callerKeyHash(ctx) ? there : undefined;
}

/** The caller as the patient, and nobody else for the patient: NOT_FOUND, NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED. */
export async function requirePatient(ctx: Context, pseudonym: string): Promise<Patient> {
  const patient = await getPatient(ctx, pseudonym);
  const person = await callingPerson(ctx);
  if (!person) throw new LedgerError('NOT_REGISTERED', 'no care channel records a patient with this key');
  if (person.pseudonym !== pseudonym) {
    throw new LedgerError('NOT_AUTHORISED', `${person.pseudonym} is not ${pseudonym}`);
  }
  requirePatientActive(patient);
  return patient;
}

/**
 * The caller as the patient, or as the patient's representative at the instant `at`: NOT_FOUND, NOT_REGISTERED,
 * NOT_AUTHORISED, SUSPENDED.
 */
export async function requireOwner(ctx: Context, pseudonym: string, at: Date): Promise<Owner> {
  const patient = await getPatient(ctx, pseudonym);
  const person = await callingPerson(ctx);
  if (!person) throw new LedgerError('NOT_REGISTERED', 'no care channel records a patient with this key');
  const isOwn = person.pseudonym === pseudonym;
  if (!isOwn && !(await representationOf(ctx, pseudonym, person.pseudonym, at))) {
    throw new LedgerError('NOT_AUTHORISED', `${person.pseudonym} does not act for ${pseudonym}`);
  }
  requirePatientActive(patient);
  requirePatientActive(person);
  return { patient, person };
}

/** Whether the caller comes from the organisation of the patients, and so acts as a patient or not at all. */
export function isPatientMember(ctx: Context): boolean {
  return ctx.clientIdentity.getMSPID() === patientMsp;
}
