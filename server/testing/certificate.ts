import 'reflect-metadata';
import { cryptoProvider, X509CertificateGenerator } from '@peculiar/x509';
import { newSigner } from '../gateways/ledger/signer.ts';

/** A P-256 key with a certificate, as a person's browser would hold it. */
export interface TestKey {
  certificatePem: string;
  /** base64url of the DER, low-S signature. */
  sign(message: Uint8Array): Promise<string>;
}

/** A fresh key and its self-signed certificate. */
export async function testKey(commonName: string): Promise<TestKey> {
  cryptoProvider.set(crypto);
  const keys = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned({
    name: `CN=${commonName}`,
    keys,
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
  const signer = newSigner(`-----BEGIN PRIVATE KEY-----\n${pkcs8}\n-----END PRIVATE KEY-----`);
  return {
    certificatePem: certificate.toString('pem'),
    sign: async (message) => Buffer.from(await signer(message)).toString('base64url'),
  };
}
