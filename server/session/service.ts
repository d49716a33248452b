import { randomBytes, randomUUID } from 'node:crypto';
import { and, eq, gt, isNull, ne, or, sql } from 'drizzle-orm';
import { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { sessions, walletNonces } from '../gateways/db/schema/session.ts';
import { normaliseEmail } from '../people/personalData.ts';
import { type Actor, roles, signedWalletMessage } from '../people/schema.ts';
import { attempt, audit, type Caller, type Claim, countAddress } from './attempt.ts';
import { type Stretching, saltOf, verifySecret } from './passwords.ts';
import { checkWalletMessage, claimedAddress, personOfWallet } from './wallet.ts';

export const sessionSeconds = 8 * 60 * 60;
const saltPerAddress = { max: 200, windowSeconds: 15 * 60 };

const passwordInput = z.object({ email: z.email().max(254), signInSecret: z.string().min(16).max(128) });

/** Neither the person nor the institution is suspended or revoked, as the followed ledgers say. */
const inStanding = and(
  eq(people.status, 'active'),
  or(isNull(people.institutionId), eq(institutions.status, 'active')),
);

async function mayAct(db: Database, personId: string): Promise<boolean> {
  const rows = await db
    .select({ id: people.id })
    .from(people)
    .leftJoin(institutions, eq(institutions.id, people.institutionId))
    .where(and(eq(people.id, personId), inStanding));
  return rows.length > 0;
}

/** What signing in yields: the row that the cookie will name. */
export interface SignedIn {
  sessionId: string;
  personId: string;
}

async function startSession(portal: Portal, personId: string, { method, account }: Claim): Promise<SignedIn> {
  const sessionId = randomUUID();
  const wallet = method === 'wallet' ? account : null;
  const expiresAt = new Date(Date.now() + sessionSeconds * 1000);
  await portal.db.insert(sessions).values({ id: sessionId, personId, method, wallet, expiresAt });
  return { sessionId, personId };
}

async function signIn(
  portal: Portal,
  claim: Claim,
  identify: () => Promise<string | undefined>,
): Promise<SignedIn | undefined> {
  const personId = await attempt(portal, claim, identify);
  if (personId === undefined) return undefined;
  if (!(await mayAct(portal.db, personId))) {
    // Told only to whoever has proved to be the person.
    await audit(portal, claim, 'suspended', personId);
    throw new AppError('SUSPENDED', `person ${personId} or the institution is not active`);
  }
  log().info({ personId, method: claim.method }, 'signed in');
  return startSession(portal, personId, claim);
}

/**
 * Signs in with e-mail and the sign-in secret that the browser derived. Undefined when they do not fit; throws SUSPENDED
 * when they do and the person may not act.
 */
export async function signInWithPassword(caller: Caller, input: unknown, portal: Portal = thePortal()) {
  const parsed = passwordInput.safeParse(input);
  if (!parsed.success) return undefined;
  const account = normaliseEmail(parsed.data.email);
  return signIn(portal, { method: 'password', account, caller }, () =>
    verifySecret(portal, 'sign-in', { email: account }, parsed.data.signInSecret),
  );
}

/** Signs in with a wallet by EIP-4361. Undefined when the message, its challenge or the signature do not fit; SUSPENDED. */
export async function signInWithWallet(caller: Caller, input: unknown, portal: Portal = thePortal()) {
  const parsed = signedWalletMessage.safeParse(input);
  if (!parsed.success) return undefined;
  const address = claimedAddress(parsed.data.message);
  return signIn(portal, { method: 'wallet', account: address ?? 'unreadable', caller }, async () =>
    personOfWallet(portal, await checkWalletMessage(portal, parsed.data)),
  );
}

/** A challenge for signing in with a wallet; good for one use within five minutes. */
export async function newWalletNonce(caller: Caller, _input?: unknown, portal: Portal = thePortal()): Promise<string> {
  await countAddress(portal, 'nonce', caller);
  const nonce = randomBytes(16).toString('hex');
  await portal.db.insert(walletNonces).values({ nonce, expiresAt: new Date(Date.now() + 5 * 60_000) });
  return nonce;
}

/** Salt and parameters with which the browser stretches a password; tells nothing about whether the e-mail is known. */
export async function signInSalt(
  caller: Caller,
  input: { email: string },
  portal: Portal = thePortal(),
): Promise<{ salt: string; stretching: Stretching }> {
  await countAddress(portal, 'salt', caller, saltPerAddress);
  return saltOf(portal, input.email);
}

/** The person of a session that is neither ended nor run out, as the database knows it now; null otherwise, and for who is suspended. */
export async function findActor(sessionId: string, portal: Portal = thePortal()): Promise<Actor | null> {
  const rows = await portal.db
    .select({ person: people, institutionName: institutions.name })
    .from(sessions)
    .innerJoin(people, eq(people.id, sessions.personId))
    .leftJoin(institutions, eq(institutions.id, people.institutionId))
    .where(and(eq(sessions.id, sessionId), isNull(sessions.endedAt), gt(sessions.expiresAt, sql`now()`), inStanding));
  const row = rows[0];
  if (row === undefined) return null;
  const role = roles.find((known) => known === row.person.role);
  if (role === undefined) throw new AppError('FORBIDDEN', `unknown role ${row.person.role}`);
  return {
    personId: row.person.id,
    sessionId,
    role,
    name: portal.personalData.open(`people.name:${row.person.id}`, row.person.nameSealed, z.string()),
    subjectId: row.person.subjectId,
    institutionId: row.person.institutionId,
    institutionName: row.institutionName,
    mspId: row.person.mspId,
    enrolled: row.person.enrolledAt !== null,
  };
}

/** Ends a session at once, in every process and open stream. */
export async function endSession(sessionId: string, portal: Portal = thePortal()): Promise<void> {
  await portal.db
    .update(sessions)
    .set({ endedAt: sql`now()` })
    .where(and(eq(sessions.id, sessionId), isNull(sessions.endedAt)));
}

/** Ends the sessions that were signed in to with a wallet of a person. */
export async function endWalletSessions(db: Database, personId: string, wallet: string): Promise<void> {
  await db
    .update(sessions)
    .set({ endedAt: sql`now()` })
    .where(and(eq(sessions.personId, personId), eq(sessions.wallet, wallet), isNull(sessions.endedAt)));
}

/** Ends every session of a person, but for the one that may stay. */
export async function endSessions(db: Database, personId: string, staying?: string): Promise<void> {
  await db
    .update(sessions)
    .set({ endedAt: sql`now()` })
    .where(
      and(
        eq(sessions.personId, personId),
        isNull(sessions.endedAt),
        staying === undefined ? undefined : ne(sessions.id, staying),
      ),
    );
}
