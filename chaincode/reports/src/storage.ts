import type { Context } from 'fabric-contract-api';
import { parseCareId } from '../../care/channel.ts';
import { announce, decodeRecord, getRecord, putRecord } from '../../ledger/store.ts';
import {
  type AdverseReport,
  type ReportWraps,
  reportCollection,
  reportId,
  reportRecord,
  reportWraps,
} from '../../model/adverseReport.ts';
import { careEvents } from '../../model/careEvents.ts';
import { LedgerError } from '../../model/errors.ts';
import { stateBytes } from '../../model/state.ts';

/** Keys: one record a report; under the same key its wraps in private data. */
const objectType = 'adverseReport';
export const keyOf = (ctx: Context, id: string) => ctx.stub.createCompositeKey(objectType, [id]);

/** Throws INVALID_ARGUMENT, WRONG_CHANNEL, NOT_FOUND. */
export async function getReport(ctx: Context, text: string): Promise<AdverseReport> {
  const id = parseCareId(ctx, reportId, text, 'id');
  const found = await getRecord(ctx, keyOf(ctx, id), reportRecord);
  if (!found) throw new LedgerError('NOT_FOUND', `there is no report ${id}`);
  return found;
}

/** Writes a report and announces the change; whom it is about the event does not say. */
export async function putReport(ctx: Context, report: AdverseReport, change: string, at: Date): Promise<void> {
  const { id, state, version } = report;
  await putRecord(ctx, keyOf(ctx, id), report);
  announce(ctx, careEvents.reports, { id, change, state, version, at: at.toISOString() });
}

export async function putWraps(ctx: Context, id: string, wraps: ReportWraps): Promise<void> {
  await ctx.stub.putPrivateData(reportCollection, keyOf(ctx, id), stateBytes(wraps));
}

/** Throws NOT_FOUND. */
export async function getWraps(ctx: Context, id: string): Promise<ReportWraps> {
  const bytes = await ctx.stub.getPrivateData(reportCollection, keyOf(ctx, id));
  if (bytes.length === 0) throw new LedgerError('NOT_FOUND', `there is no key of ${id}`);
  return decodeRecord(reportWraps, bytes);
}
