import { ConnectorError } from '../errors.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { retryLedger } from '../ledger/retry.ts';
import type { ConnectorLog } from '../log.ts';
import { reenrolmentsOf } from './registryLists.ts';

/** Puts new keys in force whose delay is over, of the people for whom the organisation proposed them. */
export async function completeReenrolments(
  mspId: string,
  ledger: LedgerConnection,
  channels: readonly string[],
  log: Pick<ConnectorLog, 'info' | 'warn'>,
  now = new Date(),
): Promise<void> {
  for (const channel of channels) {
    for await (const { subject, state, proposedFor, dueAt } of reenrolmentsOf(ledger, channel)) {
      if (state !== 'approved' || proposedFor !== mspId || dueAt === undefined) continue;
      if (now.getTime() < Date.parse(dueAt)) continue;
      const place =
        channel === 'registry'
          ? { channel, contract: 'registry', function: 'completeReenrolment' }
          : { channel, contract: 'care', function: 'patients:completeReenrolment' };
      try {
        await retryLedger(() => ledger.submit({ ...place, args: [subject] }));
        log.info({ mspId, channel, subject }, 'new keys are in force');
      } catch (error) {
        // One that the ledger refuses, as of somebody revoked meanwhile, must not stop the others.
        if (!(error instanceof ConnectorError) || error.status >= 500) throw error;
        log.warn({ err: error, mspId, channel, subject }, 'new keys are not put in force');
      }
    }
  }
}
