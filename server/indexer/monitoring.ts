import { and, eq, gt, isNull, or, sql } from 'drizzle-orm';
import { type Alert, alertsRaised } from '#chaincode/model/alert.ts';
import { careEvents } from '#chaincode/model/careEvents.ts';
import { mirroredStanding } from '#chaincode/model/standing.ts';
import { telemetryAnchored } from '#chaincode/model/telemetry.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { readAlert } from '../alerts/ledger.ts';
import { projectAlerts } from '../alerts/readModel.ts';
import { type CircleEntry, projectCircles, readCircleEntry } from '../circles/readModel.ts';
import type { Database } from '../gateways/db/database.ts';
import { circleSeats, circles as circlesTable } from '../gateways/db/schema/circles.ts';
import { telemetryBatches } from '../gateways/db/schema/telemetry.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { tell, tellPatient } from '../notices/tell.ts';
import { lockBatches } from '../telemetry/anchorLock.ts';
import type { CareChange } from './care.ts';

/** What a block of a care channel changes of circles, plans, alerts and batches. */

/** A batch that a transaction anchored. */
interface Anchor {
  id: string;
  at: string;
  transactionId: string;
  blockNumber: number;
}

export interface MonitoringEntries {
  changes: CareChange[];
  circles: CircleEntry[];
  alerts: Alert[];
  /** Of them, those that were raised in this block. */
  raised: ReadonlySet<string>;
  anchors: Anchor[];
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

const isOfCircle = ({ change, circle }: CareChange) =>
  circle !== undefined ||
  change.startsWith('circles:') ||
  change === 'telemetry:setPlan' ||
  change === 'telemetry:resealPlan';

/**
 * Patients of a channel in whose circle is the subject of a mirrored standing, or somebody for whom it answers. Throws
 * LEDGER_UNAVAILABLE where the peer that is asked does not have the mirror yet.
 */
async function patientsWith({ db, ledger }: Portal, channel: string, { id, version }: CareChange): Promise<string[]> {
  const leaf = id.startsWith('inst-') ? { institution: id } : { subject: id };
  const isMember = sql`${circlesTable.ledgerState} @> ${JSON.stringify({ leaves: [leaf] })}::jsonb`;
  const rows = await db
    .select({ patient: circlesTable.patient })
    .from(circlesTable)
    .where(and(eq(circlesTable.channel, channel), isMember));
  if (rows.length > 0 && (await readMirrorVersion(ledger, channel, id)) < version)
    throw new AppError('LEDGER_UNAVAILABLE', `the peer has not got version ${version} of a standing yet`);
  return rows.map(({ patient }) => patient);
}

async function readMirrorVersion(ledger: Portal['ledger'], channel: string, subject: string): Promise<number> {
  const call = { channel, contract: 'care', function: 'standings:read', args: [subject] };
  const answer = await ledger.evaluate(call).catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
  });
  return answer === undefined ? 0 : mirroredStanding.parse(jsonOf(answer)).version;
}

/**
 * Reads what changed, given the changes of the block that are told one by one. Throws LEDGER_UNAVAILABLE where the peer that is
 * asked is behind the one whose block is read.
 */
export async function readMonitoring(
  portal: Portal,
  channel: string,
  block: Block,
  changes: readonly CareChange[],
): Promise<MonitoringEntries> {
  const { db, ledger } = portal;
  const anchors: Anchor[] = [];
  const raised = new Set<string>();
  for (const { valid, contract, event, transactionId } of block.transactions) {
    if (!valid || contract !== 'care' || event === undefined) continue;
    if (event.name === careEvents.anchored) {
      const said = telemetryAnchored.safeParse(jsonOf(event.payload)).data;
      for (const { id, outcome } of said?.outcomes ?? [])
        if (said && outcome === 'accepted')
          anchors.push({ id, at: said.at, transactionId, blockNumber: Number(block.number) });
    }
    if (event.name === careEvents.raised) {
      const said = alertsRaised.safeParse(jsonOf(event.payload)).data;
      for (const { id, outcome } of said?.outcomes ?? []) if (outcome === 'accepted') raised.add(id);
    }
  }
  const ofCircles = changes.filter(isOfCircle);
  const ofAlerts = changes.filter(({ change }) => change.startsWith('alerts:'));
  const versions = new Map(ofAlerts.map(({ id, version }) => [id, version]));
  for (const id of raised) versions.set(id, versions.get(id) ?? 1);
  const standings = changes.filter(({ change }) => change === 'standings:mirror');
  const judged = await Promise.all(standings.map((change) => patientsWith(portal, channel, change)));
  const patients = [...new Set([...ofCircles.map(({ id, patient = id }) => patient), ...judged.flat()])];
  const [circles, alerts] = await Promise.all([
    Promise.all(patients.map((patient) => readCircleEntry({ db, ledger }, patient))),
    Promise.all([...versions].map(([id, version]) => alertAtLeast(version, readAlert(ledger, id)))),
  ]);
  for (const change of ofCircles)
    if (!hasCome(change, circles))
      throw new AppError('LEDGER_UNAVAILABLE', 'the peer has not got a circle as the block has it yet');
  return { changes: [...ofCircles, ...ofAlerts], circles, alerts, raised, anchors };
}

/** Whether what was read is at least as new as what a change tells. */
function hasCome(changed: CareChange, circles: readonly CircleEntry[]): boolean {
  const { id, patient = id, change, subject, version } = changed;
  const entry = circles.find((circle) => circle.patient === patient);
  // A change of something else that made the epoch stale.
  if (changed.circle !== undefined) return (entry?.circle?.version ?? 0) >= changed.circle;
  if (change === 'circles:commit') return (entry?.circle?.version ?? 0) >= version;
  if (change.startsWith('telemetry:')) return (entry?.plan?.version ?? 0) >= version;
  return (entry?.seats.find((seat) => seat.subject === subject)?.version ?? 0) >= version;
}

async function alertAtLeast(version: number, reading: Promise<Alert>): Promise<Alert> {
  const entry = await reading.catch((error: unknown) => {
    if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
  });
  if (entry !== undefined && entry.version >= version) return entry;
  throw new AppError('LEDGER_UNAVAILABLE', `the peer has not got version ${version} of an alert yet`);
}

/** Brings the read models to what changed, and tells whom it concerns. Twice is once. */
export async function projectMonitoring(db: Database, channel: string, entries: MonitoringEntries): Promise<void> {
  await projectCircles(db, channel, entries.circles);
  await projectAlerts(db, channel, entries.alerts);
  await noteAnchors(db, entries.anchors);
  for (const { id, patient, level, raisedAt } of entries.alerts) {
    // What only informs waits on the wall of patients.
    if (!entries.raised.has(id) || level === 'notice') continue;
    const told = { kind: 'alertRaised', subject: id, patient, at: new Date(raisedAt) } as const;
    await tell(db, await cliniciansOf(db, patient), told);
  }
  for (const change of entries.changes) await tellOf(db, change);
}

/** Which transaction proves each batch, of those that went through this deployment's gateway. */
async function noteAnchors(db: Database, anchors: readonly Anchor[]): Promise<void> {
  if (anchors.length === 0) return;
  await lockBatches(
    db,
    anchors.map(({ id }) => id),
  );
  await db.execute(sql`
    update ${telemetryBatches}
    set transaction_id = anchor."transactionId", block_number = anchor."blockNumber", anchored_at = anchor.at
    from jsonb_to_recordset(${JSON.stringify(anchors)}::jsonb)
      as anchor(id text, at timestamptz, "transactionId" text, "blockNumber" bigint)
    where ${telemetryBatches.id} = anchor.id`);
}

async function tellOf(db: Database, { id, patient = id, change, subject, at }: CareChange): Promise<void> {
  const to = subject === undefined ? [] : [subject];
  if (change === 'circles:seat' || change === 'circles:unseat') {
    const kind = change === 'circles:seat' ? 'seated' : 'unseated';
    const told = { kind, subject: subject ?? patient, patient, at: new Date(at) } as const;
    await tell(db, to, told);
    return tellPatient(db, told);
  }
  if (change !== 'alerts:escalate') return;
  const told = { kind: 'alertEscalated', subject: id, patient, at: new Date(at) } as const;
  await tell(db, await cliniciansOf(db, patient), told);
  return tellPatient(db, told);
}

/** Doctors with a seat in the circle now. */
async function cliniciansOf(db: Database, patient: string): Promise<string[]> {
  const rows = await db
    .select({ subject: circleSeats.subject })
    .from(circleSeats)
    .where(
      and(
        eq(circleSeats.patient, patient),
        eq(circleSeats.kind, 'clinician'),
        eq(circleSeats.state, 'active'),
        or(isNull(circleSeats.until), gt(circleSeats.until, sql`now()`)),
      ),
    );
  return rows.map(({ subject }) => subject);
}
