import { ConnectorError } from '../errors.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { retryLedger } from '../ledger/retry.ts';
import { practitionersOf } from './registryLists.ts';
import type { StaffEnrolment } from './schema.ts';

/**
 * Registers the first admin of an institution that was admitted. All others are registered by an admin's own signature, so
 * that whoever asks here gets nobody into an institution that has people already.
 */
export async function registerFirstAdmin(ledger: LedgerConnection, enrolment: StaffEnrolment): Promise<void> {
  const { role, subjectId, institutionId, licence } = enrolment;
  if (role !== 'admin' || !institutionId || !licence) return;
  for await (const _ of practitionersOf(ledger, institutionId)) return;
  const registration = JSON.stringify({ id: subjectId, institutionId, role, licence });
  const call = { channel: 'registry', contract: 'registry', function: 'registerPractitioner', args: [registration] };
  await retryLedger(async () => {
    try {
      await ledger.submit(call);
    } catch (error) {
      if (!(error instanceof ConnectorError && error.code === 'ALREADY_EXISTS')) throw error;
    }
  });
}
