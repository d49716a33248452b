import type { Context } from 'fabric-contract-api';
import { parseJson, parseReason, parseValue } from '../../ledger/arguments.ts';
import { requireRegistrar } from '../../ledger/certificate.ts';
import { decodeRecord, readPage } from '../../ledger/store.ts';
import { LedgerError } from '../../model/errors.ts';
import { institutionId } from '../../model/identifiers.ts';
import { institutionProposal, institutionRecord, registryStatus } from '../../model/records.ts';
import {
  type Institution,
  type InstitutionStatus,
  type Page,
  type RegistryStatus,
  regulatorMsp,
} from '../../model/registry.ts';
import { requireAuthority } from './authority.ts';
import { findInstitution, getInstitution, objectTypes, putInstitution } from './storage.ts';

/** An institution proposes itself, by its organisation's registrar; one that was refused may do so again. */
export async function proposeInstitution(ctx: Context, at: Date, json: string): Promise<void> {
  const proposal = parseJson(institutionProposal, json, 'institution');
  requireRegistrar(ctx, proposal.mspId);
  if (proposal.kind === 'authority' && proposal.mspId !== regulatorMsp) {
    throw new LedgerError('INVALID_ARGUMENT', `institution.mspId: an authority belongs to ${regulatorMsp}`);
  }
  const before = await findInstitution(ctx, proposal.id);
  if (before && (before.status !== 'refused' || before.mspId !== proposal.mspId)) {
    throw new LedgerError('ALREADY_EXISTS', `${proposal.id} is ${before.status} already`);
  }
  const proposed: Institution = { ...proposal, status: 'proposed', version: (before?.version ?? 0) + 1 };
  await putInstitution(ctx, proposed, 'proposeInstitution', at);
}

/** Admits an institution that has proposed itself. */
export async function admitInstitution(ctx: Context, at: Date, id: string): Promise<void> {
  await requireAuthority(ctx, at);
  const proposed = await getProposed(ctx, id);
  const admitted: Institution = { ...proposed, status: 'active', version: proposed.version + 1 };
  await putInstitution(ctx, admitted, 'admitInstitution', at);
}

/** Refuses an institution that has proposed itself; the reason is public. */
export async function refuseInstitution(ctx: Context, at: Date, id: string, text: string): Promise<void> {
  const reason = parseReason(text);
  await requireAuthority(ctx, at);
  const proposed = await getProposed(ctx, id);
  const refused: Institution = { ...proposed, status: 'refused', reason, version: proposed.version + 1 };
  await putInstitution(ctx, refused, 'refuseInstitution', at);
}

async function getProposed(ctx: Context, id: string): Promise<Institution> {
  const institution = await getInstitution(ctx, parseValue(institutionId, id, 'id'));
  if (institution.status !== 'proposed') {
    throw new LedgerError('WRONG_STATE', `${institution.id} is ${institution.status}`);
  }
  return institution;
}

/** Suspends, restores or revokes an institution, and with it all who act for it. */
export async function setInstitutionStatus(ctx: Context, at: Date, id: string, status: string): Promise<void> {
  const next = parseValue(registryStatus, status, 'status');
  await requireAuthority(ctx, at);
  const institution = await getInstitution(ctx, parseValue(institutionId, id, 'id'));
  requireStatusChange(institution.id, institution.status, next);
  const changed = { ...institution, status: next, version: institution.version + 1 };
  await putInstitution(ctx, changed, 'setInstitutionStatus', at);
}

/** active ⇄ suspended, either → revoked, which is final: WRONG_STATE. */
export function requireStatusChange(id: string, from: InstitutionStatus, to: RegistryStatus): void {
  if ((from !== 'active' && from !== 'suspended') || from === to)
    throw new LedgerError('WRONG_STATE', `${id} is ${from}`);
}

export async function readInstitution(ctx: Context, id: string): Promise<Institution> {
  return getInstitution(ctx, parseValue(institutionId, id, 'id'));
}

export async function listInstitutions(ctx: Context, pageSize: string, bookmark: string): Promise<Page<Institution>> {
  return readPage(ctx, objectTypes.institution, [], pageSize, bookmark, (_key, value) =>
    decodeRecord(institutionRecord, value),
  );
}
