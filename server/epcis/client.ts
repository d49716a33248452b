import { timingSafeEqual } from 'node:crypto';
import { and, eq, isNull, lt, or, sql } from 'drizzle-orm';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Portal } from '#server/portal.ts';
import { partnerSystems, partnerTokens } from '../gateways/db/schema/epcis.ts';
import { institutions } from '../gateways/db/schema/people.ts';
import { tokenHash } from '../people/token.ts';
import { readDevice } from '../registry/ledger.ts';
import { type Caller, countAddress } from '../session/attempt.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { type Scope, scopes } from './schema.ts';
import { bearerOf } from './token.ts';

/** A partner's system that asks: what the services of the EPCIS interface take first. */
export interface PartnerClient {
  tokenId: string;
  /** `dev-…`, in whose name events are signed. */
  system: string;
  institutionId: string;
  mspId: string;
  scopes: readonly Scope[];
}

const perToken = { max: 1_200, windowSeconds: 60 };
/** Tries without a token that counts; a token has 256 bits, so that this only keeps the noise down. */
const perAddress = { max: 120, windowSeconds: 15 * 60 };

/**
 * Who presents `Authorization: Bearer …`. A token that is unknown, revoked or over, of a system that is not active or an
 * institution that is not, are one refusal: UNAUTHENTICATED. Throws RATE_LIMITED.
 */
export async function authenticate(portal: Portal, header: string | null, caller: Caller): Promise<PartnerClient> {
  const client = await findClient(portal, header);
  if (client === undefined) {
    await countAddress(portal, 'epcis', caller, perAddress);
    throw new AppError('UNAUTHENTICATED', 'no token that counts', {
      message: 'The bearer token is missing, or is not valid.',
    });
  }
  await countAttempt(portal.db, `epcis:token:${client.tokenId}`, perToken);
  await noteUse(portal, client.tokenId);
  return client;
}

/** Throws FORBIDDEN unless the token is for this. */
export function requireScope(client: PartnerClient, scope: Scope): void {
  if (client.scopes.includes(scope)) return;
  throw new AppError('FORBIDDEN', `the token is not for ${scope}`, { message: `This token is not for ${scope}.` });
}

async function findClient(portal: Portal, header: string | null): Promise<PartnerClient | undefined> {
  const token = bearerOf(header);
  if (token === undefined) return undefined;
  const hash = tokenHash(token);
  const [row] = await portal.db
    .select({ token: partnerTokens, system: partnerSystems, institution: institutions })
    .from(partnerTokens)
    .innerJoin(partnerSystems, eq(partnerSystems.id, partnerTokens.systemId))
    .innerJoin(institutions, eq(institutions.id, partnerSystems.institutionId))
    .where(eq(partnerTokens.tokenHash, hash));
  if (row === undefined || !timingSafeEqual(row.token.tokenHash, hash)) return undefined;
  const isOver = row.token.revokedAt !== null || row.token.expiresAt.getTime() <= Date.now();
  if (isOver || row.institution.status !== 'active') return undefined;
  const { id: system, institutionId } = row.system;
  if (!(await isActive(portal, system, institutionId))) return undefined;
  return {
    ...{ tokenId: row.token.id, system, institutionId, mspId: row.institution.mspId },
    scopes: scopes.filter((scope) => row.token.scopes.includes(scope)),
  };
}

/** Whether `registry` has the device active, as the portal's own peer knows it now. */
async function isActive(portal: Portal, system: string, institutionId: string): Promise<boolean> {
  try {
    const device = await readDevice(portal.ledger, system);
    return device.status === 'active' && device.institutionId === institutionId;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
    log().info({ system }, 'a token of a system that is not registered');
    return false;
  }
}

/** Once a minute is enough to tell an admin when a token was last used. */
async function noteUse(portal: Portal, tokenId: string): Promise<void> {
  const stale = or(isNull(partnerTokens.lastUsedAt), lt(partnerTokens.lastUsedAt, sql`now() - interval '1 minute'`));
  await portal.db
    .update(partnerTokens)
    .set({ lastUsedAt: new Date() })
    .where(and(eq(partnerTokens.id, tokenId), stale));
}
