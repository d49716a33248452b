import type { Context } from 'fabric-contract-api';
import { parseJson, parseValue } from '../../ledger/arguments.ts';
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

/** Admits an institution. */
export async function admitInstitution(ctx: Context, at: Date, json: string): Promise<void> {
  requireRegistrar(ctx, regulatorMsp);
  const admission = parseJson(institutionProposal, json, 'institution');
  if (admission.kind === 'authority' && admission.mspId !== regulatorMsp) {
    throw new LedgerError('INVALID_ARGUMENT', `institution.mspId: an authority belongs to ${regulatorMsp}`);
  }
  if (await findInstitution(ctx, admission.id)) {
    throw new LedgerError('ALREADY_EXISTS', `${admission.id} is admitted already`);
  }
  await putInstitution(ctx, { ...admission, status: 'active', version: 1 }, 'admitInstitution', at);
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
