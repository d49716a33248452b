import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { putIndex, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { deviceId, hex32, institutionId } from '../../model/identifiers.ts';
import { deviceKeys, deviceRegistration, registryStatus } from '../../model/records.ts';
import type { Device, Page } from '../../model/registry.ts';
import { requireKeeper } from './authority.ts';
import { requireStatusChange } from './institutions.ts';
import {
  claimSigningKey,
  findDevice,
  findKeyOwner,
  getDevice,
  getInstitution,
  objectTypes,
  putDevice,
} from './storage.ts';

/** Registers a device of an institution with its keys. */
export async function registerDevice(ctx: Context, at: Date, json: string): Promise<void> {
  const registration = parseJson(deviceRegistration, json, 'device');
  const institution = await getInstitution(ctx, registration.institutionId);
  await requireKeeper(ctx, at, institution);
  if (await findDevice(ctx, registration.id)) {
    throw new LedgerError('ALREADY_EXISTS', `${registration.id} is registered already`);
  }
  await claimSigningKey(ctx, registration.keys.signingKeyHash, registration.id);
  await putIndex(ctx, objectTypes.equipment, [institution.id, registration.id], registration.id);
  const device: Device = { ...registration, mspId: institution.mspId, status: 'active', version: 1 };
  await putDevice(ctx, device, 'registerDevice', at);
}

/** Suspends, restores or revokes a device. */
export async function setDeviceStatus(ctx: Context, at: Date, id: string, status: string): Promise<void> {
  const next = parseValue(registryStatus, status, 'status');
  const { transferTo, ...device } = await getKept(ctx, at, id);
  requireStatusChange(device.id, device.status, next);
  // What is offered ends by a revocation; otherwise it is `transferDevice` that takes the offer back.
  if (transferTo !== undefined && next !== 'revoked') {
    throw new LedgerError('WRONG_STATE', `${device.id} is offered to ${transferTo}`);
  }
  await putDevice(ctx, { ...device, status: next, version: device.version + 1 }, 'setDeviceStatus', at);
}

/** Replaces a device's keys; the old signing key is nobody's from then on, and never anybody's again. */
export async function rotateDeviceKeys(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const keys = parseJson(deviceKeys, json, 'keys');
  const device = await getKept(ctx, at, id);
  if (device.status !== 'active') throw new LedgerError('SUSPENDED', `${device.id} is ${device.status}`);
  await claimSigningKey(ctx, keys.signingKeyHash, device.id);
  await putDevice(ctx, { ...device, keys, version: device.version + 1 }, 'rotateDeviceKeys', at);
}

/**
 * Offers a device to another institution, whose keeper accepts it; until then it is suspended, since nobody answers for it.
 * Offered to the institution that has it, it stays there.
 */
export async function transferDevice(ctx: Context, at: Date, id: string, institution: string): Promise<void> {
  const next = parseValue(institutionId, institution, 'institutionId');
  const { transferTo, ...device } = await getKept(ctx, at, id);
  const version = device.version + 1;
  if (next === device.institutionId) {
    if (transferTo === undefined) throw new LedgerError('WRONG_STATE', `${device.id} is not offered to anybody`);
    return putDevice(ctx, { ...device, status: 'active', version }, 'transferDevice', at);
  }
  // What is offered can be offered to somebody else; what was suspended for another reason cannot be got rid of so.
  if (transferTo === undefined && device.status !== 'active') {
    throw new LedgerError('SUSPENDED', `${device.id} is ${device.status}`);
  }
  await getActiveInstitution(ctx, next);
  await putDevice(ctx, { ...device, status: 'suspended', transferTo: next, version }, 'transferDevice', at);
}

/** Takes a device over that is offered, with new keys: the old ones are nobody's from then on. */
export async function acceptDevice(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const keys = parseJson(deviceKeys, json, 'keys');
  const { transferTo, ...device } = await getDevice(ctx, parseValue(deviceId, id, 'id'));
  if (transferTo === undefined) throw new LedgerError('WRONG_STATE', `${device.id} is not offered to anybody`);
  const institution = await getInstitution(ctx, transferTo);
  await requireKeeper(ctx, at, institution);
  await claimSigningKey(ctx, keys.signingKeyHash, device.id);
  await ctx.stub.deleteState(ctx.stub.createCompositeKey(objectTypes.equipment, [device.institutionId, device.id]));
  await putIndex(ctx, objectTypes.equipment, [institution.id, device.id], device.id);
  const accepted: Device = {
    ...{ ...device, keys, institutionId: institution.id, mspId: institution.mspId, status: 'active' },
    formerInstitution: device.institutionId,
    version: device.version + 1,
  };
  await putDevice(ctx, accepted, 'acceptDevice', at);
}

async function getActiveInstitution(ctx: Context, id: string): Promise<void> {
  const { status } = await getInstitution(ctx, id);
  if (status !== 'active') throw new LedgerError('SUSPENDED', `${id} is ${status}`);
}

/** A device for whose institution the caller answers. */
async function getKept(ctx: Context, at: Date, id: string): Promise<Device> {
  const device = await getDevice(ctx, parseValue(deviceId, id, 'id'));
  await requireKeeper(ctx, at, await getInstitution(ctx, device.institutionId));
  return device;
}

export async function readDevice(ctx: Context, id: string): Promise<Device> {
  return getDevice(ctx, parseValue(deviceId, id, 'id'));
}

/** The device whose current signing key has this hash: NOT_REGISTERED. */
export async function readDeviceByKey(ctx: Context, hash: string): Promise<Device> {
  const signingKeyHash = parseValue(hex32, hash, 'signingKeyHash');
  const owner = await findKeyOwner(ctx, signingKeyHash);
  if (owner && 'serialHash' in owner && owner.keys.signingKeyHash === signingKeyHash) return owner;
  throw new LedgerError('NOT_REGISTERED', 'the registry records no device with this key');
}

export async function listDevices(
  ctx: Context,
  institution: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<Device>> {
  const id = parseValue(institutionId, institution, 'institutionId');
  return readPage(ctx, objectTypes.equipment, [id], pageSize, bookmark, (_key, value) =>
    getDevice(ctx, Buffer.from(value).toString('utf8')),
  );
}
