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

/**
 * The sign-in secret is itself the output of argon2id, so that one keyed hash is enough here: a thief of the database
 * must guess the password through argon2id for each try, and a thief without PERSONAL_DATA_KEY cannot try at all.
 */
function verifierOf(personalData: PersonalData, salt: Uint8Array, signInSecret: string): Buffer {
  const key = personalData.index('sign-in-verifier', Buffer.from(salt).toString('base64'));
  return createHmac('sha256', key).update(signInSecret).digest();
}

/** Row values for a person's new sign-in secret. */
export function newCredentials(personalData: PersonalData, salt: string, signInSecret: string) {
  const verifierSalt = randomBytes(16);
  return { salt, stretching, verifierSalt, verifier: verifierOf(personalData, verifierSalt, signInSecret) };
}

/** Person whose e-mail and sign-in secret these are. The same work is done for an unknown e-mail. */
export async function verifyPassword(
  { db, personalData }: Store,
  input: { email: string; signInSecret: string },
): Promise<string | undefined> {
  const rows = await db
    .select({ personId: people.id, salt: credentials.verifierSalt, verifier: credentials.verifier })
    .from(people)
    .innerJoin(credentials, eq(credentials.personId, people.id))
    .where(eq(people.emailIndex, personalData.index('email', normaliseEmail(input.email))));
  const found = rows[0] ?? { personId: undefined, salt: Buffer.alloc(16), verifier: Buffer.alloc(32) };
  const expected = verifierOf(personalData, found.salt, input.signInSecret);
  return timingSafeEqual(expected, found.verifier) ? found.personId : undefined;
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
