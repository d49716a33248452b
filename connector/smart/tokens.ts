import { createHash, randomBytes } from 'node:crypto';
import type { Client } from './clients.ts';
import type { Grants } from './scopes.ts';

/** How long an access token counts, in seconds (SMART Backend Services recommends at most five minutes). */
export const tokenSeconds = 300;

export interface Access {
  client: Client;
  grants: Grants;
}

/** Access tokens that were given out: opaque, kept as hashes in memory alone, so that a restart ends all of them. */
export class AccessTokens {
  readonly #given = new Map<string, Access & { until: number }>();

  give(access: Access, now = Date.now()): string {
    for (const [hash, { until }] of this.#given) if (until <= now) this.#given.delete(hash);
    const token = randomBytes(32).toString('base64url');
    this.#given.set(hashOf(token), { ...access, until: now + tokenSeconds * 1000 });
    return token;
  }

  find(token: string, now = Date.now()): Access | undefined {
    const found = this.#given.get(hashOf(token));
    return found && found.until > now ? found : undefined;
  }
}

const hashOf = (token: string) => createHash('sha256').update(token).digest('base64url');
