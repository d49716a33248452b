import { and, eq, gt, inArray, isNotNull, isNull, or, sql } from 'drizzle-orm';
import { type Reenrolment, reenrolment } from '#chaincode/model/patient.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { reenrolments } from '../gateways/db/schema/care.ts';
import { careRelationships, invitations, people } from '../gateways/db/schema/people.ts';
import { pendingKeys } from '../gateways/db/schema/session.ts';
import { openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { ownInstitutionOf } from '../registry/policy.ts';
import type { Pending } from './pending.ts';
import type { NewKeysView, OwnNewKeys } from './schema.ts';

const mostListed = 200;

/**
 * People of the admin's institution, and patients whom it treats, who have a link for new keys, have made some, or for whom
 * some are proposed or were refused lately; those who made theirs first. Throws FORBIDDEN.
 */
export async function listNewKeys(actor: Actor, _: undefined, portal: Portal = thePortal()): Promise<NewKeysView[]> {
  const institutionId = ownInstitutionOf(actor);
  const treated = portal.db
    .select({ id: careRelationships.patientId })
    .from(careRelationships)
    .where(eq(careRelationships.institutionId, institutionId));
  const openLink = and(
    eq(invitations.personId, people.id),
    eq(invitations.purpose, 'reenrolment'),
    isNull(invitations.usedAt),
    gt(invitations.expiresAt, sql`now()`),
  );
  const decided = and(
    eq(reenrolments.subject, people.subjectId),
    or(
      inArray(reenrolments.state, ['proposed', 'approved']),
      sql`${reenrolments.ledgerState} -> 'keys' ->> 'signingKeyHash' = ${pendingKeys.signingKeyHash}`,
      and(eq(reenrolments.state, 'refused'), gt(reenrolments.at, sql`now() - interval '30 days'`)),
    ),
  );
  const rows = await portal.db
    .select({
      person: people,
      pending: pendingKeys,
      linkUntil: invitations.expiresAt,
      ledger: reenrolments.ledgerState,
    })
    .from(people)
    .leftJoin(pendingKeys, eq(pendingKeys.personId, people.id))
    .leftJoin(invitations, openLink)
    .leftJoin(reenrolments, decided)
    .where(
      and(
        or(eq(people.institutionId, institutionId), inArray(people.id, treated)),
        or(isNotNull(pendingKeys.personId), isNotNull(invitations.personId), isNotNull(reenrolments.subject)),
      ),
    )
    .limit(mostListed);
  const views = rows.map(({ person, pending, linkUntil, ledger }): NewKeysView => {
    const found = ledger === null ? undefined : reenrolment.parse(ledger);
    return {
      ...{ subject: person.subjectId, name: openName(portal.personalData, person) },
      ...(linkUntil !== null && { linkUntil: linkUntil.toISOString() }),
      ...(pending !== null && !isRefused(pending, found) && { made: madeOf(pending) }),
      ...(found && { onLedger: stageOf(found) }),
    };
  });
  const order = ({ made, name }: NewKeysView) => `${made?.at ?? '~'} ${name}`;
  return views.sort((one, other) => order(one).localeCompare(order(other)));
}

/** Keys that were refused are forgotten soon, and nobody proposes them again meanwhile. */
function isRefused({ signingKeyHash }: Pending, found: Reenrolment | undefined): boolean {
  return found?.state === 'refused' && found.keys.signingKeyHash === signingKeyHash;
}

function madeOf({ signingKeyHash, readingKey, wallet, madeAt }: Pending): NonNullable<NewKeysView['made']> {
  return { keys: { signingKeyHash, readingKey, wallet }, at: madeAt.toISOString() };
}

function stageOf({ state, at, dueAt, reason }: Reenrolment): NonNullable<NewKeysView['onLedger']> {
  return { state, at, ...(dueAt !== undefined && { dueAt }), ...(reason !== undefined && { reason }) };
}

/** New keys in the actor's own name that are proposed or approved, for the actor to know of; undefined where there are none. */
export async function ownNewKeys(actor: Actor, portal: Portal = thePortal()): Promise<OwnNewKeys | undefined> {
  const [row] = await portal.db
    .select({ state: reenrolments.state, dueAt: reenrolments.dueAt })
    .from(reenrolments)
    .where(and(eq(reenrolments.subject, actor.subjectId), inArray(reenrolments.state, ['proposed', 'approved'])));
  return row && { ...(row.dueAt !== null && { dueAt: row.dueAt.toISOString() }) };
}
