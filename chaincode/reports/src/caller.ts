import type { Context } from 'fabric-contract-api';
import { clinicians } from '../../care/actor.ts';
import { isPatientMember, requirePatient } from '../../care/owner.ts';
import type { AdverseReport } from '../../model/adverseReport.ts';
import { LedgerError } from '../../model/errors.ts';
import { requirePractitioner } from '../../people/callers.ts';

/** A regulator in standing of the authority that was reported to. Throws NOT_REGISTERED, NOT_AUTHORISED, SUSPENDED. */
export async function requireRecipient(ctx: Context, at: Date, { to }: AdverseReport): Promise<string> {
  const { practitioner } = await requirePractitioner(ctx, 'regulator', at);
  if (practitioner.institutionId !== to) throw new LedgerError('NOT_AUTHORISED', `${practitioner.id} is not of ${to}`);
  return practitioner.id;
}

/** Whoever filed the report, and nobody else for them. Throws as above. */
export async function requireReporter(ctx: Context, at: Date, { reporter }: AdverseReport): Promise<string> {
  if (reporter.role === 'patient') {
    if (!isPatientMember(ctx)) throw new LedgerError('NOT_AUTHORISED', `${reporter.id} is a patient`);
    return (await requirePatient(ctx, reporter.id)).pseudonym;
  }
  const { practitioner } = await requirePractitioner(ctx, clinicians, at);
  if (practitioner.id !== reporter.id) throw new LedgerError('NOT_AUTHORISED', `${practitioner.id} did not report`);
  return practitioner.id;
}
