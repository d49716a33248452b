import 'reflect-metadata';
import { createHash, KeyObject } from 'node:crypto';
import * as x509 from '@peculiar/x509';
import type { PublicKeys } from '../model/registry.ts';

/** Who signs a proposal: an organisation and a certificate. */
export interface Identity {
  mspId: string;
  certificatePem: string;
  /** Of the certificate's key. */
  privateKey: KeyObject;
  keys: PublicKeys;
}

/** Fabric's extension for the attributes of a certificate. */
const attributesOid = '1.2.3.4.5.6.7.8.1';

/** A certificate over a new P-256 key, with attributes as Fabric CA writes them. */
export async function createIdentity(mspId: string, attributes: Record<string, string> = {}): Promise<Identity> {
  const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' };
  const pair = await crypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: '01',
    name: 'OU=client, CN=somebody',
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 86_400_000),
    signingAlgorithm: algorithm,
    keys: pair,
    extensions: [new x509.Extension(attributesOid, false, Buffer.from(JSON.stringify({ attrs: attributes })))],
  });
  const spki = await crypto.subtle.exportKey('spki', pair.publicKey);
  return {
    mspId,
    certificatePem: certificate.toString('pem'),
    privateKey: KeyObject.from(pair.privateKey),
    keys: {
      signingKeyHash: createHash('sha256').update(new Uint8Array(spki)).digest('hex'),
      readingKey: 'R'.repeat(1622),
      wallet: '',
    },
  };
}
