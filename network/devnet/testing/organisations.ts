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
  peer?: NonNullable<DevnetConfig['organisations'][number]['peer']>;
}

/** Issues a certificate of an organisation. */
export async function enrol(
  organisation: TestOrganisation,
  unit: 'client' | 'peer' | 'admin' | 'orderer' = 'client',
  attributes?: Record<string, string>,
): Promise<Credential> {
  const keyPem = await createKey();
  const certPem = await issueLeaf(
    organisation.ca,
    {
      commonName: `${unit} of ${organisation.mspId}`,
      unit,
      organisation: organisation.mspId,
      ...(attributes && { attributes }),
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
