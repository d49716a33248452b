import { desc, eq, inArray, sql } from 'drizzle-orm';
import { type Renewal, renewal as renewalRecord } from '#chaincode/model/renewal.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Database } from '../gateways/db/database.ts';
import { renewals } from '../gateways/db/schema/ledger.ts';
import { institutions, people } from '../gateways/db/schema/people.ts';
import { openName } from '../people/record.ts';
import type { Actor } from '../people/schema.ts';
import type { RenewalSummary } from './schema.ts';

const longestList = 200;

/** Brings the read model to requests read from the ledger; an older version never replaces a newer one. */
export async function projectRenewals(db: Database, channel: string, records: readonly Renewal[]): Promise<void> {
  for (const record of records) {
    const { id, patient, author, prescription, byInstitution, state, version, at } = record;
    await db
      .insert(renewals)
      .values({
        ...{ id, channel, patient, author, prescription, state, version, at: new Date(at), ledgerState: record },
        byInstitution: byInstitution ?? null,
      })
      .onConflictDoUpdate({
        target: renewals.id,
        set: { state, version, ledgerState: record },
        setWhere: sql`${renewals.version} < ${version}`,
      });
  }
}

/**
 * Requests for renewals that concern the actor, newest first, from the read model: the patient's own, those asked of a doctor, those
 * that a pharmacy asked. Throws FORBIDDEN for anybody else.
 */
export async function listRenewals(actor: Actor, portal: Portal = thePortal()): Promise<RenewalSummary[]> {
  const rows = await portal.db
    .select({ state: renewals.ledgerState })
    .from(renewals)
    .where(conditionOf(actor))
    .orderBy(desc(renewals.at))
    .limit(longestList);
  return summarise(
    portal,
    rows.map(({ state }) => renewalRecord.parse(state)),
    actor.role !== 'patient',
  );
}

function conditionOf(actor: Actor) {
  switch (actor.role) {
    case 'patient':
      return eq(renewals.patient, actor.subjectId);
    case 'doctor':
      return eq(renewals.author, actor.subjectId);
    case 'pharmacist':
      if (actor.institutionId !== null) return eq(renewals.byInstitution, actor.institutionId);
  }
  throw new AppError('FORBIDDEN', `${actor.role} may not list renewals`);
}

async function summarise(portal: Portal, records: Renewal[], withPatients: boolean): Promise<RenewalSummary[]> {
  if (records.length === 0) return [];
  const subjects = new Set(records.flatMap(({ author, patient }) => (withPatients ? [author, patient] : [author])));
  const houses = records.flatMap(({ byInstitution }) => byInstitution ?? []);
  const [persons, places] = await Promise.all([
    portal.db
      .select()
      .from(people)
      .where(inArray(people.subjectId, [...subjects])),
    houses.length === 0 ? [] : portal.db.select().from(institutions).where(inArray(institutions.id, houses)),
  ]);
  const known = new Map(
    persons.map((row) => [row.subjectId, { personId: row.id, name: openName(portal.personalData, row) }]),
  );
  const houseNames = new Map(places.map(({ id, name }) => [id, name]));
  return records.map((record) => {
    const { id, prescription, state, author, at, byInstitution, answeredAt, reason, next } = record;
    const patient = withPatients ? known.get(record.patient) : undefined;
    return {
      ...{ id, prescription, state, at },
      by:
        byInstitution === undefined
          ? { role: 'patient' as const }
          : { role: 'pharmacist' as const, institution: houseNames.get(byInstitution) ?? byInstitution },
      author: { id: author, name: known.get(author)?.name ?? author },
      ...(patient !== undefined && { patient }),
      ...(answeredAt !== undefined && { answeredAt }),
      ...(reason !== undefined && { reason }),
      ...(next !== undefined && { next }),
    };
  });
}
