import { ConnectorError } from '../errors.ts';
import { retryLedger } from '../ledger/retry.ts';
import type { EnrolmentOffice } from './enrol.ts';
import { careChannelOf, findPatient, onceOnly } from './recordKeys.ts';
import type { Ward } from './schema.ts';

/**
 * Puts a patient without keys, for whom others act, on the care channel that the pseudonym names, unless it knows the patient
 * already. As the registrar of the organisation. Throws NOT_SERVED and the ledger's refusals.
 */
export async function registerPatient(
  offices: ReadonlyMap<string, EnrolmentOffice>,
  { mspId, pseudonym }: Ward,
): Promise<{ pseudonym: string }> {
  const ledger = offices.get(mspId)?.ledger;
  if (!ledger) throw new ConnectorError('NOT_SERVED', `${mspId} has no registrar here`);
  const call = { channel: careChannelOf(pseudonym), contract: 'care', function: 'patients:register' };
  await retryLedger(async () => {
    if (await findPatient(ledger, pseudonym)) return;
    await onceOnly(() => ledger.submit({ ...call, args: [JSON.stringify({ pseudonym })] }));
  });
  return { pseudonym };
}
