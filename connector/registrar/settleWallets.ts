import { type Address, isAddress } from 'viem';
import { standing } from '#chaincode/model/records.ts';
import type { Standing } from '#chaincode/model/registry.ts';
import { licenceCovers } from '#chaincode/model/standing.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { chainLicenceOf } from './chainLicence.ts';
import type { EnrolmentOffice } from './enrol.ts';
import type { Prescribers } from './prescribers.ts';
import type { WalletsOf } from './schema.ts';

const addresses = (wallets: string[]): Address[] => wallets.filter((wallet) => isAddress(wallet));

/** Which wallets of a practitioner may mint, and which may not: those of who may prescribe at `now`, former ones apart. */
export function walletsOf({ practitioner, institution }: Standing, now: Date) {
  const { keys, role, status, licence } = practitioner;
  const mayPrescribe =
    role === 'doctor' && status === 'active' && institution.status === 'active' && licenceCovers(licence, now);
  const own = keys === undefined ? [] : addresses([keys.wallet, ...(keys.linkedWallets ?? [])]);
  const former = addresses(keys?.formerWallets ?? []);
  return mayPrescribe ? { granted: own, revoked: former } : { granted: [], revoked: [...own, ...former] };
}

/** A practitioner with institution, as the organisation's own peer has them; it may lag. */
export async function readStanding(ledger: LedgerConnection, practitionerId: string): Promise<Standing> {
  const call = { channel: 'registry', contract: 'registry', function: 'readStanding', args: [practitionerId] };
  return standing.parse(JSON.parse(await ledger.evaluate(call)));
}

/**
 * Brings the prescriber role in line with the wallets that the registry records for a person: those of a doctor who may
 * prescribe get it, all others lose it. The ledger decides; the caller only names the person. Nothing gets gas here.
 * Doing it twice changes nothing.
 */
export async function settleWallets(
  offices: ReadonlyMap<string, EnrolmentOffice>,
  prescribers: Prescribers,
  { mspId, subjectId }: WalletsOf,
  now = new Date(),
): Promise<{ linked: string[]; prescribing: string[] }> {
  const office = offices.get(mspId);
  if (!office) throw new ConnectorError('NOT_SERVED', `${mspId} has no registrar here`);
  const known = await readStanding(office.ledger, subjectId);
  if (known.practitioner.mspId !== mspId) {
    throw new ConnectorError('NOT_AUTHORISED', 'the registry knows this person otherwise');
  }
  const { granted, revoked } = walletsOf(known, now);
  await prescribers.settle(granted, revoked, chainLicenceOf(known.practitioner));
  return { linked: known.practitioner.keys?.linkedWallets ?? [], prescribing: granted };
}
