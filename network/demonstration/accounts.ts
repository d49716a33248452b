import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { fromBase64Url } from '#crypto/bytes.ts';
import { derivePassword } from '#crypto/password.ts';
import { findLock, openVault, parseVaultRecord, type VaultContents } from '#crypto/vault.ts';
import { people, vaults } from '#server/gateways/db/schema/people.ts';
import { createPerson, invitePerson, type NewPerson } from '#server/people/accounts.ts';
import { enrolPerson } from '#server/people/enrolment.ts';
import { normaliseEmail } from '#server/people/personalData.ts';
import { operator } from '#server/people/policy.ts';
import type { Actor } from '#server/people/schema.ts';
import type { Portal } from '#server/portal.ts';
import type { KeyMaker } from './keys.ts';
import { demonstrationPassword, institutions } from './people.ts';

/** A person of the demonstration with an account, enrolled or not. */
export interface Account {
  personId: string;
  subjectId: string;
  enrolled: boolean;
}

/** A person who can act: the actor that services want, and the keys as the person's browser would hold them. */
export interface Participant {
  actor: Actor;
  keys: VaultContents;
  /** X-Wing public key, base64url. */
  readingKey: string;
  certificatePem: string;
}

/** The caller that the portal's rate limits count. */
const caller = { address: 'demonstration' };

/** Finds an account by its e-mail, or makes it. A patient's pseudonym is of the wanted care channel. */
export async function ensureAccount(portal: Portal, person: NewPerson, channel?: number): Promise<Account> {
  const emailIndex = portal.personalData.index('email', normaliseEmail(person.email));
  const [known] = await portal.db.select().from(people).where(eq(people.emailIndex, emailIndex));
  if (known) return { personId: known.id, subjectId: known.subjectId, enrolled: known.enrolledAt !== null };
  const choosing = channel === undefined ? portal : { ...portal, ledger: choosingChannel(portal.ledger, channel) };
  return { ...(await createPerson(operator, person, choosing)), enrolled: false };
}

/** The channel follows from the random pseudonym, so that another is drawn until it falls on the wanted one. */
function choosingChannel(ledger: Portal['ledger'], channel: number): Portal['ledger'] {
  const newPseudonym = () => {
    for (;;) {
      const pseudonym = ledger.newPseudonym();
      if (pseudonym.startsWith(`pt-${channel}-`)) return pseudonym;
    }
  };
  return { ...ledger, newPseudonym };
}

/**
 * Enrols a registered person as the invitation's page does: keys and vault are made here, the connector certifies them.
 * Of a person who is enrolled already, the keys are taken from the vault with the demonstration's password.
 */
export async function ensureEnrolled(
  portal: Portal,
  keyMaker: KeyMaker,
  person: NewPerson,
  account: Account,
): Promise<Participant> {
  const actor = actorOf(person, account);
  if (account.enrolled) return { actor, ...(await openKeys(portal, account)) };
  const { token } = await invitePerson(operator, { personId: account.personId }, portal);
  const made = await keyMaker.make(account.subjectId);
  const { salt, signInSecret, record, csrPem, readingKey, wallet } = made;
  const sent = { token, email: person.email, salt, signInSecret, record, csrPem, readingKey, wallet };
  const { certificatePem } = await enrolPerson(caller, sent, portal);
  return { actor, keys: made.contents, readingKey, certificatePem };
}

async function openKeys(portal: Portal, account: Account): Promise<Omit<Participant, 'actor'>> {
  const [stored] = await portal.db
    .select({ record: vaults.record, certificatePem: people.certificatePem, readingKey: people.readingKey })
    .from(vaults)
    .innerJoin(people, eq(people.id, vaults.personId))
    .where(eq(vaults.personId, account.personId));
  if (!stored) throw new Error(`${account.subjectId} is enrolled and has no vault.`);
  const record = parseVaultRecord(stored.record);
  const lock = findLock(record, 'password');
  const { wrappingKey } = await derivePassword(demonstrationPassword, fromBase64Url(lock.salt), {
    memory: lock.memory,
    iterations: lock.iterations,
    parallelism: lock.parallelism,
  });
  const { contents } = await openVault(record, lock, wrappingKey);
  return { keys: contents, readingKey: stored.readingKey ?? '', certificatePem: stored.certificatePem ?? '' };
}

function actorOf(person: NewPerson, account: Account): Actor {
  const institution = institutions.find(({ id }) => id === person.institutionId);
  return {
    ...{ personId: account.personId, sessionId: randomUUID(), role: person.role, name: person.name },
    ...{ subjectId: account.subjectId, mspId: person.mspId, enrolled: true },
    ...{ institutionId: institution?.id ?? null, institutionName: institution?.name ?? null },
  };
}
