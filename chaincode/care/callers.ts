import type { Context } from 'fabric-contract-api';
import { callerKeyHash } from '../ledger/certificate.ts';
import { decodeRecord } from '../ledger/store.ts';
import { LedgerError, parseLedgerError } from '../model/errors.ts';
import type { Patient } from '../model/patient.ts';
import { standing } from '../model/records.ts';
import type { PractitionerRole, Standing } from '../model/registry.ts';
import { requireStanding } from '../model/standing.ts';
import { findKeyOwner, findPatient } from './people.ts';
import { requireMirror } from './standings.ts';

/** Who calls a contract of a care channel. */

/** Organisation of the patients: nobody in it is a practitioner. */
export const patientMsp = 'PatientMSP';

/** Asks a contract of another channel, by an evaluation. Its refusals keep their codes. */
export async function askChannel(
  ctx: Context,
  [channel, contract]: readonly [channel: string, contract: string],
  ...call: string[]
): Promise<Uint8Array> {
  let message: string;
  try {
    const response = await ctx.stub.invokeChaincode(contract, call, channel);
    if (response.status < 400 && response.payload) return response.payload;
    message = response.message ?? '';
  } catch (error) {
    message = error instanceof Error ? error.message : String(error);
  }
  const refusal = parseLedgerError(message);
  if (refusal) throw new LedgerError(refusal.code, refusal.detail);
  throw new Error(`${channel} did not answer: ${message}`);
}

/** Also reads this channel's mirrors of both, so that the transaction fails at commit where one of them has changed. */
async function askRegistry(ctx: Context, name: string, argument: string): Promise<Standing> {
  const answer = decodeRecord(standing, await askChannel(ctx, ['registry', 'registry'], name, argument));
  await requireMirror(ctx, answer.practitioner);
  await requireMirror(ctx, answer.institution);
  return answer;
}

/** A practitioner with the institution. Throws NOT_FOUND, SUSPENDED (by what this channel knows). */
export async function standingOf(ctx: Context, practitionerId: string): Promise<Standing> {
  return askRegistry(ctx, 'readStanding', practitionerId);
}

/** Who the caller's exact key belongs to. Throws NOT_REGISTERED, SUSPENDED, NOT_AUTHORISED (a key used under another organisation). */
export async function callingStanding(ctx: Context): Promise<Standing> {
  const mspId = ctx.clientIdentity.getMSPID();
  if (mspId === patientMsp) throw new LedgerError('NOT_REGISTERED', 'the caller is no practitioner');
  const caller = await askRegistry(ctx, 'readPractitionerByKey', callerKeyHash(ctx));
  if (caller.practitioner.mspId !== mspId) {
    throw new LedgerError('NOT_AUTHORISED', `${caller.practitioner.id} acts for ${caller.practitioner.mspId}`);
  }
  return caller;
}

/**
 * The calling practitioner with the institution, in one of the roles by what the registry records, active and licensed at
 * the instant `at`: NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID.
 */
export async function requirePractitioner(
  ctx: Context,
  role: PractitionerRole | readonly PractitionerRole[],
  at: Date,
): Promise<Standing> {
  const { practitioner, institution } = await callingStanding(ctx);
  const roles = [role].flat();
  if (!roles.includes(practitioner.role)) {
    throw new LedgerError('NOT_AUTHORISED', `a ${practitioner.role} may not do what a ${roles.join(' or ')} does`);
  }
  requireStanding(practitioner, institution, at);
  return { practitioner, institution };
}

/** The patient of this channel whose exact key the caller has. */
export async function callingPatient(ctx: Context): Promise<Patient | undefined> {
  const keyHash = callerKeyHash(ctx);
  const pseudonym = await findKeyOwner(ctx, keyHash);
  const patient = pseudonym === undefined ? undefined : await findPatient(ctx, pseudonym);
  return patient?.keys?.signingKeyHash === keyHash ? patient : undefined;
}
