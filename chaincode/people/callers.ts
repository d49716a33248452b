import type { Context } from 'fabric-contract-api';
import { askRegistry } from '../ledger/askChannel.ts';
import { callerKeyHash } from '../ledger/certificate.ts';
import { decodeRecord } from '../ledger/store.ts';
import { LedgerError } from '../model/errors.ts';
import { standing } from '../model/records.ts';
import { type PractitionerRole, patientMsp, type Standing } from '../model/registry.ts';
import { requireStanding } from '../model/standing.ts';
import { delegatingStanding } from './delegates.ts';
import { isDevice } from './devices.ts';
import { requireMirror } from './mirrors.ts';

/** Which practitioner calls a contract of any channel but `registry`. */

/** Also reads this channel's mirrors of both, so that the transaction fails at commit where one of them has changed. */
async function askStanding(ctx: Context, name: string, argument: string): Promise<Standing> {
  const answer = decodeRecord(standing, await askRegistry(ctx, name, argument));
  await requireMirror(ctx, answer.practitioner);
  await requireMirror(ctx, answer.institution);
  return answer;
}

/** A practitioner with the institution. Throws NOT_FOUND, SUSPENDED (by what this channel knows). */
export async function standingOf(ctx: Context, practitionerId: string): Promise<Standing> {
  return askStanding(ctx, 'readStanding', practitionerId);
}

/** Who the caller's exact key belongs to. Throws NOT_REGISTERED, SUSPENDED, NOT_AUTHORISED (a key used under another organisation). */
export async function callingStanding(ctx: Context): Promise<Standing> {
  const mspId = ctx.clientIdentity.getMSPID();
  if (mspId === patientMsp) throw new LedgerError('NOT_REGISTERED', 'the caller is no practitioner');
  const caller = await askStanding(ctx, 'readPractitionerByKey', callerKeyHash(ctx));
  if (caller.practitioner.mspId !== mspId) {
    throw new LedgerError('NOT_AUTHORISED', `${caller.practitioner.id} acts for ${caller.practitioner.mspId}`);
  }
  return caller;
}

/**
 * The calling practitioner with the institution, in one of the roles by what the registry records, active and licensed at
 * the instant `at`: NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID. A device is whoever has delegated this function to it.
 */
export async function requirePractitioner(
  ctx: Context,
  role: PractitionerRole | readonly PractitionerRole[],
  at: Date,
): Promise<Standing> {
  const caller = isDevice(ctx) ? delegatingStanding(ctx, at) : callingStanding(ctx);
  const { practitioner, institution } = await caller;
  const roles = [role].flat();
  if (!roles.includes(practitioner.role)) {
    throw new LedgerError('NOT_AUTHORISED', `a ${practitioner.role} may not do what a ${roles.join(' or ')} does`);
  }
  requireStanding(practitioner, institution, at);
  return { practitioner, institution };
}
