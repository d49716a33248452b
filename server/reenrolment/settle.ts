import { eq } from 'drizzle-orm';
import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { people, replacedVaults, vaults, wallets } from '../gateways/db/schema/people.ts';
import { credentials, pendingKeys, recoveries } from '../gateways/db/schema/session.ts';
import { certifiedKeyHash, keepCertificate } from '../people/certificates.ts';
import { readEmail } from '../people/record.ts';
import { audit, forgiveSignIns } from '../session/attempt.ts';
import { endSessions } from '../session/service.ts';
import type { PersonRow } from './keeper.ts';
import { forgetNewKeys } from './links.ts';
import { findReenrolment, type Pending } from './pending.ts';

const everyMs = 10_000;
/** How long keys wait that nobody proposes. */
const unproposedMs = 30 * 86_400_000;

/**
 * Brings the accounts of people who made new keys in line with the ledger: in force there, they take the place of the
 * present ones; refused, they are forgotten. One that cannot be settled now, as where the connector does not answer, stays
 * for the next time and stops no other.
 */
export async function settleReenrolments(portal: Portal, now = new Date()): Promise<void> {
  const rows = await portal.db
    .select({ pending: pendingKeys, person: people })
    .from(pendingKeys)
    .innerJoin(people, eq(people.id, pendingKeys.personId));
  for (const { pending, person } of rows) {
    try {
      await settle(portal, pending, person, now);
    } catch (error) {
      const { code, detail } = asAppError(error);
      log().warn({ personId: person.id, code, detail }, 'new keys are not settled');
    }
  }
}

async function settle(portal: Portal, pending: Pending, person: PersonRow, now: Date): Promise<void> {
  const found = await findReenrolment(portal, person.subjectId);
  const state = found?.keys.signingKeyHash === pending.signingKeyHash ? found.state : undefined;
  if (state === 'completed') return putInForce(portal, pending, person);
  const isOld = state === undefined && now.getTime() - pending.madeAt.getTime() > unproposedMs;
  if (state === 'refused' || isOld) {
    await portal.db.transaction((tx) => forgetNewKeys(tx, person.id));
    log().info({ personId: person.id, state: state ?? 'never proposed' }, 'new keys are forgotten');
  }
}

/**
 * Vault, sign-in, certificate and wallet of the new keys in the place of the present ones, and nobody stays signed in: all
 * together, or nothing. The certificate is asked for before; asked for again it is given again.
 */
async function putInForce(portal: Portal, pending: Pending, person: PersonRow): Promise<void> {
  const { id: personId, subjectId, mspId } = person;
  const { csrPem, readingKey, wallet, signingKeyHash } = pending;
  const { certificatePem } = await portal.connector.certify({ mspId, subjectId, csrPem, readingKey, wallet });
  if (certifiedKeyHash(certificatePem) !== signingKeyHash) {
    throw new AppError('CONNECTOR_REFUSED', `a certificate of another key for ${subjectId}`);
  }
  const { personalData } = portal;
  await portal.db.transaction(async (db) => {
    const taken = await db.delete(pendingKeys).where(eq(pendingKeys.personId, personId)).returning();
    // Another process of the portal was first, or the keys are others by now.
    if (taken[0]?.signingKeyHash !== signingKeyHash) throw new AppError('CONFLICT', 'settled meanwhile');
    const { salt, stretching, verifierSalt, verifier, recoverySalt, recoveryVerifier, record } = pending;
    const signIn = { salt, stretching, verifierSalt, verifier, recoverySalt, recoveryVerifier };
    await db
      .insert(credentials)
      .values({ personId, ...signIn })
      .onConflictDoUpdate({ target: credentials.personId, set: { ...signIn, updatedAt: new Date() } });
    const [present] = await db.select().from(vaults).where(eq(vaults.personId, personId)).for('update');
    const vault = { version: (present?.version ?? 0) + 1, record, updatedAt: new Date() };
    await db
      .insert(vaults)
      .values({ personId, ...vault })
      .onConflictDoUpdate({ target: vaults.personId, set: vault });
    // Nothing that the lost password or phrase would still open is kept.
    await db.delete(replacedVaults).where(eq(replacedVaults.personId, personId));
    await db.delete(wallets).where(eq(wallets.personId, personId));
    await db.insert(wallets).values({ address: wallet, personId });
    // What was signed with the old key stays checkable.
    if (person.certificatePem) await keepCertificate(db, { subjectId, pem: person.certificatePem });
    await keepCertificate(db, { subjectId, pem: certificatePem });
    await db.update(people).set({ certificatePem, readingKey }).where(eq(people.id, personId));
    await db.delete(recoveries).where(eq(recoveries.personId, personId));
    await forgetNewKeys(db, personId);
    await endSessions(db, personId);
    const account = await readEmail({ db, personalData }, personId);
    await forgiveSignIns({ db, personalData }, account);
    await audit({ db, personalData }, { method: 'recovery', account }, 'keys-replaced', personId);
  });
  log().info({ personId }, 'new keys are in force');
}

/** Settles from time to time until `signal` aborts. */
export async function runReenrolments(portal: Portal, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await settleReenrolments(portal).catch((error: unknown) => {
      log().warn({ detail: asAppError(error).detail }, 'could not look for new keys');
    });
    await pause(everyMs, signal);
  }
}
