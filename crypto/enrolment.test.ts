import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  Pkcs10CertificateRequest,
  type PublicKey,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { expect, it, vi } from 'vitest';
import { fromBase64Url } from './bytes.ts';
import { certificateKeyHash, requireOwnCertificate } from './certificateRequest.ts';
import { sha256Hex } from './derive.ts';
import { createEnrolment } from './enrolment.ts';
import { derivePassword } from './password.ts';
import { recoveryKeyOf } from './recovery.ts';
import { importSigningKey } from './signingKey.ts';
import { addressOf } from './token.ts';
import { findLock, openVault, parseVaultRecord } from './vault.ts';
import { isWalletProof } from './walletProof.ts';
import { createReadingKey } from './wrap.ts';

// Stretching a password is slow on purpose.
vi.setConfig({ testTimeout: 60_000 });

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };

async function issueCertificate(publicKey: PublicKey): Promise<string> {
  const ca = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.create({
    subject: 'CN=someone',
    issuer: 'CN=ca',
    publicKey,
    signingKey: ca.privateKey,
    signingAlgorithm: algorithm,
    extensions: [new BasicConstraintsExtension(false)],
  });
  return certificate.toString('pem');
}

it('makes keys, vault and certificate request that belong together', async () => {
  const enrolment = await createEnrolment({ password: 'a long enough password', commonName: 'prac-x' });
  expect(enrolment.wallet).toMatch(/^0x[0-9a-f]{40}$/);
  expect(enrolment.record.length).toBeLessThan(65_536);
  expect(enrolment.readingKey.length).toBeLessThan(4096);

  const record = parseVaultRecord(enrolment.record);
  const keys = await derivePassword('a long enough password', fromBase64Url(enrolment.salt));
  expect(keys.signInSecret).toBe(enrolment.signInSecret);
  const byPassword = await openVault(record, findLock(record, 'password'), keys.wrappingKey);
  const byPhrase = await openVault(record, findLock(record, 'recovery'), recoveryKeyOf(enrolment.recoveryPhrase));
  expect(byPhrase).toEqual(byPassword);

  const { contents } = byPassword;
  expect((await createReadingKey(contents.readingSeed)).publicKey).toBe(enrolment.readingKey);
  expect(addressOf(contents.walletKey)).toBe(enrolment.wallet);
  expect((await importSigningKey(contents.signingKey)).hash).toBe(enrolment.signingKeyHash);

  const { wallet, walletProof, csrPem } = enrolment;
  expect(isWalletProof(walletProof, wallet, { subjectId: 'prac-x', csrPem })).toBe(true);
  const request = new Pkcs10CertificateRequest(csrPem);
  expect(await request.verify()).toBe(true);
  expect(sha256Hex(new Uint8Array(request.publicKey.rawData))).toBe(enrolment.signingKeyHash);
  const certificate = await issueCertificate(request.publicKey);
  expect(certificateKeyHash(certificate)).toBe(enrolment.signingKeyHash);
  expect(() => requireOwnCertificate(certificate, enrolment.signingKeyHash)).not.toThrow();
});

it('refuses a certificate for another key', async () => {
  const other = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const request = await createEnrolment({ password: 'a long enough password', commonName: 'prac-x' });
  const spki = new Pkcs10CertificateRequest(request.csrPem).publicKey;
  const certificate = await issueCertificate(spki);
  const foreign = expect.objectContaining({ code: 'CERTIFICATE_FOREIGN' });
  const otherHash = sha256Hex(new Uint8Array(await crypto.subtle.exportKey('spki', other.publicKey)));
  expect(() => requireOwnCertificate(certificate, otherHash)).toThrow(foreign);
  expect(() => certificateKeyHash('-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----')).toThrow(foreign);
  expect(() => certificateKeyHash('')).toThrow(foreign);
});

it('binds the request to the key: a changed request does not verify', async () => {
  const { csrPem } = await createEnrolment({ password: 'a long enough password', commonName: 'prac-aaaa' });
  const der = new Uint8Array(new Pkcs10CertificateRequest(csrPem).rawData);
  const at = Buffer.from(der).indexOf('prac-aaaa');
  der[at] = 'q'.charCodeAt(0);
  expect(await new Pkcs10CertificateRequest(der).verify()).toBe(false);
});
