/** An organisation's certificate authority, for tests. */
import 'reflect-metadata';
import {
  BasicConstraintsExtension,
  Extension,
  KeyUsageFlags,
  KeyUsagesExtension,
  X509Certificate,
  X509CertificateGenerator,
} from '@peculiar/x509';
import { utf8 } from './bytes.ts';
import type { Root } from './certificate.ts';
import { generateSigningKey, importSigningKey, type SigningKey } from './signingKey.ts';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
const dayMs = 86_400_000;

export interface Issued {
  pem: string;
  key: SigningKey;
}

export interface TestAuthority extends Root {
  /** A certificate with the attributes; for a fresh key where none is given. */
  issue(
    attributes: Record<string, string> | null,
    options?: { commonName?: string; publicKey?: CryptoKey; notBefore?: Date; notAfter?: Date },
  ): Promise<Issued>;
  /** Another authority under this one, which may issue or may not. */
  intermediate(mayIssue: boolean): Promise<TestAuthority>;
}

const usages = (mayIssue: boolean) => [
  new BasicConstraintsExtension(mayIssue, undefined, true),
  new KeyUsagesExtension(mayIssue ? KeyUsageFlags.keyCertSign : KeyUsageFlags.digitalSignature, true),
];

export async function createTestAuthority(mspId: string): Promise<TestAuthority> {
  const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const root = await X509CertificateGenerator.createSelfSigned({
    name: `CN=ca.${mspId}, O=${mspId}`,
    keys,
    signingAlgorithm: algorithm,
    extensions: usages(true),
  });
  return authorityOf(mspId, root.toString('pem'), keys.privateKey);
}

function authorityOf(mspId: string, pem: string, signingKey: CryptoKey): TestAuthority {
  const issuer = new X509Certificate(pem).subject;
  return {
    mspId,
    pem,
    async issue(attributes, options = {}) {
      const key = await importSigningKey(await generateSigningKey());
      const certificate = await X509CertificateGenerator.create({
        subject: [{ CN: [options.commonName ?? attributes?.subject ?? 'nobody'] }],
        issuer,
        publicKey: options.publicKey ?? key.publicKey,
        signingKey,
        signingAlgorithm: algorithm,
        notBefore: options.notBefore ?? new Date(Date.now() - dayMs),
        notAfter: options.notAfter ?? new Date(Date.now() + 365 * dayMs),
        extensions: [
          ...usages(false),
          ...(attributes === null
            ? []
            : [new Extension('1.2.3.4.5.6.7.8.1', false, utf8(JSON.stringify({ attrs: attributes })))]),
        ],
      });
      return { pem: certificate.toString('pem'), key };
    },
    async intermediate(mayIssue) {
      const keys = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
      const certificate = await X509CertificateGenerator.create({
        subject: `CN=intermediate.${mspId}`,
        issuer,
        publicKey: keys.publicKey,
        signingKey,
        signingAlgorithm: algorithm,
        extensions: usages(mayIssue),
      });
      return authorityOf(mspId, certificate.toString('pem'), keys.privateKey);
    },
  };
}
