import { and, eq, gt, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { requestedKeyHash } from '#crypto/certificateRequest.ts';
import { AppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { certificates } from '../gateways/db/schema/care.ts';
import { institutions, invitations, people } from '../gateways/db/schema/people.ts';
import { pendingKeys } from '../gateways/db/schema/session.ts';
import { requireOwnWallet } from '../people/enrolment.ts';
import { normaliseEmail } from '../people/personalData.ts';
import { openName } from '../people/record.ts';
import { roles } from '../people/schema.ts';
import { tokenHash } from '../people/token.ts';
import { requireWays } from '../people/vaults.ts';
import { type Caller, countAddress } from '../session/attempt.ts';
import { newCredentials, newRecovery } from '../session/passwords.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { findPending, requireNoneRunning } from './pending.ts';
import type { claimLink, LinkView, MadeKeys, newAccountKeys } from './schema.ts';

/** What somebody does behind a link for new keys; nothing of the present account changes by it. */

const perAddress = { max: 60, windowSeconds: 15 * 60 };
/** Whoever has come by a link cannot try many e-mails with it. */
const perLink = { max: 10, windowSeconds: 24 * 3600 };

/** The person of a link and of an e-mail that belong together; which of the two is wrong is not told. */
async function claimed(portal: Portal, caller: Caller, { token, email }: z.output<typeof claimLink>) {
  await countAddress(portal, 'reenrolment', caller, perAddress);
  const hash = tokenHash(token);
  await countAttempt(portal.db, `reenrolment-link:${hash.toString('hex')}`, perLink);
  const [row] = await portal.db
    .select({ person: people, institution: institutions.name, link: invitations })
    .from(invitations)
    .innerJoin(people, eq(people.id, invitations.personId))
    .leftJoin(institutions, eq(institutions.id, people.institutionId))
    .where(and(eq(invitations.tokenHash, hash), eq(invitations.purpose, 'reenrolment')));
  const index = portal.personalData.index('email', normaliseEmail(email));
  if (row?.person.emailIndex == null || !index.equals(row.person.emailIndex)) throw notMeant();
  return row;
}

const notMeant = () => new AppError('INVITATION_INVALID', 'no open link of this e-mail');

function requireOpen({ usedAt, expiresAt }: { usedAt: Date | null; expiresAt: Date }): void {
  if (usedAt !== null || expiresAt.getTime() <= Date.now()) throw notMeant();
}

/** What the link is for. Throws INVITATION_INVALID, RATE_LIMITED. */
export async function readLink(
  caller: Caller,
  input: z.output<typeof claimLink>,
  portal: Portal = thePortal(),
): Promise<LinkView> {
  const { person, institution, link } = await claimed(portal, caller, input);
  requireOpen(link);
  const role = roles.find((known) => known === person.role);
  if (role === undefined) throw new AppError('FORBIDDEN', `unknown role ${person.role}`);
  return {
    ...{ name: openName(portal.personalData, person), role, institution },
    ...{ subjectId: person.subjectId, expiresAt: link.expiresAt.toISOString() },
  };
}

/**
 * Keeps new keys beside the present account and uses the link up, together; the same keys may come again, where the answer
 * was lost. Throws INVITATION_INVALID, INVALID_INPUT, SIGNATURE_INVALID, CONFLICT, KEY_EXISTS, WRONG_STATE, RATE_LIMITED.
 */
export async function keepNewKeys(
  caller: Caller,
  input: z.output<typeof newAccountKeys>,
  portal: Portal = thePortal(),
): Promise<MadeKeys> {
  const { person, link } = await claimed(portal, caller, input);
  const before = await findPending(portal, person.subjectId);
  const isRepeated = before?.csrPem === input.csrPem && before.tokenHash.equals(link.tokenHash);
  if (before !== undefined && isRepeated) return { signingKeyHash: before.signingKeyHash };
  requireOpen(link);
  requireWays(input.record, input.salt);
  const signingKeyHash = await keyHashOf(input.csrPem);
  await requireOwnWallet(portal, person, input);
  const known = and(eq(certificates.subjectId, person.subjectId), eq(certificates.keyHash, signingKeyHash));
  if ((await portal.db.$count(certificates, known)) > 0) throw new AppError('KEY_EXISTS', 'was a key of the person');
  await requireNoneRunning(portal, person.subjectId);
  await portal.db.transaction(async (tx) => {
    const used = await tx
      .update(invitations)
      .set({ usedAt: sql`now()` })
      .where(
        and(
          eq(invitations.tokenHash, link.tokenHash),
          isNull(invitations.usedAt),
          gt(invitations.expiresAt, sql`now()`),
        ),
      )
      .returning();
    if (used.length !== 1) throw notMeant();
    await tx.delete(pendingKeys).where(eq(pendingKeys.personId, person.id));
    const { readingKey, wallet, csrPem, record } = input;
    await tx.insert(pendingKeys).values({
      ...{ personId: person.id, tokenHash: link.tokenHash, signingKeyHash, readingKey, wallet, csrPem, record },
      ...newCredentials(portal.personalData, input.salt, input.signInSecret),
      ...newRecovery(portal.personalData, input.recoverySecret),
    });
  });
  log().info({ personId: person.id }, 'new keys wait for a proposal');
  return { signingKeyHash };
}

async function keyHashOf(csrPem: string): Promise<string> {
  try {
    return await requestedKeyHash(csrPem);
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'csrPem', { cause });
  }
}
