import { type Alert, alert } from '#chaincode/model/alert.ts';
import { AppError } from '#server/errors.ts';
import type { LedgerGateway } from '../gateways/ledger/ledger.ts';

/** An alert as the peer of `mspId` has it. Throws NOT_FOUND, LEDGER_UNAVAILABLE. */
export async function readAlert(
  ledger: Pick<LedgerGateway, 'evaluate' | 'careChannelOf'>,
  id: string,
  mspId?: string,
): Promise<Alert> {
  const call = { channel: ledger.careChannelOf(id), contract: 'care', function: 'alerts:read', args: [id] };
  const bytes = await ledger.evaluate({ ...call, ...(mspId === undefined ? {} : { mspId }) });
  const parsed = alert.safeParse(JSON.parse(Buffer.from(bytes).toString('utf8')));
  if (parsed.success) return parsed.data;
  throw new AppError('INTERNAL', 'the ledger answered something else for alerts:read', { cause: parsed.error });
}
