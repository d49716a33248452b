import { createHash, randomUUID } from 'node:crypto';
import { and, desc, eq, inArray, isNull } from 'drizzle-orm';
import type { z } from 'zod';
import { newIdentifier } from '#crypto/identifier.ts';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { partnerSystems, partnerTokens } from '../gateways/db/schema/epcis.ts';
import type { Actor } from '../people/schema.ts';
import { tokenHash } from '../people/token.ts';
import { allDevices } from '../registry/ledger.ts';
import { ownInstitutionOf } from '../registry/policy.ts';
import type {
  MadeToken,
  newPartnerSystem,
  newPartnerToken,
  ofPartnerToken,
  PartnerSystemView,
  PartnerTokenView,
  SystemRegistration,
} from './schema.ts';
import { scopes } from './schema.ts';
import { newPartnerTokenText } from './token.ts';

/** Partners' systems of an institution and their tokens, as its admin makes and revokes them. */

/** So many systems an institution has, and so many valid tokens a system. */
const mostSystems = 50;
const mostTokens = 10;
const dayMs = 86_400_000;

/** Has the connector make a system's keys, and answers the registration that the admin signs. */
export async function startSystem(
  actor: Actor,
  { name }: z.output<typeof newPartnerSystem>,
  portal: Portal = thePortal(),
): Promise<SystemRegistration> {
  const institutionId = ownInstitutionOf(actor);
  const own = await portal.db
    .select({ id: partnerSystems.id })
    .from(partnerSystems)
    .where(eq(partnerSystems.institutionId, institutionId));
  if (own.length >= mostSystems) throw tooMany('This institution has too many systems.');
  const id = newIdentifier('dev');
  const keys = await portal.connector.systemKeys({ mspId: actor.mspId, institutionId, system: id });
  await portal.db.insert(partnerSystems).values({ id, institutionId, name, createdBy: actor.personId });
  log().info({ system: id, institution: institutionId }, 'a partner’s system is prepared');
  // A system of software has no serial number but its own id.
  const serialHash = createHash('sha256').update(id).digest('hex');
  return { id, institutionId, model: name, serialHash, keys };
}

/** The institution's systems that are registered, or wait for the admin's signature, with their tokens; newest first. */
export async function listSystems(actor: Actor, portal: Portal = thePortal()): Promise<PartnerSystemView[]> {
  const institutionId = ownInstitutionOf(actor);
  const rows = await portal.db
    .select()
    .from(partnerSystems)
    .where(eq(partnerSystems.institutionId, institutionId))
    .orderBy(desc(partnerSystems.createdAt));
  if (rows.length === 0) return [];
  const [devices, tokens] = await Promise.all([
    allDevices(portal.ledger, institutionId),
    portal.db
      .select()
      .from(partnerTokens)
      .where(
        inArray(
          partnerTokens.systemId,
          rows.map(({ id }) => id),
        ),
      )
      .orderBy(desc(partnerTokens.createdAt)),
  ]);
  return rows.map(({ id, name }) => ({
    ...{ id, name, status: devices.find((device) => device.id === id)?.status ?? 'unregistered' },
    tokens: tokens.filter(({ systemId }) => systemId === id).map(viewOf),
  }));
}

/** Makes a token of a registered system; it is shown this once. Throws NOT_FOUND, WRONG_STATE, INVALID_INPUT. */
export async function makeToken(
  actor: Actor,
  wanted: z.output<typeof newPartnerToken>,
  portal: Portal = thePortal(),
): Promise<MadeToken> {
  const system = (await listSystems(actor, portal)).find(({ id }) => id === wanted.system);
  if (system === undefined) throw new AppError('NOT_FOUND', `${wanted.system} is no system of this institution`);
  if (system.status !== 'active') throw new AppError('WRONG_STATE', `${system.id} is ${system.status}`);
  if (system.tokens.filter(({ state }) => state === 'valid').length >= mostTokens) {
    throw tooMany('This system has too many valid tokens.');
  }
  const token = newPartnerTokenText();
  const expiresAt = new Date(Date.now() + wanted.days * dayMs);
  const id = randomUUID();
  await portal.db.insert(partnerTokens).values({
    ...{ id, tokenHash: tokenHash(token), systemId: system.id, name: wanted.name, expiresAt },
    ...{ scopes: [...new Set(wanted.scopes)], createdBy: actor.personId },
  });
  log().info({ system: system.id, token: id, scopes: wanted.scopes, expiresAt }, 'a partner’s token is made');
  return { token, expiresAt: expiresAt.toISOString() };
}

/** Revokes a token of the own institution at once; once is enough. Throws NOT_FOUND. */
export async function revokeToken(
  actor: Actor,
  { token }: z.output<typeof ofPartnerToken>,
  portal: Portal = thePortal(),
): Promise<void> {
  const own = portal.db
    .select({ id: partnerSystems.id })
    .from(partnerSystems)
    .where(eq(partnerSystems.institutionId, ownInstitutionOf(actor)));
  const ofOwn = and(eq(partnerTokens.id, token), inArray(partnerTokens.systemId, own));
  const [found] = await portal.db.select({ id: partnerTokens.id }).from(partnerTokens).where(ofOwn);
  if (found === undefined) throw new AppError('NOT_FOUND', `${token} is no token of this institution`);
  await portal.db
    .update(partnerTokens)
    .set({ revokedAt: new Date(), revokedBy: actor.personId })
    .where(and(ofOwn, isNull(partnerTokens.revokedAt)));
  log().info({ token }, 'a partner’s token is revoked');
}

function viewOf(row: typeof partnerTokens.$inferSelect): PartnerTokenView {
  const { id, name, createdAt, expiresAt, revokedAt, lastUsedAt } = row;
  return {
    ...{ id, name, scopes: scopes.filter((scope) => row.scopes.includes(scope)) },
    state: revokedAt !== null ? 'revoked' : expiresAt.getTime() <= Date.now() ? 'expired' : 'valid',
    ...{ createdAt: createdAt.toISOString(), expiresAt: expiresAt.toISOString() },
    ...(revokedAt && { revokedAt: revokedAt.toISOString() }),
    ...(lastUsedAt && { lastUsedAt: lastUsedAt.toISOString() }),
  };
}

function tooMany(message: string): AppError {
  return new AppError('WRONG_STATE', message, { message, next: 'Revoke or retire what is not used any more.' });
}
