import type { Context } from 'fabric-contract-api';
import { parsePseudonym } from '../../care/channel.ts';
import { markStale } from '../../care/circles.ts';
import { requirePatient } from '../../care/owner.ts';
import { claimKeys, putPatient } from '../../care/people.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { withCredential, withoutCredential } from '../../ledger/credentials.ts';
import { requireOwnSecondFactor } from '../../ledger/secondFactor.ts';
import type { Patient } from '../../model/patient.ts';
import { newCredential } from '../../model/secondFactor.ts';
import { newKeys } from '../../model/shapes/keys.ts';

/** What the patient changes by the own key, confirmed by a second factor as soon as there is one. */

async function requireConfirmed(ctx: Context, pseudonym: string): Promise<Patient> {
  const patient = await requirePatient(ctx, parsePseudonym(ctx, pseudonym));
  requireOwnSecondFactor(ctx, patient.credentials);
  return patient;
}

/** Replaces the caller's own keys; the proposal is signed with the key that ends. */
export async function rotateKeys(ctx: Context, at: Date, pseudonym: string, json: string): Promise<void> {
  const keys = parseJson(newKeys, json, 'keys');
  const patient = await requireConfirmed(ctx, pseudonym);
  await claimKeys(ctx, patient.pseudonym, keys);
  const also = await markStale(ctx, patient.pseudonym, patient.pseudonym, at);
  await putPatient(ctx, { ...patient, keys, version: patient.version + 1 }, 'patients:rotateKeys', at, also);
}

/** Registers a passkey or signing PIN of the caller. */
export async function addCredential(ctx: Context, at: Date, pseudonym: string, json: string): Promise<void> {
  const added = parseJson(newCredential, json, 'credential');
  const patient = await requireConfirmed(ctx, pseudonym);
  const credentials = withCredential(patient.credentials, added, at);
  await putPatient(ctx, { ...patient, credentials, version: patient.version + 1 }, 'patients:addCredential', at);
}

/** Removes a passkey or signing PIN of the caller. */
export async function removeCredential(ctx: Context, at: Date, pseudonym: string, credentialId: string): Promise<void> {
  const patient = await requireConfirmed(ctx, pseudonym);
  const credentials = withoutCredential(patient.credentials, credentialId);
  await putPatient(ctx, { ...patient, credentials, version: patient.version + 1 }, 'patients:removeCredential', at);
}
