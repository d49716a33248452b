import { isAddress } from 'viem';
import { practitionerRecord } from '#chaincode/model/records.ts';
import { ConnectorError } from '../errors.ts';
import type { EnrolmentOffice } from './enrol.ts';
import type { Prescribers } from './prescribers.ts';
import type { WalletsOf } from './schema.ts';

const addresses = (wallets: string[] | undefined) => (wallets ?? []).filter((wallet) => isAddress(wallet));

/**
 * Brings the prescriber role in line with the wallets that the registry records for a doctor: linked ones get it, former
 * ones lose it; nothing is granted to who is not an active doctor. The ledger decides; the caller only names the
 * person. Linked wallets get no gas. Doing it twice changes nothing. Answers what the organisation's peer has, which may lag.
 */
export async function settleWallets(
  offices: ReadonlyMap<string, EnrolmentOffice>,
  prescribers: Prescribers,
  { mspId, subjectId }: WalletsOf,
): Promise<{ linked: string[]; prescribing: string[] }> {
  const office = offices.get(mspId);
  if (!office) throw new ConnectorError('NOT_SERVED', `${mspId} has no registrar here`);
  const call = { channel: 'registry', contract: 'registry', function: 'readPractitioner', args: [subjectId] };
  const answer = await office.ledger.evaluate(call);
  const practitioner = practitionerRecord.parse(JSON.parse(answer));
  if (practitioner.mspId !== mspId) {
    throw new ConnectorError('NOT_AUTHORISED', 'the registry knows this person otherwise');
  }
  const mayPrescribe = practitioner.role === 'doctor' && practitioner.status === 'active';
  const granted = mayPrescribe ? addresses(practitioner.keys?.linkedWallets) : [];
  await prescribers.settle(granted, addresses(practitioner.keys?.formerWallets));
  return { linked: practitioner.keys?.linkedWallets ?? [], prescribing: granted };
}
