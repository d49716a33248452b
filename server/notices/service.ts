import { and, desc, eq, inArray, isNull, sql } from 'drizzle-orm';
import type { z } from 'zod';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { ownerIndexOf } from '../claims/owners.ts';
import { notices } from '../gateways/db/schema/care.ts';
import { claimNotices } from '../gateways/db/schema/claims.ts';
import { patientNames } from '../people/names.ts';
import type { Actor } from '../people/schema.ts';
import { reachOf } from '../records/reach.ts';
import { type listNotices as listing, type markRead as marking, type NoticeView, noticeKinds } from './schema.ts';

const mostListed = 200;

/** What the actor was told, newest first; everybody has notices of their own only. */
export async function listNotices(
  actor: Actor,
  { unreadOnly }: z.output<typeof listing>,
  portal: Portal = thePortal(),
): Promise<NoticeView[]> {
  const found = await Promise.all([listOfRecords(actor, unreadOnly, portal), listOfClaims(actor, unreadOnly, portal)]);
  return found
    .flat()
    .toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at))
    .slice(0, mostListed);
}

const ofActor = ({ personalData }: Portal, { personId }: Actor) =>
  eq(claimNotices.ownerIndex, ownerIndexOf(personalData, personId));

async function listOfClaims(actor: Actor, unreadOnly: boolean, portal: Portal): Promise<NoticeView[]> {
  const own = ofActor(portal, actor);
  const rows = await portal.db
    .select()
    .from(claimNotices)
    .where(unreadOnly ? and(own, eq(claimNotices.isRead, false)) : own)
    .orderBy(desc(claimNotices.at))
    .limit(mostListed);
  return rows.flatMap(({ id, kind, claim, at, isRead }) => {
    const known = noticeKinds.find((name) => name === kind);
    if (known === undefined) return [];
    const patient = { pseudonym: actor.subjectId };
    return [{ id, kind: known, subject: claim, at: at.toISOString(), read: isRead, patient }];
  });
}

async function listOfRecords(actor: Actor, unreadOnly: boolean, portal: Portal): Promise<NoticeView[]> {
  const own = eq(notices.personId, actor.personId);
  const rows = await portal.db
    .select()
    .from(notices)
    .where(unreadOnly ? and(own, isNull(notices.readAt)) : own)
    .orderBy(desc(notices.at))
    .limit(mostListed);
  const patients = [...new Set(rows.map(({ patient }) => patient))];
  const reached = await Promise.all(
    patients.map(async (patient) => [patient, await reachOf(portal, actor, patient)] as const),
  );
  const names = await patientNames(
    portal,
    reached.filter(([, reach]) => reach !== undefined).map(([patient]) => patient),
  );
  return rows.flatMap(({ id, kind, subject, patient, at, readAt }) => {
    const known = noticeKinds.find((name) => name === kind);
    if (known === undefined) return [];
    const name = names.get(patient);
    return [
      {
        ...{ id, kind: known, subject, at: at.toISOString(), read: readAt !== null },
        patient: { pseudonym: patient, ...(name !== undefined && { name }) },
      },
    ];
  });
}

/** How many notices the actor has not read. */
export async function countUnread(actor: Actor, portal: Portal = thePortal()): Promise<number> {
  const unread = and(ofActor(portal, actor), eq(claimNotices.isRead, false));
  const counts = await Promise.all([
    portal.db.$count(notices, and(eq(notices.personId, actor.personId), isNull(notices.readAt))),
    portal.db.$count(claimNotices, unread),
  ]);
  return counts[0] + counts[1];
}

/** Notes that the actor has read notices; others' are not touched. */
export async function markRead(
  actor: Actor,
  { ids }: z.output<typeof marking>,
  portal: Portal = thePortal(),
): Promise<{ unread: number }> {
  await portal.db
    .update(notices)
    .set({ readAt: sql`now()` })
    .where(and(eq(notices.personId, actor.personId), inArray(notices.id, ids), isNull(notices.readAt)));
  await portal.db
    .update(claimNotices)
    .set({ isRead: true })
    .where(and(ofActor(portal, actor), inArray(claimNotices.id, ids)));
  return { unread: await countUnread(actor, portal) };
}
