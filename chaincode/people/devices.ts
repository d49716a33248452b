import type { Context } from 'fabric-contract-api';
import { askRegistry } from '../ledger/askChannel.ts';
import { callerKeyHash } from '../ledger/certificate.ts';
import { decodeRecord } from '../ledger/store.ts';
import { LedgerError } from '../model/errors.ts';
import { deviceRecord, institutionRecord } from '../model/records.ts';
import type { Device, Institution } from '../model/registry.ts';
import { requireMirror } from './mirrors.ts';

/** Which devices call a contract of any channel but `registry`, and who answers for them. */

export interface DeviceStanding {
  device: Device;
  institution: Institution;
}

/** Whether the caller says that it is a device. The certificate says only where to look for the key. */
export function isDevice(ctx: Context): boolean {
  return ctx.clientIdentity.getAttributeValue('role') === 'device';
}

/** The calling device by its exact key, active and of an active institution. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED. */
export async function callingDevice(ctx: Context): Promise<DeviceStanding> {
  const device = decodeRecord(deviceRecord, await askRegistry(ctx, 'readDeviceByKey', callerKeyHash(ctx)));
  if (device.mspId !== ctx.clientIdentity.getMSPID()) {
    throw new LedgerError('NOT_AUTHORISED', `${device.id} is of ${device.mspId}`);
  }
  return inStanding(ctx, device);
}

/** A device in standing, with its institution. Throws NOT_FOUND, SUSPENDED. */
export async function deviceStanding(ctx: Context, id: string): Promise<DeviceStanding> {
  return inStanding(ctx, decodeRecord(deviceRecord, await askRegistry(ctx, 'readDevice', id)));
}

/** Also reads this channel's mirrors of both, so that the transaction fails at commit where one of them has changed. */
async function inStanding(ctx: Context, device: Device): Promise<DeviceStanding> {
  await requireMirror(ctx, device);
  if (device.status !== 'active') throw new LedgerError('SUSPENDED', `${device.id} is ${device.status}`);
  return { device, institution: await activeInstitution(ctx, device.institutionId) };
}

/** Throws NOT_FOUND, SUSPENDED. */
export async function activeInstitution(ctx: Context, id: string): Promise<Institution> {
  const institution = decodeRecord(institutionRecord, await askRegistry(ctx, 'readInstitution', id));
  await requireMirror(ctx, institution);
  if (institution.status !== 'active') {
    throw new LedgerError('SUSPENDED', `${institution.id} is ${institution.status}`);
  }
  return institution;
}
