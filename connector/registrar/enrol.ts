import type { Practitioner, PublicKeys } from '#chaincode/model/registry.ts';
import { isWalletProof } from '#crypto/walletProof.ts';
import { readRequestedKey } from '../authority/certificateRequest.ts';
import { type Authority, type CertificateHolder, issueCertificate } from '../authority/issueCertificate.ts';
import { ConnectorError } from '../errors.ts';
import type { LedgerConnection } from '../ledger/connection.ts';
import { chainLicenceOf } from './chainLicence.ts';
import { registerFirstAdmin } from './firstAdmin.ts';
import type { Prescribers } from './prescribers.ts';
import { recordPatientKeys, recordPractitionerKeys } from './recordKeys.ts';
import type { Enrolment } from './schema.ts';

/** What an organisation that the connector serves enrols its people with. */
export interface EnrolmentOffice {
  authority: Authority;
  /** Connection of the organisation's registrar. */
  ledger: LedgerConnection;
}

/**
 * Enrols a person: checks the request and that the wallet is theirs, records the exact keys on the ledger, makes a doctor's wallet a prescriber, and
 * only then issues the certificate, which by itself authorises nothing. Each step does nothing where it was done before,
 * so the same request may be repeated; another key for the same person is KEY_EXISTS.
 */
export async function enrol(
  offices: ReadonlyMap<string, EnrolmentOffice>,
  prescribers: Prescribers,
  enrolment: Enrolment,
): Promise<{ certificatePem: string }> {
  const office = offices.get(enrolment.mspId);
  if (!office) throw new ConnectorError('NOT_SERVED', `${enrolment.mspId} does not enrol here`);
  const requested = await readRequestedKey(enrolment.csrPem);
  if (!isWalletProof(enrolment.walletProof, enrolment.wallet, enrolment)) {
    throw new ConnectorError('WALLET_UNPROVED', 'the wallet did not sign this enrolment');
  }
  const keys: PublicKeys = {
    signingKeyHash: requested.hash,
    readingKey: enrolment.readingKey,
    wallet: enrolment.wallet,
  };
  const { role, subjectId, readingKey } = enrolment;
  if (enrolment.role === 'patient') {
    await recordPatientKeys(office.ledger, enrolment, keys);
    return { certificatePem: await issueCertificate(office.authority, { role, subjectId, readingKey }, requested) };
  }
  await registerFirstAdmin(office.ledger, enrolment);
  const practitioner = await recordPractitionerKeys(office.ledger, enrolment, keys);
  if (practitioner.status !== 'active') {
    throw new ConnectorError('SUSPENDED', `${subjectId} is ${practitioner.status}`);
  }
  if (practitioner.role === 'doctor') await prescribers.admit(enrolment.wallet, chainLicenceOf(practitioner));
  return { certificatePem: await issueCertificate(office.authority, holderOf(practitioner, readingKey), requested) };
}

/** What a certificate says of a practitioner: all of it as the registry has it. */
export function holderOf({ id, role, institutionId, licence }: Practitioner, readingKey: string): CertificateHolder {
  return { subjectId: id, role, institutionId, licence: licence.number, readingKey };
}
