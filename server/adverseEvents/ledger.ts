import { type AdverseReport, reportRecord } from '#chaincode/model/adverseReport.ts';
import { AppError } from '#server/errors.ts';
import type { LedgerGateway } from '../gateways/ledger/ledger.ts';

/** A report as the peer of `mspId` has it. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function readReport(
  ledger: Pick<LedgerGateway, 'evaluate' | 'careChannelOf'>,
  id: string,
  mspId?: string,
): Promise<AdverseReport> {
  const call = { channel: ledger.careChannelOf(id), contract: 'care', function: 'reports:read', args: [id] };
  const bytes = await ledger.evaluate({ ...call, ...(mspId !== undefined && { mspId }) });
  const parsed = reportRecord.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new AppError('INTERNAL', 'the ledger answered something else for reports:read', { cause: parsed.error });
}
