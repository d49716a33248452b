import 'reflect-metadata';
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';

const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 24 * 60 * 60 * 1000;

/** Where Fabric looks for a certificate's attributes; the value is the bare JSON, as Fabric CA writes it. */
export const attributesOid = '1.2.3.4.5.6.7.8.1';

/** An issuer: certificate and PKCS#8 key as PEM. */
export interface Authority {
  certPem: string;
  keyPem: string;
}

export interface LeafRequest {
  commonName: string;
  /** The NodeOU: what the holder is to Fabric. */
  unit: 'client' | 'peer' | 'admin' | 'orderer';
  organisation: string;
  /** Names that a TLS server answers to; a certificate without them is an identity for signing. */
  tlsNames?: { dns: string[]; ip: string[] };
  attributes?: Record<string, string>;
  /** How long it is valid; a year when left out. */
  days?: number;
}

/** A fresh P-256 key as PKCS#8 PEM. */
export async function createKey(): Promise<string> {
  const pair = await crypto.subtle.generateKey(signing, true, ['sign', 'verify']);
  return x509.PemConverter.encode(await crypto.subtle.exportKey('pkcs8', pair.privateKey), 'PRIVATE KEY');
}

async function importPair(keyPem: string): Promise<CryptoKeyPair> {
  const key = createPrivateKey(keyPem);
  const spki = createPublicKey(key).export({ type: 'spki', format: 'der' });
  const pkcs8 = key.export({ type: 'pkcs8', format: 'der' });
  return {
    privateKey: await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), signing, false, ['sign']),
    publicKey: await crypto.subtle.importKey('spki', new Uint8Array(spki), signing, true, ['verify']),
  };
}

/** A self-signed CA certificate for the key, valid for ten years and able to issue end-entity certificates only. */
export async function issueAuthority(commonName: string, organisation: string, keyPem: string): Promise<string> {
  const keys = await importPair(keyPem);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: [{ CN: [commonName] }, { O: [organisation] }],
    keys,
    signingAlgorithm: signing,
    ...validFor(3652),
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(
        x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign | x509.KeyUsageFlags.digitalSignature,
        true,
      ),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return certificate.toString('pem');
}

/** A certificate for the key, signed by the authority. */
export async function issueLeaf(authority: Authority, request: LeafRequest, keyPem: string): Promise<string> {
  const issuer = new x509.X509Certificate(authority.certPem);
  const issuerKeys = await importPair(authority.keyPem);
  const { publicKey } = await importPair(keyPem);
  const extensions: x509.Extension[] = [
    new x509.BasicConstraintsExtension(false, undefined, true),
    new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature, true),
    await x509.SubjectKeyIdentifierExtension.create(publicKey),
    await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey),
  ];
  if (request.tlsNames) {
    const { dns, ip } = request.tlsNames;
    extensions.push(
      new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.serverAuth, x509.ExtendedKeyUsage.clientAuth]),
      new x509.SubjectAlternativeNameExtension([
        ...dns.map((value) => ({ type: 'dns' as const, value })),
        ...ip.map((value) => ({ type: 'ip' as const, value })),
      ]),
    );
  }
  if (request.attributes) {
    const attributes = Buffer.from(JSON.stringify({ attrs: request.attributes }), 'utf8');
    extensions.push(new x509.Extension(attributesOid, false, attributes));
  }
  const certificate = await x509.X509CertificateGenerator.create({
    subject: [{ CN: [request.commonName] }, { OU: [request.unit] }, { O: [request.organisation] }],
    issuer: issuer.subject,
    publicKey,
    signingKey: issuerKeys.privateKey,
    signingAlgorithm: signing,
    ...validFor(request.days ?? 365),
    extensions,
  });
  return certificate.toString('pem');
}

/** Starts five minutes ago, so that a peer whose clock runs a little behind accepts it at once. */
function validFor(days: number): { notBefore: Date; notAfter: Date } {
  const now = Date.now();
  return { notBefore: new Date(now - 5 * 60 * 1000), notAfter: new Date(now + days * dayMs) };
}

/** Whether the PEM text is a private key; used to tell a damaged file from a missing one. */
export function readPrivateKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}
