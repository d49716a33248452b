import { createHash } from 'node:crypto';
import { decodeJwt, errors, jwtVerify } from 'jose';
import { z } from 'zod';
import type { StateFolder } from '#device/folder.ts';
import type { Client } from './clients.ts';

/** Longest life of an assertion (SMART Backend Services: at most five minutes). */
const longestSeconds = 5 * 60;
const skewSeconds = 10;
const mostRemembered = 100_000;
const kept = 'seen-assertions.json';

/** An error of OAuth 2.0 (RFC 6749, section 5.2). */
export class TokenRefusal extends Error {
  readonly error: 'invalid_request' | 'invalid_client' | 'invalid_scope' | 'unsupported_grant_type';

  constructor(error: TokenRefusal['error'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'TokenRefusal';
    this.error = error;
  }
}

/** Assertions that were used, until their time is over; they outlive a restart, so that none counts twice. */
export class SeenAssertions {
  readonly #folder: StateFolder;
  readonly #seen: Map<string, number>;
  #writing: Promise<void> = Promise.resolve();

  private constructor(folder: StateFolder, seen: Map<string, number>) {
    this.#folder = folder;
    this.#seen = seen;
  }

  static async open(folder: StateFolder): Promise<SeenAssertions> {
    const entries = (await folder.readJson(kept, z.record(z.string(), z.number()))) ?? {};
    return new SeenAssertions(folder, new Map(Object.entries(entries)));
  }

  /** Remembers an assertion; false where it was used before. Written before it is believed. */
  async claim(issuer: string, jti: string, exp: number, now: number): Promise<boolean> {
    for (const [key, until] of this.#seen) if (until < now) this.#seen.delete(key);
    const key = createHash('sha256')
      .update(JSON.stringify([issuer, jti]))
      .digest('base64url');
    if (this.#seen.has(key)) return false;
    if (this.#seen.size >= mostRemembered)
      throw new TokenRefusal('invalid_request', 'too many assertions at this time');
    this.#seen.set(key, exp + skewSeconds);
    const write = () => this.#folder.writeJson(kept, Object.fromEntries(this.#seen));
    this.#writing = this.#writing.then(write, write);
    await this.#writing;
    return true;
  }
}

const claims = z.looseObject({ jti: z.string().min(1).max(256), exp: z.number() });

/**
 * Who a client's assertion (RFC 7523, `private_key_jwt`) proves: RS384 or ES384, a registered key, issued by and about the
 * client, for this token endpoint, for at most five minutes, and used once. Throws `TokenRefusal`.
 */
export async function verifyAssertion(
  assertion: string,
  clients: ReadonlyMap<string, Client>,
  { audience, seen, now = new Date() }: { audience: string; seen: SeenAssertions; now?: Date },
): Promise<Client> {
  // One answer for an unknown client and a bad signature: nobody learns which clients there are.
  const invalid = (cause?: unknown) => new TokenRefusal('invalid_client', 'the assertion does not count', { cause });
  const client = clients.get(issuerOf(assertion));
  if (!client) throw invalid();
  const { payload } = await jwtVerify(assertion, client.keys, {
    ...{ algorithms: ['RS384', 'ES384'], issuer: client.id, subject: client.id, audience },
    ...{ clockTolerance: skewSeconds, currentDate: now, requiredClaims: ['exp', 'jti', 'aud'] },
  }).catch((cause: unknown) => {
    if (cause instanceof errors.JOSEError || cause instanceof TypeError) throw invalid(cause);
    throw cause;
  });
  const said = claims.safeParse(payload);
  if (!said.success) throw invalid(said.error);
  const seconds = Math.floor(now.getTime() / 1000);
  if (said.data.exp > seconds + longestSeconds + skewSeconds) throw invalid();
  if (!(await seen.claim(client.id, said.data.jti, said.data.exp, seconds))) throw invalid();
  return client;
}

function issuerOf(assertion: string): string {
  try {
    return decodeJwt(assertion).iss ?? '';
  } catch {
    // What is no JWT is nobody's.
    return '';
  }
}
