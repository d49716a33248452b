import type { Context } from 'fabric-contract-api';
import { isPatientMember } from '../../care/owner.ts';
import type { AdverseReport, ReportWrap } from '../../model/adverseReport.ts';
import { callingStanding } from '../../people/callers.ts';
import { requireRecipient, requireReporter } from './caller.ts';
import { getReport, getWraps } from './storage.ts';

/** Throws INVALID_ARGUMENT, WRONG_CHANNEL, NOT_FOUND. */
export function read(ctx: Context, id: string): Promise<AdverseReport> {
  return getReport(ctx, id);
}

/** The data key wrapped for the caller: for the authority's staff, or the reporter. Throws NOT_AUTHORISED, NOT_FOUND. */
export async function readWrap(ctx: Context, at: Date, id: string): Promise<ReportWrap> {
  const report = await getReport(ctx, id);
  const isRegulator = !isPatientMember(ctx) && (await callingStanding(ctx)).practitioner.role === 'regulator';
  if (isRegulator) await requireRecipient(ctx, at, report);
  else await requireReporter(ctx, at, report);
  const wraps = await getWraps(ctx, report.id);
  const { generation, to, reporter } = report;
  return isRegulator
    ? { id: report.id, reader: to, generation, wrap: wraps.authority }
    : { id: report.id, reader: reporter.id, generation, wrap: wraps.reporter };
}
