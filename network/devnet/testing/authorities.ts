import 'reflect-metadata';
import { createPrivateKey, createPublicKey } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { type Authority, createKey } from '#network/organisations/certificates.ts';
import type { Credential } from './organisations.ts';

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 60 * 60 * 1000;

/** A time, as days from now. */
export function inDays(days: number): Date {
  return new Date(Date.now() + days * dayMs);
}

async function importPair(keyPem: string): Promise<CryptoKeyPair> {
  const key = createPrivateKey(keyPem);
  const pkcs8 = new Uint8Array(key.export({ type: 'pkcs8', format: 'der' }));
  const spki = new Uint8Array(createPublicKey(key).export({ type: 'spki', format: 'der' }));
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', pkcs8, signing, false, ['sign']),
    publicKey: await crypto.subtle.importKey('spki', spki, signing, true, ['verify']),
  };
}

/** What a certificate says; whatever is left out is as an ordinary one has it. */
export interface CertificateRequest {
  commonName: string;
  units?: readonly string[];
  notBefore?: Date;
  notAfter?: Date;
  /** How many CAs may stand below this one. */
  pathLength?: number;
  extensions?: readonly x509.Extension[];
}

/** A CA that may have others below it: of its own, or under another one. */
export async function createAuthority(request: CertificateRequest, issuer?: Authority): Promise<Authority> {
  return issue(
    {
      ...request,
      extensions: [
        new x509.BasicConstraintsExtension(true, request.pathLength, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true),
        ...(request.extensions ?? []),
      ],
    },
    issuer,
  );
}

/** A certificate of a person or node. */
export async function issueTo(mspId: string, issuer: Authority, request: CertificateRequest): Promise<Credential> {
  const constraints = new x509.BasicConstraintsExtension(false, undefined, true);
  const issued = await issue({ ...request, extensions: [constraints, ...(request.extensions ?? [])] }, issuer);
  return { mspId, ...issued };
}

async function issue(request: CertificateRequest, issuer?: Authority): Promise<Authority> {
  const keyPem = await createKey();
  const own = await importPair(keyPem);
  const issuerKeys = issuer ? await importPair(issuer.keyPem) : own;
  const name = [{ CN: [request.commonName] }, ...(request.units ?? []).map((unit) => ({ OU: [unit] }))];
  const certificate = await x509.X509CertificateGenerator.create({
    subject: name,
    issuer: issuer ? new x509.X509Certificate(issuer.certPem).subject : name,
    publicKey: own.publicKey,
    signingKey: issuerKeys.privateKey,
    signingAlgorithm: signing,
    notBefore: request.notBefore ?? inDays(-1),
    notAfter: request.notAfter ?? inDays(365),
    extensions: [await x509.SubjectKeyIdentifierExtension.create(own.publicKey), ...(request.extensions ?? [])],
  });
  return { certPem: certificate.toString('pem'), keyPem };
}

/** A list of an authority's certificates that are revoked, as PEM. */
export async function revocationList(authority: Authority, revoked: readonly { certPem: string }[]): Promise<string> {
  const keys = await importPair(authority.keyPem);
  const list = await x509.X509CrlGenerator.create({
    issuer: new x509.X509Certificate(authority.certPem).subject,
    thisUpdate: inDays(-1),
    nextUpdate: inDays(30),
    entries: revoked.map(({ certPem }) => ({ serialNumber: new x509.X509Certificate(certPem).serialNumber })),
    extensions: [await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey)],
    signingAlgorithm: signing,
    signingKey: keys.privateKey,
  });
  // As OpenSSL and Fabric call it; the library has a name of its own.
  return x509.PemConverter.encode(list.rawData, 'X509 CRL');
}
