import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import type { NewCredential } from '#chaincode/model/secondFactor.ts';
import { fromBase64Url } from '#crypto/bytes.ts';
import { requireRoots } from '#crypto/certificate.ts';
import { findLock, openVault, parseVaultRecord, replaceContents } from '#crypto/vault.ts';
import { people, vaults } from '#server/gateways/db/schema/people.ts';
import { createPerson, invitePerson, type NewPerson } from '#server/people/accounts.ts';
import { enrolPerson } from '#server/people/enrolment.ts';
import { normaliseEmail } from '#server/people/personalData.ts';
import { operator } from '#server/people/policy.ts';
import type { Actor } from '#server/people/schema.ts';
import { saveVault } from '#server/people/vaults.ts';
import type { Portal } from '#server/portal.ts';
import type { HeldVault, KeyMaker } from './keys.ts';
import { institutions } from './people.ts';

/** A person of the demonstration with an account, enrolled or not. */
export interface Account {
  personId: string;
  subjectId: string;
  enrolled: boolean;
}

/** An enrolled person: the actor that services want, and what is public of the keys. */
export interface Participant {
  actor: Actor;
  /** X-Wing public key, base64url. */
  readingKey: string;
  certificatePem: string;
}

/** With the vault and the signing PIN's credential, where they were made just now. */
export interface Enrolled extends Participant {
  held?: HeldVault;
  credential?: NewCredential;
}

/** A person who acts, with the keys as the person's browser would hold them. */
export type Signer = Participant & HeldVault;

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
  const newPseudonym = async () => {
    for (;;) {
      const pseudonym = await ledger.newPseudonym();
      if (pseudonym.startsWith(`pt-${channel}-`)) return pseudonym;
    }
  };
  return { ...ledger, newPseudonym };
}

/**
 * Enrols a registered person as the invitation's page does: keys and vault are made here, the connector certifies them.
 * Nothing happens where the person is enrolled already.
 */
export async function ensureEnrolled(
  portal: Portal,
  keyMaker: KeyMaker,
  person: NewPerson,
  account: Account,
): Promise<Enrolled> {
  const actor = actorOf(person, account);
  if (account.enrolled) {
    const where = eq(people.id, account.personId);
    const [row] = await portal.db
      .select({ pem: people.certificatePem, key: people.readingKey })
      .from(people)
      .where(where);
    return { actor, readingKey: row?.key ?? '', certificatePem: row?.pem ?? '' };
  }
  const { token } = await invitePerson(operator, { personId: account.personId }, portal);
  const roots = await portal.connector.authorities();
  const made = await keyMaker.make(account.subjectId, hostOf(portal), roots);
  const { salt, signInSecret, recoverySecret, record, csrPem, readingKey, wallet, walletProof } = made;
  const keys = { csrPem, readingKey, wallet, walletProof };
  const sent = { token, email: person.email, salt, signInSecret, recoverySecret, record, ...keys };
  const { certificatePem } = await enrolPerson(caller, sent, portal);
  const held = { record, vaultKey: made.vaultKey, keys: made.contents };
  return { actor, held, credential: made.credential, readingKey, certificatePem };
}

/**
 * Opens the vault of a person who enrolled in an earlier start, with the demonstration's password. One that trusts nobody yet
 * pins the organisations' authorities, as it does when its browser first opens it.
 */
export async function openHeld(portal: Portal, keyMaker: KeyMaker, actor: Actor): Promise<HeldVault> {
  const { record, version, vaultKey, contents } = await openStored(portal, keyMaker, actor);
  if (contents.roots.length > 0) return { record, vaultKey, keys: contents };
  const roots = await portal.connector.authorities();
  await requireRoots(roots);
  const keys = { ...contents, roots };
  const pinned = JSON.stringify(await replaceContents(parseVaultRecord(record), vaultKey, keys));
  await saveVault(actor, { baseVersion: version, record: pinned }, portal);
  return { record: pinned, vaultKey, keys };
}

async function openStored(portal: Portal, keyMaker: KeyMaker, { personId }: Actor) {
  const [vault] = await portal.db.select().from(vaults).where(eq(vaults.personId, personId));
  if (!vault) throw new Error(`The person ${personId} has no vault.`);
  const record = parseVaultRecord(vault.record);
  const lock = findLock(record, 'password');
  const { salt, memory, iterations, parallelism } = lock;
  const key = await keyMaker.stretch(fromBase64Url(salt), { memory, iterations, parallelism });
  const { key: vaultKey, contents } = await openVault(record, lock, key);
  return { record: vault.record, version: vault.version, vaultKey, contents };
}

/**
 * Puts a signing PIN into the vault of a person who enrolled in an earlier start, in the place of one that the ledger never
 * heard of.
 */
export async function renewPin(
  portal: Portal,
  keyMaker: KeyMaker,
  { actor }: Participant,
): Promise<{ held: HeldVault; credential: NewCredential }> {
  const { record, version, vaultKey } = await openStored(portal, keyMaker, actor);
  const made = await keyMaker.addPin({ record, vaultKey }, hostOf(portal));
  await saveVault(actor, { baseVersion: version, record: made.record }, portal);
  return { held: { record: made.record, vaultKey, keys: made.contents }, credential: made.credential };
}

const hostOf = ({ settings }: Portal) => new URL(settings.url).hostname;

function actorOf(person: NewPerson, account: Account): Actor {
  const institution = institutions.find(({ id }) => id === person.institutionId);
  return {
    ...{ personId: account.personId, sessionId: randomUUID(), role: person.role, name: person.name },
    ...{ subjectId: account.subjectId, mspId: person.mspId, enrolled: true },
    ...{ institutionId: institution?.id ?? null, institutionName: institution?.name ?? null },
  };
}
