import type { Context } from 'fabric-contract-api';
import { parseJson } from '../../ledger/arguments.ts';
import { type AdverseReport, type MessageKind, mostMessages, sealedMessage } from '../../model/adverseReport.ts';
import { LedgerError } from '../../model/errors.ts';
import { requireRecipient, requireReporter } from './caller.ts';
import { getReport, putReport } from './storage.ts';

/** The authority asks the reporter back. Throws WRONG_STATE where the report is closed. */
export async function ask(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const report = await getReport(ctx, id);
  const by = await requireRecipient(ctx, at, report);
  await putReport(ctx, withMessage(report, { kind: 'question', by, at, json }), 'reports:ask', at);
}

/** The reporter answers, or adds what is known meanwhile. */
export async function answer(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const report = await getReport(ctx, id);
  const by = await requireReporter(ctx, at, report);
  await putReport(ctx, withMessage(report, { kind: 'answer', by, at, json }), 'reports:answer', at);
}

/** The authority says what it makes of it; a later assessment stands beside an earlier one. */
export async function assess(ctx: Context, at: Date, id: string, json: string): Promise<void> {
  const report = await getReport(ctx, id);
  const by = await requireRecipient(ctx, at, report);
  const assessed = withMessage(report, { kind: 'assessment', by, at, json });
  await putReport(ctx, { ...assessed, state: 'assessed' }, 'reports:assess', at);
}

/** Ends what is assessed. */
export async function close(ctx: Context, at: Date, id: string): Promise<void> {
  const report = await getReport(ctx, id);
  await requireRecipient(ctx, at, report);
  if (report.state !== 'assessed') throw new LedgerError('WRONG_STATE', `${id} is ${report.state}`);
  await putReport(ctx, { ...report, state: 'closed', version: report.version + 1 }, 'reports:close', at);
}

function withMessage(
  report: AdverseReport,
  { kind, by, at, json }: { kind: MessageKind; by: string; at: Date; json: string },
): AdverseReport {
  const message = parseJson(sealedMessage, json, 'message');
  if (report.state === 'closed') throw new LedgerError('WRONG_STATE', `${report.id} is closed`);
  if (report.messages.length >= mostMessages) throw new LedgerError('WRONG_STATE', `${mostMessages} messages are all`);
  const messages = [...report.messages, { kind, by, at: at.toISOString(), ...message }];
  return { ...report, messages, version: report.version + 1 };
}
