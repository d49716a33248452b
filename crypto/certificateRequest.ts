import 'reflect-metadata';
import { Pkcs10CertificateRequest, Pkcs10CertificateRequestGenerator, X509Certificate } from '@peculiar/x509';
import { sha256Hex } from './derive.ts';
import { CryptoError } from './errors.ts';
import type { SigningKey } from './signingKey.ts';

/**
 * A PKCS#10 certificate request, PEM. It proves possession of the key; the subject is only a wish, since the
 * institution's CA writes the certificate from its own records.
 */
export async function createCertificateRequest(key: SigningKey, commonName: string): Promise<string> {
  const request = await Pkcs10CertificateRequestGenerator.create({
    name: [{ CN: [commonName] }],
    keys: { privateKey: key.privateKey, publicKey: key.publicKey },
    signingAlgorithm: { name: 'ECDSA', hash: 'SHA-256' },
  });
  return request.toString('pem');
}

/**
 * Hex SHA-256 of the DER SubjectPublicKeyInfo of the P-256 key that a request is for and signed by. Throws
 * `CERTIFICATE_FOREIGN` for anything else.
 */
export async function requestedKeyHash(pem: string): Promise<string> {
  try {
    const request = new Pkcs10CertificateRequest(pem);
    if (!(await request.verify())) throw new RangeError('the signature is not by the key of the request');
    const key = await request.publicKey.export({ name: 'ECDSA', namedCurve: 'P-256' }, ['verify']);
    return sha256Hex(new Uint8Array(await crypto.subtle.exportKey('spki', key)));
  } catch (cause) {
    throw new CryptoError('CERTIFICATE_FOREIGN', 'not a request', { cause });
  }
}

/** Hex SHA-256 of the certificate's DER SubjectPublicKeyInfo. Throws `CERTIFICATE_FOREIGN` for what is no certificate. */
export function certificateKeyHash(pem: string): string {
  try {
    return sha256Hex(new Uint8Array(new X509Certificate(pem).publicKey.rawData));
  } catch (cause) {
    throw new CryptoError('CERTIFICATE_FOREIGN', 'not a certificate', { cause });
  }
}

/** Throws `CERTIFICATE_FOREIGN` unless the certificate is for this very key. */
export function requireOwnCertificate(pem: string, keyHash: string): void {
  if (certificateKeyHash(pem) !== keyHash) throw new CryptoError('CERTIFICATE_FOREIGN');
}
