/** People with real keys and certificates, for the tests of this folder. */
import 'reflect-metadata';
import { Pkcs10CertificateRequest, X509CertificateGenerator } from '@peculiar/x509';
import { randomBytes } from '#crypto/bytes.ts';
import { createCertificateRequest } from '#crypto/certificateRequest.ts';
import { derivePassword, newPasswordSalt, passwordParameters } from '#crypto/password.ts';
import { createRecoveryPhrase, recoveryKeyOf } from '#crypto/recovery.ts';
import { generateSigningKey, importSigningKey } from '#crypto/signingKey.ts';
import { addressOf, type HexAddress } from '#crypto/token.ts';
import { createVault, type Opener } from '#crypto/vault.ts';
import { newContents, type VaultContents } from '#crypto/vaultContents.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { createKeeper, type VaultKeeper } from './keeper.ts';
import { memoryStore } from './memoryStore.ts';
import type { VaultOwner } from './openVault.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
export const marker = 'marker';

export interface TestPerson {
  owner: VaultOwner;
  contents: VaultContents;
  vaultKey: Uint8Array;
  recoveryPhrase: string;
  readingKey: string;
  wallet: HexAddress;
}

/** A password's lock; stretching it takes a second or more, so that only few tests have one. */
export async function passwordOpener(password: string): Promise<Opener> {
  const salt = newPasswordSalt();
  const { wrappingKey } = await derivePassword(password, salt);
  return { kind: 'password', salt, parameters: passwordParameters, key: wrappingKey };
}

/** A certificate for the key of a request, by an authority of its own. */
export async function certify(csr: string, subjectId: string): Promise<string> {
  const ca = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    subject: `CN=${subjectId}`,
    issuer: 'CN=ca',
    publicKey: new Pkcs10CertificateRequest(csr).publicKey,
    signingKey: ca.privateKey,
    signingAlgorithm: algorithm,
  });
  return certificate.toString('pem');
}

/** A person with a vault that opens by recovery phrase and by the given openers. */
export async function newPerson(subjectId: string, mspId = 'HospitalMSP', openers: Opener[] = []): Promise<TestPerson> {
  const [signingKey, reading] = await Promise.all([generateSigningKey(), createReadingKey()]);
  const walletKey = randomBytes(32);
  const recoveryPhrase = createRecoveryPhrase();
  const contents = newContents({ signingKey, readingSeed: reading.seed, walletKey });
  const recovery: Opener = { kind: 'recovery', key: recoveryKeyOf(recoveryPhrase) };
  const { record, key } = await createVault(contents, [...openers, recovery]);
  const csr = await createCertificateRequest(await importSigningKey(signingKey), subjectId);
  const certificatePem = await certify(csr, subjectId);
  return {
    owner: { personId: subjectId, subjectId, mspId, certificatePem, record: JSON.stringify(record) },
    contents,
    vaultKey: key,
    recoveryPhrase,
    readingKey: reading.publicKey,
    wallet: addressOf(walletKey),
  };
}

/** An open keeper of the person's keys. */
export async function openKeeper(person: TestPerson): Promise<VaultKeeper> {
  const keeper = createKeeper({ store: memoryStore() });
  const unlocking = { kind: 'recovery' as const, phrase: person.recoveryPhrase };
  await keeper.open({ owner: person.owner, marker, unlocking });
  return keeper;
}
