import 'reflect-metadata';
import { createHash, createPublicKey } from 'node:crypto';
import { Pkcs10CertificateRequest } from '@peculiar/x509';
import { ConnectorError } from '../errors.ts';

/** The one thing that is taken from a certificate signing request. */
export interface RequestedKey {
  /** DER SubjectPublicKeyInfo of a P-256 key. */
  spki: Buffer;
  /** Hex SHA-256 of `spki`, as the ledgers record it. */
  hash: string;
}

/**
 * Checks that the request is signed by the key that it holds, and that the key is of P-256. Names, attributes and
 * extensions of the request are not even looked at. Throws INVALID_CSR.
 */
export async function readRequestedKey(csrPem: string): Promise<RequestedKey> {
  try {
    const request = new Pkcs10CertificateRequest(csrPem);
    const key = createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' });
    if (key.asymmetricKeyDetails?.namedCurve !== 'prime256v1') throw new Error('the key is not of P-256');
    if (!(await request.verify())) throw new Error('the signature is not by the key of the request');
    // Exported anew, so that no unusual encoding of the same key gets another hash.
    const spki = key.export({ type: 'spki', format: 'der' });
    return { spki, hash: createHash('sha256').update(spki).digest('hex') };
  } catch (cause) {
    throw new ConnectorError('INVALID_CSR', 'the request must be signed by the P-256 key that it is for', { cause });
  }
}
