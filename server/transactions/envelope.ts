import { createHash } from 'node:crypto';
import { AppError } from '#server/errors.ts';
import { cidOf, largestDocument } from '../gateways/ipfs/ipfs.ts';

/** Encrypted bytes, checked against the CID and the hash that name them. Throws TOO_LARGE, INVALID_INPUT. */
export function envelopeOf(envelope: string, named: { cid: string; contentHash: string }): Uint8Array {
  const bytes = Buffer.from(envelope, 'base64url');
  if (bytes.length > largestDocument) throw new AppError('TOO_LARGE', `${bytes.length} bytes`);
  if (createHash('sha256').update(bytes).digest('hex') !== named.contentHash || cidOf(bytes) !== named.cid) {
    throw new AppError('INVALID_INPUT', 'envelope, hash and CID do not fit', {
      message: 'The encrypted document is not the one that its hash and address name.',
    });
  }
  return bytes;
}
