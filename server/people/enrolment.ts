import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import { z } from 'zod';
import { isWalletProof } from '#crypto/walletProof.ts';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { institutions, invitations, people, vaults, wallets } from '../gateways/db/schema/people.ts';
import { credentials } from '../gateways/db/schema/session.ts';
import { admitContact } from '../registry/join.ts';
import { type Caller, countAddress } from '../session/attempt.ts';
import { newCredentials, newRecovery } from '../session/passwords.ts';
import { personOfAddress } from '../session/wallet.ts';
import { keepCertificate } from './certificates.ts';
import { normaliseEmail } from './personalData.ts';
import { licence, openName, sealedEmail } from './record.ts';
import { type Enrolled, type enrol, type Role, roles } from './schema.ts';
import { tokenHash } from './token.ts';
import { requireWays } from './vaults.ts';

const perAddress = { max: 60, windowSeconds: 15 * 60 };

/** What the page of an invitation shows to the person who opened it. */
export interface InvitationView {
  name: string;
  email: string;
  role: Role;
  institution: string | null;
  /** What the certificate request must name as its subject. */
  subjectId: string;
  mspId: string;
  expiresAt: string;
}

async function openInvitation(portal: Portal, caller: Caller, token: string) {
  await countAddress(portal, 'invitation', caller, perAddress);
  await admitContact(portal, token);
  const rows = await portal.db
    .select({ person: people, institution: institutions.name, expiresAt: invitations.expiresAt })
    .from(invitations)
    .innerJoin(people, eq(people.id, invitations.personId))
    .leftJoin(institutions, eq(institutions.id, people.institutionId))
    .where(
      and(
        eq(invitations.tokenHash, tokenHash(token)),
        eq(invitations.purpose, 'enrolment'),
        isNull(invitations.usedAt),
        gt(invitations.expiresAt, sql`now()`),
      ),
    );
  const row = rows[0];
  const { emailSealed, emailIndex } = row?.person ?? {};
  if (row === undefined || row.person.enrolledAt !== null || !emailSealed || !emailIndex)
    throw new AppError('INVITATION_INVALID', 'no open invitation');
  return { ...row, person: { ...row.person, emailSealed, emailIndex } };
}

/** What an invitation says. Whoever has the token may read it: the token is the authority. */
export async function readInvitation(
  caller: Caller,
  token: string,
  portal: Portal = thePortal(),
): Promise<InvitationView> {
  const { person, institution, expiresAt } = await openInvitation(portal, caller, token);
  const role = roles.find((known) => known === person.role);
  if (role === undefined) throw new AppError('FORBIDDEN', `unknown role ${person.role}`);
  return {
    name: openName(portal.personalData, person),
    email: portal.personalData.open(sealedEmail(person.id), person.emailSealed, z.string()),
    role,
    institution,
    subjectId: person.subjectId,
    mspId: person.mspId,
    expiresAt: expiresAt.toISOString(),
  };
}

/** Refuses a wallet that the person does not prove to have, and one that is linked to somebody else. */
export async function requireOwnWallet(
  portal: Portal,
  person: { id: string; subjectId: string },
  { wallet, walletProof, csrPem }: Pick<z.output<typeof enrol>, 'wallet' | 'walletProof' | 'csrPem'>,
): Promise<void> {
  if (!isWalletProof(walletProof, wallet, { subjectId: person.subjectId, csrPem })) {
    throw new AppError('SIGNATURE_INVALID', 'wallet', {
      message: 'The wallet’s signature does not fit.',
      next: 'Open your invitation again.',
    });
  }
  const owner = await personOfAddress(portal, wallet);
  if (owner !== undefined && owner !== person.id) {
    throw new AppError('CONFLICT', 'linked to another person', {
      message: 'This wallet is linked to another account.',
    });
  }
}

/**
 * Enrols the person whom an invitation names: the connector issues the certificate and records the keys, then vault,
 * sign-in and certificate are stored and the invitation is used up, together. May be repeated with the same CSR when it
 * fails in between. What could not be stored is refused before the connector is asked. Throws INVITATION_INVALID,
 * INVALID_INPUT, SIGNATURE_INVALID, CONFLICT, KEY_EXISTS, CONNECTOR_UNAVAILABLE, CONNECTOR_REFUSED.
 */
export async function enrolPerson(
  caller: Caller,
  input: z.output<typeof enrol>,
  portal: Portal = thePortal(),
): Promise<Enrolled> {
  const { person } = await openInvitation(portal, caller, input.token);
  const emailIndex = portal.personalData.index('email', normaliseEmail(input.email));
  if (!emailIndex.equals(person.emailIndex)) throw new AppError('INVITATION_INVALID', 'e-mail is not the invited one');
  requireWays(input.record, input.salt);
  await requireOwnWallet(portal, person, input);
  const { certificatePem } = await portal.connector.enrol({
    mspId: person.mspId,
    role: person.role,
    subjectId: person.subjectId,
    ...(person.institutionId === null ? {} : { institutionId: person.institutionId }),
    ...(person.licence === null ? {} : { licence: licence.parse(person.licence) }),
    csrPem: input.csrPem,
    readingKey: input.readingKey,
    wallet: input.wallet,
    walletProof: input.walletProof,
    ...(person.role === 'patient' ? { channel: portal.ledger.careChannelOf(person.subjectId) } : {}),
  });
  await portal.db.transaction(async (tx) => {
    const used = await tx
      .update(invitations)
      .set({ usedAt: sql`now()` })
      .where(and(eq(invitations.tokenHash, tokenHash(input.token)), isNull(invitations.usedAt)))
      .returning();
    if (used.length !== 1) throw new AppError('INVITATION_INVALID', 'used meanwhile');
    const signIn = newCredentials(portal.personalData, input.salt, input.signInSecret);
    const recovery = newRecovery(portal.personalData, input.recoverySecret);
    await tx.insert(credentials).values({ personId: person.id, ...signIn, ...recovery });
    await tx.insert(vaults).values({ personId: person.id, version: 1, record: input.record });
    await tx.insert(wallets).values({ address: input.wallet, personId: person.id });
    await keepCertificate(tx, { subjectId: person.subjectId, pem: certificatePem });
    await tx
      .update(people)
      .set({ certificatePem, readingKey: input.readingKey, enrolledAt: sql`now()` })
      .where(eq(people.id, person.id));
  });
  log().info({ personId: person.id, role: person.role }, 'enrolled');
  return { certificatePem };
}
