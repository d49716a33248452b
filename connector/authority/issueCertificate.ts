import 'reflect-metadata';
import { createHash, createPrivateKey } from 'node:crypto';
import { readFileSync } from 'node:fs';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectKeyIdentifierExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import type { RequestedKey } from './certificateRequest.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;

/** Where Fabric looks for a certificate's attributes; the value is the bare JSON. */
const attributesOid = '1.2.3.4.5.6.7.8.1';

const dayMs = 24 * 60 * 60 * 1000;

/** The certificate authority of one organisation. */
export interface Authority {
  mspId: string;
  certificate: X509Certificate;
  key: CryptoKey;
}

/** Who the certificate is for; every word of it is the connector's own. */
export interface CertificateHolder {
  /** `prac-…` or `pt-…`; becomes the common name. */
  subjectId: string;
  role: string;
  /** X-Wing public key, base64url; the certificate has its hash, so that others can trust the key. */
  readingKey: string;
  /** Of a practitioner. */
  institutionId?: string;
  /** Number of the licence, where the role has one. */
  licence?: string;
}

/** Reads an organisation's CA. */
export async function readAuthority(mspId: string, files: { certFile: string; keyFile: string }): Promise<Authority> {
  const pkcs8 = createPrivateKey(readFileSync(files.keyFile)).export({ type: 'pkcs8', format: 'der' });
  return {
    mspId,
    certificate: new X509Certificate(readFileSync(files.certFile, 'utf8')),
    key: await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), algorithm, false, ['sign']),
  };
}

/**
 * A client certificate for one year, or until the authority's own ends. It starts five minutes ago, so that a peer whose
 * clock runs behind accepts it at once. PEM.
 */
export async function issueCertificate(
  authority: Authority,
  holder: CertificateHolder,
  requested: RequestedKey,
  now = new Date(),
): Promise<string> {
  const spki = new Uint8Array(requested.spki);
  const publicKey = await crypto.subtle.importKey('spki', spki, algorithm, true, ['verify']);
  const attributes = {
    role: holder.role,
    subject: holder.subjectId,
    reading: createHash('sha256').update(Buffer.from(holder.readingKey, 'base64url')).digest('hex'),
    ...(holder.institutionId !== undefined && { institution: holder.institutionId }),
    ...(holder.licence !== undefined && { licence: holder.licence }),
  };
  const certificate = await X509CertificateGenerator.create({
    subject: [{ CN: [holder.subjectId] }, { OU: ['client'] }, { O: [authority.mspId] }],
    issuer: authority.certificate.subject,
    publicKey,
    signingKey: authority.key,
    signingAlgorithm: algorithm,
    notBefore: new Date(now.getTime() - 5 * 60 * 1000),
    notAfter: new Date(Math.min(now.getTime() + 365 * dayMs, authority.certificate.notAfter.getTime())),
    extensions: [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      await SubjectKeyIdentifierExtension.create(publicKey),
      await AuthorityKeyIdentifierExtension.create(authority.certificate.publicKey),
      new Extension(attributesOid, false, Buffer.from(JSON.stringify({ attrs: attributes }), 'utf8')),
    ],
  });
  return `${certificate.toString('pem')}\n`;
}
