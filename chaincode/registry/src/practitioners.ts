import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
import { putIndex, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { hex32, institutionId, practitionerId } from '../../model/identifiers.ts';
import { licence, practitionerRegistration, registryStatus } from '../../model/records.ts';
import {
  employers,
  type Page,
  type Practitioner,
  type RegistryStatus,
  type Standing,
  type Suspender,
} from '../../model/registry.ts';
import { requireActive } from '../../model/standing.ts';
import { decider, requireKeeper } from './authority.ts';
import { requireStatusChange } from './institutions.ts';
import {
  findPractitioner,
  getInstitution,
  getPractitioner,
  getStanding,
  getStandingByKey,
  objectTypes,
  putPractitioner,
} from './storage.ts';

/** Registers a person of an institution, still without keys. */
export async function registerPractitioner(ctx: Context, at: Date, json: string): Promise<void> {
  const registration = parseJson(practitionerRegistration, json, 'practitioner');
  const institution = await getInstitution(ctx, registration.institutionId);
  await requireKeeper(ctx, at, institution, registration.id);
  if (!employers[registration.role].includes(institution.kind)) {
    throw new LedgerError('INVALID_ARGUMENT', `practitioner.role: a ${institution.kind} has no ${registration.role}`);
  }
  if (await findPractitioner(ctx, registration.id)) {
    throw new LedgerError('ALREADY_EXISTS', `${registration.id} is registered already`);
  }
  await putIndex(ctx, objectTypes.staff, [institution.id, registration.id], registration.id);
  const practitioner: Practitioner = { ...registration, mspId: institution.mspId, status: 'active', version: 1 };
  await putPractitioner(ctx, practitioner, 'registerPractitioner', at);
}

/**
 * Suspends, restores or revokes a person. The institution (its registrar or admin) restores what it suspended itself; the
 * authority all, and it can make an institution's suspension its own.
 */
export async function setPractitionerStatus(ctx: Context, at: Date, id: string, status: string): Promise<void> {
  const next = parseValue(registryStatus, status, 'status');
  const { practitioner, institution } = await getStanding(ctx, parseValue(practitionerId, id, 'id'));
  const by = await decider(ctx, at, institution, practitioner.id);
  requireDecision(practitioner, next, by);
  const { suspendedBy: _before, ...rest } = practitioner;
  const suspension = next === 'suspended' ? { suspendedBy: by } : {};
  const changed: Practitioner = { ...rest, ...suspension, status: next, version: practitioner.version + 1 };
  await putPractitioner(ctx, changed, 'setPractitionerStatus', at);
}

function requireDecision(practitioner: Practitioner, next: RegistryStatus, by: Suspender): void {
  const { id, status, suspendedBy } = practitioner;
  if (next === 'suspended' && by === 'authority' && suspendedBy === 'institution') return;
  requireStatusChange(id, status, next);
  if (next === 'active' && by === 'institution' && suspendedBy !== 'institution') {
    throw new LedgerError('NOT_AUTHORISED', `the authority has suspended ${id}`);
  }
}

/** Replaces a person's licence. */
export async function renewLicence(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const renewed = parseJson(licence, json, 'licence');
  const { practitioner, institution } = await getStanding(ctx, parseValue(practitionerId, id, 'id'));
  await requireKeeper(ctx, at, institution, practitioner.id);
  requireActive(practitioner, institution);
  await putPractitioner(
    ctx,
    { ...practitioner, licence: renewed, version: practitioner.version + 1 },
    'renewLicence',
    at,
  );
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
