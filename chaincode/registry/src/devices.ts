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
  const device = await getKept(ctx, at, id);
  requireStatusChange(device.id, device.status, next);
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
