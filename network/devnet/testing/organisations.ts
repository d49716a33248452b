import 'reflect-metadata';
import { createPrivateKey, X509Certificate } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import { type Authority, createKey, issueAuthority, issueLeaf } from '#network/organisations/certificates.ts';
import type { DevnetConfig } from '../config.ts';

/** A certificate with its key, as PEM. */
export interface Credential {
  mspId: string;
  certPem: string;
  keyPem: string;
}

/** An MSP of a test network: its CA, and its peer's material. */
export interface TestOrganisation {
  mspId: string;
  ca: Authority;
  tlsCa: Authority;
  /** Revocation lists of its CA, as PEM. */
  crlPems?: string[];
  peer?: NonNullable<DevnetConfig['organisations'][number]['peer']>;
}

/** Issues a certificate of an organisation. */
export async function enrol(
  organisation: TestOrganisation,
  unit: 'client' | 'peer' | 'admin' | 'orderer' = 'client',
  attributes?: Record<string, string>,
  days?: number,
): Promise<Credential> {
  const keyPem = await createKey();
  const certPem = await issueLeaf(
    organisation.ca,
    {
      commonName: `${unit} of ${organisation.mspId}`,
      unit,
      organisation: organisation.mspId,
      ...(attributes && { attributes }),
      ...(days !== undefined && { days }),
    },
    keyPem,
  );
  return { mspId: organisation.mspId, certPem, keyPem };
}

async function authority(name: string, mspId: string): Promise<Authority> {
  const keyPem = await createKey();
  return { keyPem, certPem: await issueAuthority(name, mspId, keyPem) };
}

/** Makes an organisation, with a peer if asked. */
export async function createOrganisation(mspId: string, withPeer: boolean): Promise<TestOrganisation> {
  const organisation: TestOrganisation = {
    mspId,
    ca: await authority(`${mspId} CA`, mspId),
    tlsCa: await authority(`${mspId} TLS CA`, mspId),
  };
  if (!withPeer) return organisation;
  const peer = await enrol(organisation, 'peer');
  const tlsKeyPem = await createKey();
  const tlsCertPem = await issueLeaf(
    organisation.tlsCa,
    { commonName: 'peer', unit: 'peer', organisation: mspId, tlsNames: { dns: ['localhost'], ip: ['127.0.0.1'] } },
    tlsKeyPem,
  );
  organisation.peer = { address: '127.0.0.1:0', certPem: peer.certPem, keyPem: peer.keyPem, tlsCertPem, tlsKeyPem };
  return organisation;
}

/** Gives the organisation a revocation list that names these certificates. */
export async function revoke(organisation: TestOrganisation, credentials: readonly Credential[]): Promise<void> {
  const signing = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
  const pkcs8 = createPrivateKey(organisation.ca.keyPem).export({ type: 'pkcs8', format: 'der' });
  const issuer = new x509.X509Certificate(organisation.ca.certPem);
  const now = new Date();
  const list = await x509.X509CrlGenerator.create({
    issuer: issuer.subject,
    thisUpdate: now,
    nextUpdate: new Date(now.getTime() + 24 * 60 * 60 * 1000),
    signingAlgorithm: signing,
    signingKey: await crypto.subtle.importKey('pkcs8', new Uint8Array(pkcs8), signing, false, ['sign']),
    entries: credentials.map(({ certPem }) => ({ serialNumber: new X509Certificate(certPem).serialNumber })),
    extensions: [await x509.AuthorityKeyIdentifierExtension.create(issuer.publicKey)],
  });
  organisation.crlPems = [x509.PemConverter.encode(list.rawData, 'X509 CRL')];
}
