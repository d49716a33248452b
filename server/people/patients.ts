import { and, desc, eq, gt, inArray, sql } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { accessAudit, careRelationships, nameTokens, people } from '../gateways/db/schema/people.ts';
import { countAttempt, type RateLimit, returnAttempt } from '../session/rateLimit.ts';
import { isIdentifier, nameMatches, normaliseIdentifier } from './personalData.ts';
import { allowPeople } from './policy.ts';
import { openDetails, openName } from './record.ts';
import type { Actor, PatientSummary } from './schema.ts';

const mostFound = 20;
const mostCandidates = 200;
/** The page searches as one types: a name takes several. */
const searches: RateLimit = { max: 300, windowSeconds: 10 * 60 };
/**
 * Identifiers tried that are nobody's, those half typed among them: enough for a day's work, too few to go through what
 * belongs to one birth date.
 */
const misses: RateLimit = { max: 100, windowSeconds: 12 * 60 * 60 };
/** How long an exact identifier, once told by the patient, lets a doctor of another institution prescribe. */
const reachHours = 24;

type Row = typeof people.$inferSelect;

/**
 * Patients whom a doctor may see: those of the doctor's institution by the beginnings of their names, anybody by exact
 * identifier. Every patient shown is written to the access audit, and every identifier that was nobody's, as a keyed
 * hash. Throws RATE_LIMITED.
 */
export async function findPatients(
  actor: Actor,
  input: { query: string },
  portal: Portal = thePortal(),
): Promise<PatientSummary[]> {
  allowPeople(actor, 'findPatients');
  await countAttempt(portal.db, `find:${actor.personId}`, searches);
  const [byIdentifier, byName] = await Promise.all([
    findByIdentifier(portal, actor, input.query),
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

/** Counted before anything is looked up, so that whoever has used up the attempts learns of no patient any more. */
async function findByIdentifier(portal: Portal, actor: Actor, query: string): Promise<Row[]> {
  if (!isIdentifier(query)) return [];
  const identifier = normaliseIdentifier(query);
  const key = `find-identifier:${actor.personId}`;
  await countAttempt(portal.db, key, misses);
  const index = portal.personalData.index('identifier', identifier);
  const rows = await followMerges(
    portal,
    await portal.db.select().from(people).where(eq(people.identifierIndex, index)),
  );
  const found = rows.filter(isOnLedger);
  if (found.length > 0) {
    await returnAttempt(portal.db, key);
  } else {
    const asked = portal.personalData.index('audit-identifier', identifier);
    await portal.db.insert(accessAudit).values({ actorId: actor.personId, foundBy: 'identifier', asked });
  }
  return found;
}

/** With keys, or as a ward: whoever is not has no record to which anybody could write. */
const isOnLedger = ({ role, enrolledAt, wardSince }: Row) =>
  role === 'patient' && (enrolledAt !== null || wardSince !== null);

/** Whoever was merged into another entry is found as that one. */
async function followMerges(portal: Portal, rows: Row[]): Promise<Row[]> {
  const into = rows.flatMap(({ mergedInto }) => mergedInto ?? []);
  if (into.length === 0) return rows;
  const kept = await portal.db.select().from(people).where(inArray(people.id, into));
  return [...rows.filter(({ mergedInto }) => mergedInto === null), ...kept];
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
  return rows.filter(isOnLedger).filter((row) => nameMatches(openName(portal.personalData, row), query));
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

/** A patient for whom the actor may prescribe; undefined where there is none in reach, or none with keys. */
export async function readPatient(
  actor: Actor,
  personId: string,
  portal: Portal = thePortal(),
): Promise<PatientSummary | undefined> {
  allowPeople(actor, 'findPatients');
  if ((await patientInReach(portal, actor, { personId })) === undefined) return undefined;
  const [row] = await portal.db.select().from(people).where(eq(people.id, personId));
  return row === undefined || row.enrolledAt === null ? undefined : summaryOf(portal, row);
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
