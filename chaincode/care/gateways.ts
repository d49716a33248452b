import type { Context } from 'fabric-contract-api';
import { LedgerError } from '../model/errors.ts';
import type { Device, InstitutionKind } from '../model/registry.ts';
import { callingDevice, type DeviceStanding } from '../people/devices.ts';

/** Kinds of institution that collect readings of patients. */
const collectors: readonly InstitutionKind[] = ['hospital', 'pharmacy'];

/** The calling gateway of an institution that treats patients, in standing. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED. */
export async function requireGateway(ctx: Context): Promise<Device> {
  const caller = await callingDevice(ctx);
  if (!isGateway(caller))
    throw new LedgerError('NOT_AUTHORISED', `${caller.device.id} is no gateway of a hospital or pharmacy`);
  return caller.device;
}

export function isGateway({ device, institution }: DeviceStanding): boolean {
  return device.purpose === 'gateway' && collectors.includes(institution.kind);
}
