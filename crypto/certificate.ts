import 'reflect-metadata';
import { BasicConstraintsExtension, KeyUsageFlags, KeyUsagesExtension, X509Certificate } from '@peculiar/x509';
import { z } from 'zod';
import { copyBytes, equalBytes, fromUtf8 } from './bytes.ts';
import { sha256Hex } from './derive.ts';
import { CryptoError } from './errors.ts';

/** An organisation's certificate authority as a person's vault has pinned it. */
export interface Root {
  mspId: string;
  /** PEM */
  pem: string;
}

/** What a certificate says of its holder, after its chain was followed to a pinned root. */
export interface Holder {
  /** Organisation whose root it comes from. */
  mspId: string;
  /** `prac-…` or `pt-…`; the common name where the certificate has no attribute for it. */
  subject: string;
  role?: string;
  /** Hex SHA-256 of the public reading key. */
  reading?: string;
  institution?: string;
  /** Hex SHA-256 of the DER SubjectPublicKeyInfo. */
  keyHash: string;
  publicKey: CryptoKey;
  notBefore: Date;
  notAfter: Date;
}

/** Where Fabric keeps a certificate's attributes: bare JSON. */
const attributesOid = '1.2.3.4.5.6.7.8.1';
const attributesShape = z.object({ attrs: z.record(z.string(), z.string()) });
const mostLinks = 4;
const pemBlock = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g;

const refuse = (detail: string, cause?: unknown): never => {
  throw new CryptoError('CERTIFICATE_UNTRUSTED', detail, { cause });
};

/**
 * Follows a certificate to one of the roots and reads it. `pem` is the holder's certificate, and behind it those of
 * intermediate authorities, if there are any. With `at`, it must have been valid then; without, what was signed by a
 * certificate that has expired since stays readable, since the ledger took it when it was valid. Throws
 * `CERTIFICATE_UNTRUSTED`.
 */
export async function checkCertificate(pem: string, roots: readonly Root[], at?: Date): Promise<Holder> {
  const [leaf, ...intermediates] = readAll(pem);
  if (leaf === undefined) return refuse('no certificate');
  if (leaf.getExtension(BasicConstraintsExtension)?.ca === true) return refuse('an authority’s own certificate');
  if (at !== undefined && (at < leaf.notBefore || leaf.notAfter < at)) return refuse('not valid at the time');
  const mspId = await rootOf(leaf, intermediates, roots);
  const attributes = attributesOf(leaf);
  const { role, reading, institution } = attributes;
  const subject = attributes.subject ?? leaf.subjectName.getField('CN')[0];
  if (subject === undefined) return refuse('no subject');
  return {
    mspId,
    subject,
    ...(role !== undefined && { role }),
    ...(reading !== undefined && { reading }),
    ...(institution !== undefined && { institution }),
    keyHash: sha256Hex(new Uint8Array(leaf.publicKey.rawData)),
    publicKey: await leaf.publicKey.export({ name: 'ECDSA', namedCurve: 'P-256' }, ['verify']),
    notBefore: leaf.notBefore,
    notAfter: leaf.notAfter,
  };
}

/**
 * The public key of a holder's certificate, of which nothing is believed yet: for a signature that is checked before the chain
 * is followed. Throws `CERTIFICATE_UNTRUSTED`.
 */
export async function certificateKey(pem: string): Promise<CryptoKey> {
  const [leaf] = readAll(pem);
  if (leaf === undefined) return refuse('no certificate');
  try {
    return await leaf.publicKey.export({ name: 'ECDSA', namedCurve: 'P-256' }, ['verify']);
  } catch (cause) {
    return refuse('key', cause);
  }
}

/** Reads roots as they are given at enrolment: each a self-signed authority. Throws `CERTIFICATE_UNTRUSTED`. */
export async function requireRoots(roots: readonly Root[]): Promise<void> {
  for (const { mspId, pem } of roots) {
    const [root, ...more] = readAll(pem);
    if (root === undefined || more.length > 0 || !isAuthority(root) || !(await isIssuedBy(root, root))) {
      refuse(`the root of ${mspId}`);
    }
  }
}

async function rootOf(
  leaf: X509Certificate,
  intermediates: readonly X509Certificate[],
  roots: readonly Root[],
): Promise<string> {
  const pinned = roots.map(({ mspId, pem }) => ({ mspId, certificate: new X509Certificate(pem) }));
  let present = leaf;
  for (let link = 0; link < mostLinks; link += 1) {
    for (const { mspId, certificate } of pinned) {
      if (await isIssuedBy(present, certificate)) return mspId;
    }
    const next = await issuerAmong(present, intermediates);
    if (next === undefined) break;
    present = next;
  }
  return refuse('no chain to a pinned root');
}

async function issuerAmong(certificate: X509Certificate, candidates: readonly X509Certificate[]) {
  for (const candidate of candidates) {
    if (!equalBytes(der(candidate), der(certificate)) && (await isIssuedBy(certificate, candidate))) return candidate;
  }
  return undefined;
}

/** Names, right to issue, an authority that had not ended when it issued, and signature. */
async function isIssuedBy(certificate: X509Certificate, authority: X509Certificate): Promise<boolean> {
  if (certificate.issuer !== authority.subject || !isAuthority(authority)) return false;
  if (authority.notAfter < certificate.notBefore) return false;
  try {
    return await certificate.verify({ publicKey: authority.publicKey, signatureOnly: true });
  } catch {
    // A key of another kind than the signature says.
    return false;
  }
}

function isAuthority(certificate: X509Certificate): boolean {
  const usages = certificate.getExtension(KeyUsagesExtension);
  const mayIssue = usages === null || (usages.usages & KeyUsageFlags.keyCertSign) !== 0;
  return mayIssue && certificate.getExtension(BasicConstraintsExtension)?.ca === true;
}

function attributesOf(certificate: X509Certificate): Partial<Record<string, string>> {
  const extension = certificate.getExtension(attributesOid);
  if (extension === null) return {};
  try {
    return attributesShape.parse(JSON.parse(fromUtf8(new Uint8Array(extension.value)))).attrs;
  } catch (cause) {
    return refuse('attributes', cause);
  }
}

const der = (certificate: X509Certificate) => copyBytes(new Uint8Array(certificate.rawData));

function readAll(pem: string): X509Certificate[] {
  if (pem.length > 65_536) return refuse('too long');
  try {
    return (pem.match(pemBlock) ?? []).map((block) => new X509Certificate(block));
  } catch (cause) {
    return refuse('not a certificate', cause);
  }
}
