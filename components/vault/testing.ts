/** People with real keys and certificates, for the tests of this folder. */
import 'reflect-metadata';
import { Pkcs10CertificateRequest, X509CertificateGenerator } from '@peculiar/x509';
import { createEnrolment, type Enrolment } from '#crypto/enrolment.ts';
import { createKeeper, type VaultKeeper } from './keeper.ts';
import { memoryStore } from './memoryStore.ts';
import type { VaultOwner } from './openVault.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
export const password = 'a long enough password';
export const marker = 'marker';

export interface TestPerson {
  owner: VaultOwner;
  enrolment: Enrolment;
}

export async function newPerson(subjectId: string, mspId = 'HospitalMSP'): Promise<TestPerson> {
  const enrolment = await createEnrolment({ password, commonName: subjectId });
  const ca = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${subjectId}`,
    issuer: 'CN=ca',
    publicKey: new Pkcs10CertificateRequest(enrolment.csrPem).publicKey,
    signingKey: ca.privateKey,
    signingAlgorithm: algorithm,
  });
  const certificatePem = certificate.toString('pem');
  return { enrolment, owner: { personId: subjectId, subjectId, mspId, certificatePem, record: enrolment.record } };
}

/** An open keeper of the person's keys. */
export async function openKeeper(person: TestPerson): Promise<VaultKeeper> {
  const keeper = createKeeper({ store: memoryStore() });
  const unlocking = { kind: 'recovery' as const, phrase: person.enrolment.recoveryPhrase };
  await keeper.open({ owner: person.owner, marker, unlocking });
  return keeper;
}
