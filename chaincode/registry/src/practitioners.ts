import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { callerKeyHash, isRegistrarOf } from '../../ledger/certificate.ts';
import { hasKey, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { hex32, institutionId, practitionerId } from '../../model/identifiers.ts';
import { licence, practitionerRegistration, registryStatus } from '../../model/records.ts';
import { employers, type Page, type Practitioner, type PublicKeys, type Standing } from '../../model/registry.ts';
import { newKeys } from '../../model/shapes/keys.ts';
import { requireActive } from '../../model/standing.ts';
import { requireAuthority, requireRegistrarFor } from './authority.ts';
import { requireStatusChange } from './institutions.ts';
import {
  claimWallet,
  findPractitioner,
  getInstitution,
  getPractitioner,
  getStanding,
  getStandingByKey,
  objectTypes,
  putPractitioner,
} from './storage.ts';
import { rotateWallet } from './walletList.ts';

/** Registers a person of an institution, still without keys. */
export async function registerPractitioner(ctx: Context, at: Date, json: string): Promise<void> {
  const registration = parseJson(practitionerRegistration, json, 'practitioner');
  const institution = await getInstitution(ctx, registration.institutionId);
  requireRegistrarFor(ctx, institution);
  if (!employers[registration.role].includes(institution.kind)) {
    throw new LedgerError('INVALID_ARGUMENT', `practitioner.role: a ${institution.kind} has no ${registration.role}`);
  }
  if (await findPractitioner(ctx, registration.id)) {
    throw new LedgerError('ALREADY_EXISTS', `${registration.id} is registered already`);
  }
  await ctx.stub.putState(
    ctx.stub.createCompositeKey(objectTypes.staff, [institution.id, registration.id]),
    Buffer.from(registration.id),
  );
  const practitioner: Practitioner = { ...registration, mspId: institution.mspId, status: 'active', version: 1 };
  await putPractitioner(ctx, practitioner, 'registerPractitioner', at);
}

/** Records the first keys of a person. */
export async function enrolKeys(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const keys = parseJson(newKeys, json, 'keys');
  const { practitioner, institution } = await getStanding(ctx, parseValue(practitionerId, id, 'id'));
  requireRegistrarFor(ctx, institution);
  requireActive(practitioner, institution);
  if (practitioner.keys) throw new LedgerError('KEY_EXISTS', `${practitioner.id} has keys; they can only be rotated`);
  await putKeys(ctx, at, practitioner, keys, 'enrolKeys');
}

/** Replaces the caller's own keys; the proposal is signed with the key that ends. Linked wallets stay. */
export async function rotateKeys(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const keys = parseJson(newKeys, json, 'keys');
  const { practitioner, keys: before } = await requireOwner(ctx, id);
  await putKeys(ctx, at, practitioner, rotateWallet(before, keys), 'rotateKeys');
}

/** The caller, who must be the practitioner of this id, by the current key, and active. */
export async function requireOwner(
  ctx: Context,
  id: string,
): Promise<{ practitioner: Practitioner; keys: PublicKeys }> {
  const { practitioner, institution } = await getStandingByKey(ctx, callerKeyHash(ctx));
  if (practitioner.id !== parseValue(practitionerId, id, 'id') || !practitioner.keys) {
    throw new LedgerError('NOT_AUTHORISED', 'keys and wallets are changed by the person who has them');
  }
  requireSameOrganisation(ctx, practitioner);
  requireActive(practitioner, institution);
  return { practitioner, keys: practitioner.keys };
}

async function putKeys(ctx: Context, at: Date, practitioner: Practitioner, keys: PublicKeys, change: string) {
  const key = ctx.stub.createCompositeKey(objectTypes.signingKey, [keys.signingKeyHash]);
  if (await hasKey(ctx, key)) throw new LedgerError('KEY_EXISTS', 'this signing key is or was in use');
  await ctx.stub.putState(key, Buffer.from(practitioner.id));
  if (keys.wallet !== '' && !(await claimWallet(ctx, keys.wallet, practitioner.id))) {
    throw new LedgerError('KEY_EXISTS', 'this wallet is or was somebody else’s');
  }
  await putPractitioner(ctx, { ...practitioner, keys, version: practitioner.version + 1 }, change, at);
}

/** Suspends, restores or revokes a person. The registrar of their institution may only suspend. */
export async function setPractitionerStatus(ctx: Context, at: Date, id: string, status: string): Promise<void> {
  const next = parseValue(registryStatus, status, 'status');
  const practitioner = await getPractitioner(ctx, parseValue(practitionerId, id, 'id'));
  if (!(next === 'suspended' && isRegistrarOf(ctx, practitioner.mspId))) await requireAuthority(ctx, at);
  requireStatusChange(practitioner.id, practitioner.status, next);
  const changed = { ...practitioner, status: next, version: practitioner.version + 1 };
  await putPractitioner(ctx, changed, 'setPractitionerStatus', at);
}

/** Replaces a person's licence. */
export async function renewLicence(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const renewed = parseJson(licence, json, 'licence');
  const { practitioner, institution } = await getStanding(ctx, parseValue(practitionerId, id, 'id'));
  requireRegistrarFor(ctx, institution);
  requireActive(practitioner, institution);
  await putPractitioner(
    ctx,
    { ...practitioner, licence: renewed, version: practitioner.version + 1 },
    'renewLicence',
    at,
  );
}

function requireSameOrganisation(ctx: Context, practitioner: Practitioner): void {
  if (ctx.clientIdentity.getMSPID() !== practitioner.mspId) {
    throw new LedgerError('NOT_AUTHORISED', `${practitioner.id} acts for ${practitioner.mspId}`);
  }
}

export async function readPractitioner(ctx: Context, id: string): Promise<Practitioner> {
  return getPractitioner(ctx, parseValue(practitionerId, id, 'id'));
}

export async function readStanding(ctx: Context, id: string): Promise<Standing> {
  return getStanding(ctx, parseValue(practitionerId, id, 'id'));
}

export async function readPractitionerByKey(ctx: Context, signingKeyHash: string): Promise<Standing> {
  return getStandingByKey(ctx, parseValue(hex32, signingKeyHash, 'signingKeyHash'));
}

export async function listPractitioners(
  ctx: Context,
  institution: string,
  pageSize: string,
  bookmark: string,
): Promise<Page<Practitioner>> {
  const id = parseValue(institutionId, institution, 'institutionId');
  return readPage(ctx, objectTypes.staff, [id], pageSize, bookmark, (_key, value) =>
    getPractitioner(ctx, Buffer.from(value).toString('utf8')),
  );
}
