import type { Context } from 'fabric-contract-api';
import { callerKeyHash, isRegistrarOf } from '../../ledger/certificate.ts';
import { LedgerError } from '../../model/errors.ts';
import { type Institution, type Practitioner, regulatorMsp, type Suspender } from '../../model/registry.ts';
import { requireStanding } from '../../model/standing.ts';
import { getStandingByKey } from './storage.ts';

/** The authority: the registrar of the regulator's organisation, or a registered regulator in good standing. */
export async function requireAuthority(ctx: Context, at: Date): Promise<void> {
  if (isRegistrarOf(ctx, regulatorMsp)) return;
  const { practitioner, institution } = await getStandingByKey(ctx, callerKeyHash(ctx));
  if (practitioner.role !== 'regulator' || ctx.clientIdentity.getMSPID() !== practitioner.mspId) {
    throw new LedgerError('NOT_AUTHORISED', 'only the authority may do this');
  }
  requireStanding(practitioner, institution, at);
}

/** The authority, or one of the maker's people who work with its medicines, in good standing. */
export async function requireMakerOrAuthority(ctx: Context, at: Date, maker: string): Promise<void> {
  if (!isRegistrarOf(ctx, regulatorMsp)) {
    const { practitioner, institution } = await getStandingByKey(ctx, callerKeyHash(ctx));
    const isMakers = practitioner.role === 'supplier' && practitioner.institutionId === maker;
    if (isMakers && ctx.clientIdentity.getMSPID() === practitioner.mspId) {
      return requireStanding(practitioner, institution, at);
    }
  }
  await requireAuthority(ctx, at);
}

/** The registrar of the organisation of an active institution: NOT_AUTHORISED, SUSPENDED. */
export function requireRegistrarFor(ctx: Context, institution: Institution): void {
  if (!isRegistrarOf(ctx, institution.mspId)) {
    throw new LedgerError('NOT_AUTHORISED', `only the registrar of ${institution.mspId} may do this`);
  }
  requireActiveInstitution(institution);
}

/** The admin of an institution, in good standing. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED, LICENCE_INVALID. */
export async function requireAdmin(ctx: Context, at: Date, institution: Institution): Promise<Practitioner> {
  const { practitioner } = await getStandingByKey(ctx, callerKeyHash(ctx));
  const isAdmin = practitioner.role === 'admin' && practitioner.institutionId === institution.id;
  if (!isAdmin || ctx.clientIdentity.getMSPID() !== practitioner.mspId) {
    throw new LedgerError('NOT_AUTHORISED', `only an admin of ${institution.id} may do this`);
  }
  requireStanding(practitioner, institution, at);
  return practitioner;
}

/**
 * Who answers for an institution's people and devices: the registrar of its organisation, or its admin, though not about
 * herself. Answers the admin's id, or `registrar:<MSP id>`.
 */
export async function requireKeeper(
  ctx: Context,
  at: Date,
  institution: Institution,
  subject?: string,
): Promise<string> {
  if (isRegistrarOf(ctx, institution.mspId)) {
    requireActiveInstitution(institution);
    return `registrar:${institution.mspId}`;
  }
  const { id } = await requireAdmin(ctx, at, institution);
  if (id === subject) throw new LedgerError('NOT_AUTHORISED', 'an admin answers for others');
  return id;
}

/** As whom the caller decides about a person or place of an institution. */
export async function decider(ctx: Context, at: Date, institution: Institution, subject?: string): Promise<Suspender> {
  if (!isRegistrarOf(ctx, regulatorMsp)) {
    const isOfficer = isRegistrarOf(ctx, institution.mspId);
    if (isOfficer || (await getStandingByKey(ctx, callerKeyHash(ctx))).practitioner.role === 'admin') {
      await requireKeeper(ctx, at, institution, subject);
      return 'institution';
    }
  }
  await requireAuthority(ctx, at);
  return 'authority';
}

function requireActiveInstitution(institution: Institution): void {
  if (institution.status !== 'active') {
    throw new LedgerError('SUSPENDED', `${institution.id} is ${institution.status}`);
  }
}
