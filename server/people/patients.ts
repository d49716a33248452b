import { and, desc, eq, gt, inArray, sql } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { accessAudit, careRelationships, nameTokens, people } from '../gateways/db/schema/people.ts';
import { nameMatches, normaliseIdentifier } from './personalData.ts';
import { allowPeople } from './policy.ts';
import { openDetails, openName } from './record.ts';
import type { Actor, PatientSummary } from './schema.ts';

const mostFound = 20;
const mostCandidates = 200;
/** How long an exact identifier, once told by the patient, lets a doctor of another institution prescribe. */
const reachHours = 24;

type Row = typeof people.$inferSelect;

/**
 * Patients whom a doctor may see: those of the doctor's institution by the beginnings of their names, anybody by exact
 * identifier. Every patient shown is written to the access audit.
 */
export async function findPatients(
  actor: Actor,
  input: { query: string },
  portal: Portal = thePortal(),
): Promise<PatientSummary[]> {
  allowPeople(actor, 'findPatients');
  const [byIdentifier, byName] = await Promise.all([
    findByIdentifier(portal, input.query),
    findByName(portal, actor, input.query),
  ]);
  const rows = new Map([...byIdentifier, ...byName].map((row) => [row.id, row]));
  const found = [...rows.values()].slice(0, mostFound);
  if (found.length > 0) {
    const identified = new Set(byIdentifier.map((row) => row.id));
    const entries = found.map((row) => ({
      actorId: actor.personId,
      patientId: row.id,
      foundBy: identified.has(row.id) ? 'identifier' : 'name',
    }));
    await portal.db.insert(accessAudit).values(entries);
  }
  return found.map((row) => summaryOf(portal, row)).sort((a, b) => a.name.localeCompare(b.name));
}

async function findByIdentifier(portal: Portal, query: string): Promise<Row[]> {
  const index = portal.personalData.index('identifier', normaliseIdentifier(query));
  const rows = await portal.db.select().from(people).where(eq(people.identifierIndex, index));
  return rows.filter((row) => row.role === 'patient' && row.enrolledAt !== null);
}

async function findByName(portal: Portal, actor: Actor, query: string): Promise<Row[]> {
  if (actor.institutionId === null) return [];
  const tokens = portal.personalData.queryTokens(actor.institutionId, query);
  const distinct = new Set(tokens.map((token) => token.toString('hex')));
  if (distinct.size === 0) return [];
  const matching = portal.db
    .select({ id: nameTokens.personId })
    .from(nameTokens)
    .where(and(eq(nameTokens.institutionId, actor.institutionId), inArray(nameTokens.token, tokens)))
    .groupBy(nameTokens.personId)
    .having(sql`count(distinct ${nameTokens.token}) = ${distinct.size}`)
    .limit(mostCandidates);
  const rows = await portal.db.select().from(people).where(inArray(people.id, matching));
  const enrolled = rows.filter((row) => row.role === 'patient' && row.enrolledAt !== null);
  return enrolled.filter((row) => nameMatches(openName(portal.personalData, row), query));
}

function summaryOf(portal: Portal, row: Row): PatientSummary {
  return {
    personId: row.id,
    name: openName(portal.personalData, row),
    ...openDetails(portal.personalData, row),
    pseudonym: row.subjectId,
    readingKey: row.readingKey ?? '',
  };
}

/**
 * The patient of a pseudonym or person id, if the actor may act for them: the actor's institution treats the patient,
 * or the actor found the patient by exact identifier within the last day. Undefined otherwise.
 */
export async function patientInReach(
  portal: Portal,
  actor: Actor,
  by: { pseudonym: string } | { personId: string },
): Promise<{ personId: string; pseudonym: string } | undefined> {
  const which = 'pseudonym' in by ? eq(people.subjectId, by.pseudonym) : eq(people.id, by.personId);
  const rows = await portal.db
    .select({ personId: people.id, pseudonym: people.subjectId })
    .from(people)
    .where(and(which, eq(people.role, 'patient')));
  const patient = rows[0];
  if (patient === undefined) return undefined;
  if (actor.institutionId !== null) {
    const treated = await portal.db
      .select({ id: careRelationships.patientId })
      .from(careRelationships)
      .where(
        and(
          eq(careRelationships.patientId, patient.personId),
          eq(careRelationships.institutionId, actor.institutionId),
        ),
      );
    if (treated.length > 0) return patient;
  }
  const found = await portal.db
    .select({ at: accessAudit.at })
    .from(accessAudit)
    .where(
      and(
        eq(accessAudit.actorId, actor.personId),
        eq(accessAudit.patientId, patient.personId),
        eq(accessAudit.foundBy, 'identifier'),
        gt(accessAudit.at, sql`now() - ${reachHours} * interval '1 hour'`),
      ),
    )
    .orderBy(desc(accessAudit.at))
    .limit(1);
  return found.length > 0 ? patient : undefined;
}

/** Names and person ids of patients by pseudonym, for lists that their author or holder sees. */
export async function patientNames(
  portal: Portal,
  pseudonyms: string[],
): Promise<Map<string, { personId: string; name: string }>> {
  if (pseudonyms.length === 0) return new Map();
  const rows = await portal.db
    .select()
    .from(people)
    .where(inArray(people.subjectId, [...new Set(pseudonyms)]));
  return new Map(rows.map((row) => [row.subjectId, { personId: row.id, name: openName(portal.personalData, row) }]));
}
