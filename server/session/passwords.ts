import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { Database } from '../gateways/db/database.ts';
import { people } from '../gateways/db/schema/people.ts';
import { credentials } from '../gateways/db/schema/session.ts';
import { normaliseEmail, type PersonalData } from '../people/personalData.ts';

interface Store {
  db: Database;
  personalData: PersonalData;
}

/** How the browser stretches a password (argon2id, 64 bytes: sign-in secret and wrapping key). */
export const stretching = { algorithm: 'argon2id', memoryKiB: 65_536, iterations: 3, parallelism: 1 } as const;
export type Stretching = typeof stretching;

/** What a browser sends to prove who is there: one half of the stretched password, or a secret of the recovery phrase. */
export type SecretKind = 'sign-in' | 'recovery';

/**
 * The sign-in secret is itself the output of argon2id, so that one keyed hash is enough here: a thief of the database
 * must guess the password through argon2id for each try, and a thief without PERSONAL_DATA_KEY cannot try at all. The
 * recovery secret comes from 128 random bits, which cannot be guessed.
 */
function verifierOf(personalData: PersonalData, kind: SecretKind, salt: Uint8Array, secret: string): Buffer {
  const key = personalData.index(`${kind}-verifier`, Buffer.from(salt).toString('base64'));
  return createHmac('sha256', key).update(secret).digest();
}

/** Row values for a person's new sign-in secret. */
export function newCredentials(personalData: PersonalData, salt: string, signInSecret: string) {
  const verifierSalt = randomBytes(16);
  return { salt, stretching, verifierSalt, verifier: verifierOf(personalData, 'sign-in', verifierSalt, signInSecret) };
}

/** Row values for the secret of a person's new recovery phrase. */
export function newRecovery(personalData: PersonalData, recoverySecret: string) {
  const recoverySalt = randomBytes(16);
  return { recoverySalt, recoveryVerifier: verifierOf(personalData, 'recovery', recoverySalt, recoverySecret) };
}

/**
 * The person whose secret this is. The same work is done for an unknown e-mail, and for a person without a secret of
 * the kind.
 */
export async function verifySecret(
  { db, personalData }: Store,
  kind: SecretKind,
  account: { email: string } | { personId: string },
  secret: string,
): Promise<string | undefined> {
  const rows = await db
    .select({ personId: people.id, credentials })
    .from(people)
    .innerJoin(credentials, eq(credentials.personId, people.id))
    .where(
      'email' in account
        ? eq(people.emailIndex, personalData.index('email', normaliseEmail(account.email)))
        : eq(people.id, account.personId),
    );
  const found = rows[0];
  const stored = found?.credentials;
  const [salt, verifier] =
    kind === 'recovery' ? [stored?.recoverySalt, stored?.recoveryVerifier] : [stored?.verifierSalt, stored?.verifier];
  const expected = verifierOf(personalData, kind, salt ?? Buffer.alloc(16), secret);
  return timingSafeEqual(expected, verifier ?? Buffer.alloc(32)) ? found?.personId : undefined;
}

/**
 * Salt for stretching the password of an account. An unknown e-mail gets one too, always the same, so that the answer
 * does not tell whether there is an account.
 */
export async function saltOf(
  { db, personalData }: Store,
  email: string,
): Promise<{ salt: string; stretching: Stretching }> {
  const index = personalData.index('email', normaliseEmail(email));
  const rows = await db
    .select({ salt: credentials.salt })
    .from(people)
    .innerJoin(credentials, eq(credentials.personId, people.id))
    .where(eq(people.emailIndex, index));
  const invented = personalData.index('unknown-salt', normaliseEmail(email)).subarray(0, 16).toString('base64url');
  return { salt: rows[0]?.salt ?? invented, stretching };
}
