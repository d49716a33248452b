import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { ledgerEvents } from '../gateways/db/schema/ledger.ts';
import { people } from '../gateways/db/schema/people.ts';
import { openDetails, openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import { requireReach } from './reach.ts';
import type { RecordFacts, whichRecord } from './schema.ts';

async function isOpened({ db }: Pick<Portal, 'db'>, channel: string, pseudonym: string): Promise<boolean> {
  const rows = await db
    .select({ at: ledgerEvents.at })
    .from(ledgerEvents)
    .where(
      and(
        eq(ledgerEvents.channel, channel),
        eq(ledgerEvents.subject, pseudonym),
        eq(ledgerEvents.change, 'records:open'),
      ),
    )
    .limit(1);
  return rows.length > 0;
}

/**
 * Whose record it is and whether it has keys: the actor's own, or one that the actor has to do with. Throws FORBIDDEN, also
 * where there is no such patient.
 */
export async function recordOf(
  actor: Actor,
  which: z.output<typeof whichRecord>,
  portal: Portal = thePortal(),
): Promise<RecordFacts> {
  const { personId = which.pseudonym === undefined ? actor.personId : undefined, pseudonym } = which;
  const [row] = await portal.db
    .select()
    .from(people)
    .where(personId === undefined ? eq(people.subjectId, pseudonym ?? '') : eq(people.id, personId));
  if (row?.role !== 'patient') throw new AppError('FORBIDDEN', 'no patient');
  const reach = await requireReach(portal, actor, row.subjectId);
  const channel = portal.ledger.careChannelOf(row.subjectId);
  return {
    personId: row.id,
    pseudonym: row.subjectId,
    channel,
    name: openName(portal.personalData, row),
    ...openDetails(portal.personalData, row),
    reach,
    opened: await isOpened(portal, channel, row.subjectId),
    enrolled: row.enrolledAt !== null,
  };
}
