import { and, eq, gt, inArray, isNull, or, sql } from 'drizzle-orm';
import type { Database } from '../gateways/db/database.ts';
import { notices, representations } from '../gateways/db/schema/care.ts';
import { people } from '../gateways/db/schema/people.ts';
import type { NoticeKind } from './schema.ts';

/** Something that a ledger says, about which somebody is to be told. */
export interface Told {
  kind: NoticeKind;
  /** Id of the emergency, request, representation or re-enrolment. */
  subject: string;
  /** Whose record or keys it is about: `pt-…`, or `prac-…` where it is about somebody's own keys. */
  patient: string;
  at: Date;
}

/** Tells people by their ledger ids, each once however often this is called. Nobody is told of whom this portal knows nothing. */
export async function tell(db: Database, to: string[], { kind, subject, patient, at }: Told): Promise<void> {
  if (to.length === 0) return;
  const rows = await db.select({ id: people.id }).from(people).where(inArray(people.subjectId, to));
  if (rows.length === 0) return;
  const values = rows.map(({ id }) => ({ personId: id, kind, subject, patient, at }));
  await db.insert(notices).values(values).onConflictDoNothing();
}

/** Tells a patient and who acts for the patient now. */
export async function tellPatient(db: Database, told: Told): Promise<void> {
  const acting = await db
    .select({ id: representations.representative })
    .from(representations)
    .where(
      and(
        eq(representations.patient, told.patient),
        eq(representations.state, 'active'),
        or(isNull(representations.until), gt(representations.until, sql`now()`)),
      ),
    );
  await tell(db, [told.patient, ...acting.map(({ id }) => id)], told);
}
