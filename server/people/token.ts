import { createHash, randomBytes } from 'node:crypto';

/** A right that its bearer uses once, such as an invitation: 256 bits, base64url. */
export function newToken(): string {
  return randomBytes(32).toString('base64url');
}

/** Only this hash of a token is kept. */
export function tokenHash(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}
