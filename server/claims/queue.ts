import { and, asc, count, desc, eq, inArray, sql } from 'drizzle-orm';
import { claimRecord, claimStates } from '#chaincode/model/claim.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { claims } from '../gateways/db/schema/claims.ts';
import { institutionNames } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { allowInsurer } from './policy.ts';
import { type ClaimQueue, claimsAPage, type QueueAsked, waitingStates } from './schema.ts';

/**
 * A page of an insurer's claims: those that wait for a person with appeals first and then the oldest first, others the newest first;
 * with how many there are in each state. Throws FORBIDDEN.
 */
export async function claimQueue(
  actor: Actor,
  { show, page }: QueueAsked,
  portal: Portal = thePortal(),
): Promise<ClaimQueue> {
  const own = eq(claims.insurer, allowInsurer(actor));
  const isWaiting = show === 'waiting';
  const states = isWaiting ? waitingStates : show === 'all' ? claimStates : [show];
  const order = isWaiting ? [sql`${claims.state} <> 'appealed'`, asc(claims.at)] : [desc(claims.at)];
  const [counted, rows] = await Promise.all([
    portal.db.select({ state: claims.state, count: count() }).from(claims).where(own).groupBy(claims.state),
    portal.db
      .select({ state: claims.ledgerState })
      .from(claims)
      .where(and(own, inArray(claims.state, [...states])))
      .orderBy(...order, claims.id)
      .limit(claimsAPage)
      .offset((page - 1) * claimsAPage),
  ]);
  const entries = rows.map(({ state }) => claimRecord.parse(state));
  const parties = entries.flatMap(({ insurer, provider }) => [insurer, provider]);
  const names = await institutionNames(portal, parties);
  const ofState = (state: string) => counted.find((row) => row.state === state)?.count ?? 0;
  return {
    counts: Object.fromEntries(claimStates.map((state) => [state, ofState(state)])) as ClaimQueue['counts'],
    total: states.reduce((sum, state) => sum + ofState(state), 0),
    claims: entries.map((claim) => ({
      ...claim,
      names: Object.fromEntries([claim.insurer, claim.provider].map((id) => [id, names.get(id) ?? id])),
    })),
  };
}
