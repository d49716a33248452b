import 'reflect-metadata';
import { createPrivateKey } from 'node:crypto';
import { X509Certificate } from '@peculiar/x509';
import { createKey, issueAuthority } from '#network/organisations/certificates.ts';
import type { Authority } from '../authority/issueCertificate.ts';

/** A certificate authority of an organisation. */
export async function createAuthority(mspId: string): Promise<Authority> {
  const keyPem = await createKey();
  const pkcs8 = new Uint8Array(createPrivateKey(keyPem).export({ type: 'pkcs8', format: 'der' }));
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };
  return {
    mspId,
    certificate: new X509Certificate(await issueAuthority(`ca.${mspId}`, mspId, keyPem)),
    key: await crypto.subtle.importKey('pkcs8', pkcs8, algorithm, false, ['sign']),
  };
}
