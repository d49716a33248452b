import type { Context } from 'fabric-contract-api';
import { askRegistry } from '../../ledger/askChannel.ts';
import { callerKeyHash } from '../../ledger/certificate.ts';
import { decodeRecord } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { deviceRecord, institutionRecord } from '../../model/records.ts';
import type { Institution, InstitutionKind } from '../../model/registry.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { requireMirror } from '../../people/mirrors.ts';

/** Who acts on a supply channel: an institution, by a person or by a device. */
export interface Actor {
  /** Practitioner or device. */
  id: string;
  institutionId: string;
  kind: InstitutionKind;
}

/** Kinds of institution that have medicines. */
const holders: readonly InstitutionKind[] = ['manufacturer', 'distributor', 'pharmacy'];

/**
 * Who captures: a supplier, pharmacist or regulator in standing, or an active device of an institution that has medicines (its
 * own software, a sensor). Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID.
 */
export async function capturingActor(ctx: Context, at: Date): Promise<Actor> {
  // The certificate says only where to look; the entry there must name the caller's key.
  if (ctx.clientIdentity.getAttributeValue('role') === 'device') return callingDevice(ctx);
  return decidingActor(ctx, ['supplier', 'pharmacist', 'regulator'], at);
}

/** A practitioner in one of the roles, in standing. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID. */
export async function decidingActor(
  ctx: Context,
  roles: Parameters<typeof requirePractitioner>[1],
  at: Date,
): Promise<Actor> {
  const { practitioner, institution } = await requirePractitioner(ctx, roles, at);
  return { id: practitioner.id, institutionId: institution.id, kind: institution.kind };
}

async function callingDevice(ctx: Context): Promise<Actor> {
  const device = decodeRecord(deviceRecord, await askRegistry(ctx, 'readDeviceByKey', callerKeyHash(ctx)));
  if (device.mspId !== ctx.clientIdentity.getMSPID()) {
    throw new LedgerError('NOT_AUTHORISED', `${device.id} is of ${device.mspId}`);
  }
  await requireMirror(ctx, device);
  if (device.status !== 'active') throw new LedgerError('SUSPENDED', `${device.id} is ${device.status}`);
  const { id, kind } = await requireHolder(ctx, device.institutionId);
  return { id: device.id, institutionId: id, kind };
}

/** An active institution that may have medicines. Throws NOT_FOUND, SUSPENDED, NOT_AUTHORISED. */
export async function requireHolder(ctx: Context, institutionId: string): Promise<Institution> {
  const institution = decodeRecord(institutionRecord, await askRegistry(ctx, 'readInstitution', institutionId));
  await requireMirror(ctx, institution);
  if (institution.status !== 'active') {
    throw new LedgerError('SUSPENDED', `${institution.id} is ${institution.status}`);
  }
  if (!holders.includes(institution.kind)) {
    throw new LedgerError('NOT_AUTHORISED', `a ${institution.kind} has no medicines here`);
  }
  return institution;
}
