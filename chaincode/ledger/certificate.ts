import { createHash, type KeyObject, X509Certificate } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import { LedgerError } from '../model/errors.ts';

/** Public key of the caller's certificate. Throws NOT_REGISTERED for a certificate that cannot be read. */
export function callerPublicKey(ctx: Context): KeyObject {
  try {
    return new X509Certificate(ctx.clientIdentity.getIDBytes()).publicKey;
  } catch {
    throw new LedgerError('NOT_REGISTERED', 'the certificate of the caller cannot be read');
  }
}

/**
 * Hex SHA-256 of the DER SubjectPublicKeyInfo of the caller's certificate. The peer has verified the certificate and the
 * proposal's signature with it; the registry says whose key it is. Throws NOT_REGISTERED.
 */
export function callerKeyHash(ctx: Context): string {
  const spki = callerPublicKey(ctx).export({ type: 'spki', format: 'der' });
  return createHash('sha256').update(spki).digest('hex');
}

/** Whether the caller is an organisation's registrar: its own CA says so in the attribute `role`. */
export function isRegistrarOf(ctx: Context, mspId: string): boolean {
  return ctx.clientIdentity.getMSPID() === mspId && ctx.clientIdentity.getAttributeValue('role') === 'registrar';
}

/** Refuses everybody but a registrar of one of the organisations: NOT_AUTHORISED. */
export function requireRegistrar(ctx: Context, ...mspIds: string[]): void {
  if (!mspIds.some((mspId) => isRegistrarOf(ctx, mspId))) {
    throw new LedgerError('NOT_AUTHORISED', `only the registrar of ${mspIds.join(' or ')} may do this`);
  }
}
