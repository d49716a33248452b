import { type KeyObject, verify } from 'node:crypto';
import type { Context } from 'fabric-contract-api';
import { LedgerError } from '../model/errors.ts';
import { callerPublicKey } from './certificate.ts';

/** Half of the order of P-256. */
const highestS = 0x7fffffff800000007fffffffffffffffde737d56d38bcf4279dce5617e3192a8n;

/** Whether `s` of a DER ECDSA signature is in the lower half, as in Fabric, so that there is one form of each signature. */
function isLowS(der: Buffer): boolean {
  const lengthOfR = der[3] ?? 0;
  const lengthOfS = der[5 + lengthOfR] ?? 0;
  const s = der.subarray(6 + lengthOfR, 6 + lengthOfR + lengthOfS).toString('hex');
  return s !== '' && BigInt(`0x${s}`) <= highestS;
}

/** Whether a key signed a statement (`model/statements.ts`): ECDSA P-256, SHA-256, DER, low S, base64url. */
export function isSignedBy(key: KeyObject, statement: Uint8Array, signature: string): boolean {
  const der = Buffer.from(signature, 'base64url');
  return verify('sha256', statement, key, der) && isLowS(der);
}

/** Refuses a statement that the caller's own key has not signed: INVALID_ARGUMENT. */
export function requireStatement(ctx: Context, statement: Uint8Array, signature: string): void {
  if (!isSignedBy(callerPublicKey(ctx), statement, signature)) {
    throw new LedgerError('INVALID_ARGUMENT', 'signature: not the caller’s over this statement');
  }
}
