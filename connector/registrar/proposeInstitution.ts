import type { z } from 'zod';
import type { institutionProposal } from '#chaincode/model/records.ts';
import { ConnectorError } from '../errors.ts';
import { retryLedger } from '../ledger/retry.ts';
import type { EnrolmentOffice } from './enrol.ts';

/** Proposes an institution to the authority, as the registrar of its organisation: ALREADY_EXISTS. */
export async function proposeInstitution(
  offices: ReadonlyMap<string, EnrolmentOffice>,
  { id, kind, name, mspId }: z.infer<typeof institutionProposal>,
): Promise<{ id: string }> {
  const office = offices.get(mspId);
  if (!office) throw new ConnectorError('NOT_SERVED', `${mspId} has no registrar here`);
  const args = [JSON.stringify({ id, kind, name, mspId })];
  const call = { channel: 'registry', contract: 'registry', function: 'proposeInstitution', args };
  await retryLedger(() => office.ledger.submit(call));
  return { id };
}
