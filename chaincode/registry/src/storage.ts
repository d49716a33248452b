import type { Context } from 'fabric-contract-api';
import { announce, followIndex, getRecord, putIndex, putRecord } from '../../ledger/store.ts';
import type { ChannelMap } from '../../model/channelMap.ts';
import { LedgerError } from '../../model/errors.ts';
import { type EscrowKey, escrowKey, type Reenrolment, reenrolment } from '../../model/patient.ts';
import { type Product, productRecord, type Site, siteRecord } from '../../model/product.ts';
import {
  channelMap,
  deviceRecord,
  type InstitutionLadder,
  institutionLadder,
  institutionRecord,
  practitionerRecord,
} from '../../model/records.ts';
import {
  type Device,
  type Institution,
  type Practitioner,
  type RegistryChanged,
  registryEvent,
  type Standing,
} from '../../model/registry.ts';

/** Keys: one record a key, so that changes of different people and institutions never conflict. */
export const objectTypes = {
  institution: 'institution',
  /** institution, generation → the ladder of one that was replaced */
  institutionLadder: 'institutionLadder',
  practitioner: 'practitioner',
  /** institution → practitioner */
  staff: 'staff',
  device: 'device',
  /** institution → device */
  equipment: 'equipment',
  /** hash of a signing key → practitioner or device; never removed, so that a key once used is never enrolled again. */
  signingKey: 'signingKey',
  /** address → practitioner; never removed, so that a wallet never passes from one person to another. */
  wallet: 'wallet',
  /** practitioner → the newest re-enrolment */
  reenrolment: 'reenrolment',
  /** organisation → its present escrow key */
  escrowKey: 'escrowKey',
  /** version, or `newest` → channel map; the newest stands under both. */
  channelMap: 'channelMap',
  /** GTIN → product */
  product: 'product',
  /** GLN → site */
  site: 'site',
} as const;

export async function findInstitution(ctx: Context, id: string): Promise<Institution | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.institution, [id]), institutionRecord);
}

/** Throws NOT_FOUND. */
export async function getInstitution(ctx: Context, id: string): Promise<Institution> {
  const institution = await findInstitution(ctx, id);
  if (!institution) throw new LedgerError('NOT_FOUND', `there is no institution ${id}`);
  return institution;
}

const ladderKey = (ctx: Context, institution: string, generation: number) =>
  ctx.stub.createCompositeKey(objectTypes.institutionLadder, [institution, `${generation}`]);

/** Keeps the ladder of a reading key that is replaced; the first has none. */
export async function keepLadder(ctx: Context, { id, reading }: Institution): Promise<void> {
  if (!reading?.ladder) return;
  const { generation, ladder } = reading;
  await putRecord(ctx, ladderKey(ctx, id, generation), { generation, ladder });
}

/** Ladders of an institution's generations before the present, newest first. */
export async function formerLadders(ctx: Context, { id, reading }: Institution): Promise<InstitutionLadder[]> {
  const ladders: InstitutionLadder[] = [];
  for (let generation = (reading?.generation ?? 0) - 1; generation > 1; generation -= 1) {
    const found = await getRecord(ctx, ladderKey(ctx, id, generation), institutionLadder);
    if (!found) break;
    ladders.push(found);
  }
  return ladders;
}

export async function findPractitioner(ctx: Context, id: string): Promise<Practitioner | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.practitioner, [id]), practitionerRecord);
}

/** Throws NOT_FOUND. */
export async function getPractitioner(ctx: Context, id: string): Promise<Practitioner> {
  const practitioner = await findPractitioner(ctx, id);
  if (!practitioner) throw new LedgerError('NOT_FOUND', `there is no practitioner ${id}`);
  return practitioner;
}

/** A practitioner with their institution. Throws NOT_FOUND. */
export async function getStanding(ctx: Context, practitionerId: string): Promise<Standing> {
  const practitioner = await getPractitioner(ctx, practitionerId);
  return { practitioner, institution: await getInstitution(ctx, practitioner.institutionId) };
}

/** The practitioner whose current signing key has this hash; a retired key is nobody's. Throws NOT_REGISTERED. */
export async function getStandingByKey(ctx: Context, signingKeyHash: string): Promise<Standing> {
  const practitioner = await findKeyOwner(ctx, signingKeyHash);
  if (practitioner && 'role' in practitioner && practitioner.keys?.signingKeyHash === signingKeyHash) {
    return { practitioner, institution: await getInstitution(ctx, practitioner.institutionId) };
  }
  throw new LedgerError('NOT_REGISTERED', 'the registry records nobody with this key');
}

/** Whose signing key this is or was. */
export async function findKeyOwner(ctx: Context, signingKeyHash: string): Promise<Practitioner | Device | undefined> {
  const owner = await followIndex(ctx, objectTypes.signingKey, signingKeyHash);
  if (owner === undefined) return undefined;
  return owner.startsWith('dev-') ? getDevice(ctx, owner) : getPractitioner(ctx, owner);
}

/** Notes that a signing key is somebody's for good. Throws KEY_EXISTS where it is or was anybody's. */
export async function claimSigningKey(ctx: Context, signingKeyHash: string, id: string): Promise<void> {
  if (await followIndex(ctx, objectTypes.signingKey, signingKeyHash)) {
    throw new LedgerError('KEY_EXISTS', 'this signing key is or was in use');
  }
  await putIndex(ctx, objectTypes.signingKey, [signingKeyHash], id);
}

export async function findDevice(ctx: Context, id: string): Promise<Device | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.device, [id]), deviceRecord);
}

/** Throws NOT_FOUND. */
export async function getDevice(ctx: Context, id: string): Promise<Device> {
  const device = await findDevice(ctx, id);
  if (!device) throw new LedgerError('NOT_FOUND', `there is no device ${id}`);
  return device;
}

/** Writes a device and announces the change. */
export async function putDevice(ctx: Context, device: Device, change: string, at: Date): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.device, [device.id]), device);
  const { id, status, version } = device;
  announceChange(ctx, { kind: 'device', id, change, status, version, at: at.toISOString() });
}

/** Writes an institution and announces the change. */
export async function putInstitution(ctx: Context, institution: Institution, change: string, at: Date): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.institution, [institution.id]), institution);
  const { id, status, version } = institution;
  announceChange(ctx, { kind: 'institution', id, change, status, version, at: at.toISOString() });
}

/** Writes a practitioner and announces the change. */
export async function putPractitioner(
  ctx: Context,
  practitioner: Practitioner,
  change: string,
  at: Date,
): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.practitioner, [practitioner.id]), practitioner);
  const { id, status, version } = practitioner;
  announceChange(ctx, { kind: 'practitioner', id, change, status, version, at: at.toISOString() });
}

/** Notes that a wallet is this person's for good. False where it is or was somebody else's. */
export async function claimWallet(ctx: Context, address: string, id: string): Promise<boolean> {
  const owner = await followIndex(ctx, objectTypes.wallet, address);
  if (owner === undefined) await putIndex(ctx, objectTypes.wallet, [address], id);
  return owner === undefined || owner === id;
}

export async function findReenrolment(ctx: Context, subject: string): Promise<Reenrolment | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.reenrolment, [subject]), reenrolment);
}

/** Throws NOT_FOUND. */
export async function getReenrolment(ctx: Context, subject: string): Promise<Reenrolment> {
  const found = await findReenrolment(ctx, subject);
  if (!found) throw new LedgerError('NOT_FOUND', `nobody has proposed new keys for ${subject}`);
  return found;
}

export async function putReenrolment(ctx: Context, record: Reenrolment): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.reenrolment, [record.subject]), record);
}

export function announceReenrolment(ctx: Context, record: Reenrolment, change: string, at: Date): void {
  const { subject: id, state: status, version } = record;
  announceChange(ctx, { kind: 'reenrolment', id, change, status, version, at: at.toISOString() });
}

export async function findEscrowKey(ctx: Context, mspId: string): Promise<EscrowKey | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.escrowKey, [mspId]), escrowKey);
}

/** Writes an organisation's escrow key and announces it. */
export async function putEscrowKeyRecord(ctx: Context, key: EscrowKey, change: string, at: Date): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.escrowKey, [key.mspId]), key);
  const said = { kind: 'escrowKey', id: key.mspId, status: 'active', version: key.version } as const;
  announceChange(ctx, { ...said, change, at: at.toISOString() });
}

/** The channel map of a version, or the one in force. */
export async function findChannelMap(ctx: Context, version: number | 'newest'): Promise<ChannelMap | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.channelMap, [`${version}`]), channelMap);
}

/** Puts a channel map in force and announces it. */
export async function putChannelMap(ctx: Context, map: ChannelMap, change: string, at: Date): Promise<void> {
  for (const place of [`${map.version}`, 'newest']) {
    await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.channelMap, [place]), map);
  }
  const said = { kind: 'channelMap', id: `${map.version}`, status: 'active', version: map.version } as const;
  announceChange(ctx, { ...said, change, at: at.toISOString() });
}

export async function findProduct(ctx: Context, gtin: string): Promise<Product | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.product, [gtin]), productRecord);
}

/** Writes a product, once, and announces it. */
export async function putProduct(ctx: Context, product: Product, change: string, at: Date): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.product, [product.gtin]), product);
  const said = { kind: 'product', id: product.gtin, status: 'active', version: 1 } as const;
  announceChange(ctx, { ...said, change, at: at.toISOString() });
}

export async function findSite(ctx: Context, gln: string): Promise<Site | undefined> {
  return getRecord(ctx, ctx.stub.createCompositeKey(objectTypes.site, [gln]), siteRecord);
}

/** Writes a site and announces it. */
export async function putSite(ctx: Context, site: Site, change: string, at: Date): Promise<void> {
  await putRecord(ctx, ctx.stub.createCompositeKey(objectTypes.site, [site.gln]), site);
  const said = { kind: 'site', id: site.gln, status: 'active', version: site.version } as const;
  announceChange(ctx, { ...said, change, at: at.toISOString() });
}

export function announceChange(ctx: Context, change: RegistryChanged): void {
  announce(ctx, registryEvent, change);
}
