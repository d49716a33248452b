import type { Context } from 'fabric-contract-api';
import { clinicians } from '../../care/actor.ts';
import { careChannelOf } from '../../care/channel.ts';
import { isPatientMember, requireOwner } from '../../care/owner.ts';
import { getPatient } from '../../care/people.ts';
import { parseJson } from '../../ledger/arguments.ts';
import { askRegistry } from '../../ledger/askChannel.ts';
import { decodeRecord, hasKey } from '../../ledger/store.ts';
import { transientJson } from '../../ledger/transient.ts';
import { type AdverseReport, newReport, reportWraps, wrapsTransientField } from '../../model/adverseReport.ts';
import { LedgerError } from '../../model/errors.ts';
import { institutionRecord } from '../../model/records.ts';
import { requirePractitioner } from '../../people/callers.ts';
import { keyOf, putReport, putWraps } from './storage.ts';

/**
 * A patient, or who acts for the patient, a doctor or a pharmacist reports an adverse event to the authority. A clinician needs
 * no consent: nothing of the record is read, and the duty to report knows none.
 */
export async function file(ctx: Context, at: Date, json: string): Promise<void> {
  const { message, ...given } = parseJson(newReport, json, 'report');
  const wraps = transientJson(ctx, wrapsTransientField, reportWraps);
  const { id, patient } = given;
  if ([id, ...(patient === undefined ? [] : [patient])].some((of) => careChannelOf(of) !== ctx.stub.getChannelID())) {
    throw new LedgerError('WRONG_CHANNEL', `${id} belongs to another channel`);
  }
  const reporter = await reporterOf(ctx, at, patient);
  await requireAuthorityKey(ctx, given);
  if (await hasKey(ctx, keyOf(ctx, id))) throw new LedgerError('ALREADY_EXISTS', `${id} is filed already`);
  const first = { kind: 'report' as const, by: reporter.id, at: at.toISOString(), ...message };
  const report: AdverseReport = { ...given, reporter, state: 'received', messages: [first], version: 1 };
  await putWraps(ctx, id, wraps);
  await putReport(ctx, report, 'reports:file', at);
}

async function reporterOf(ctx: Context, at: Date, patient: string | undefined): Promise<AdverseReport['reporter']> {
  if (isPatientMember(ctx)) {
    if (patient === undefined) throw new LedgerError('INVALID_ARGUMENT', 'report.patient: a patient says who');
    return { id: (await requireOwner(ctx, patient, at)).person.pseudonym, role: 'patient' };
  }
  const { practitioner } = await requirePractitioner(ctx, clinicians, at);
  if (patient !== undefined) await getPatient(ctx, patient);
  const { id, role, institutionId: institution } = practitioner;
  return { id, role: role === 'doctor' ? 'doctor' : 'pharmacist', institution };
}

async function requireAuthorityKey(ctx: Context, { to, generation }: { to: string; generation: number }) {
  const { kind, status, reading } = decodeRecord(institutionRecord, await askRegistry(ctx, 'readInstitution', to));
  if (kind !== 'authority' || status !== 'active') throw new LedgerError('WRONG_STATE', `${to} takes no reports`);
  if (reading?.generation !== generation) {
    throw new LedgerError('STALE_KEY', `the reading key of ${to} is of generation ${reading?.generation ?? 0}`);
  }
}
