import { and, desc, eq, inArray, sql } from 'drizzle-orm';
import type { CircleEpoch, CircleView } from '#chaincode/model/circle.ts';
import type { Plan } from '#chaincode/model/telemetry.ts';
import type { Database } from '../gateways/db/database.ts';
import { circleBlocks, circleEpochs, circleSeats, circles, plans } from '../gateways/db/schema/circles.ts';
import type { LedgerGateway } from '../gateways/ledger/ledger.ts';
import { tellChange } from '../telemetry/changes.ts';
import { readCircle, readEpochs, readPlan } from './ledger.ts';

/** Everything that a channel tells of one patient's circle and that the read model may not have yet. */
export interface CircleEntry extends CircleView {
  patient: string;
  /** All epochs since the newest that was known. */
  epochs: CircleEpoch[];
  plan: Plan | undefined;
}

/** Reads a patient's circle as the ledger has it now, with all epochs that are new here. Throws LEDGER_UNAVAILABLE. */
export async function readCircleEntry(
  { db, ledger }: { db: Database; ledger: Pick<LedgerGateway, 'evaluate' | 'careChannelOf'> },
  patient: string,
  mspId?: string,
): Promise<CircleEntry> {
  const [view, plan, [known]] = await Promise.all([
    readCircle(ledger, patient, mspId),
    readPlan(ledger, patient, mspId),
    db
      .select({ generation: circleEpochs.generation, epoch: circleEpochs.epoch })
      .from(circleEpochs)
      .where(eq(circleEpochs.patient, patient))
      .orderBy(desc(circleEpochs.generation), desc(circleEpochs.epoch))
      .limit(1),
  ]);
  const epochs: CircleEpoch[] = [];
  const newest = view.circle?.generation ?? 0;
  for (let generation = known?.generation ?? 1; generation <= newest; generation += 1) {
    const from = generation === known?.generation ? known.epoch : 0;
    epochs.push(...(await readEpochs(ledger, { patient, generation, from }, mspId)));
  }
  return { ...view, patient, epochs, plan };
}

/** Brings the read model to circles of the ledger, an older version changing nothing, and tells of them. */
export async function projectCircles(db: Database, channel: string, entries: readonly CircleEntry[]): Promise<void> {
  for (const entry of entries) {
    await projectSeats(db, channel, entry);
    await projectCircle(db, channel, entry);
    await projectPlan(db, channel, entry);
    await keepBlocks(db, entry);
    await tellChange(db, { about: 'circle', patient: entry.patient });
  }
}

async function projectSeats(db: Database, channel: string, { seats }: CircleEntry): Promise<void> {
  if (seats.length === 0) return;
  const rows = seats.map(({ patient, subject, kind, state, since, until, endedAt, version }) => ({
    ...{ patient, subject, channel, kind, state, version, since: new Date(since) },
    until: until === undefined ? null : new Date(until),
    endedAt: endedAt === undefined ? null : new Date(endedAt),
  }));
  await db
    .insert(circleSeats)
    .values(rows)
    .onConflictDoUpdate({
      target: [circleSeats.patient, circleSeats.subject],
      set: {
        kind: sql`excluded.kind`,
        state: sql`excluded.state`,
        since: sql`excluded.since`,
        until: sql`excluded.until`,
        endedAt: sql`excluded.ended_at`,
        version: sql`excluded.version`,
      },
      setWhere: sql`excluded.version > ${circleSeats.version}`,
    });
}

async function projectCircle(db: Database, channel: string, { circle, epochs }: CircleEntry): Promise<void> {
  if (circle !== undefined) {
    const { patient, generation, epoch, staleSince, version } = circle;
    const changing = {
      ...{ generation, epoch, version, ledgerState: circle },
      staleSince: staleSince === undefined ? null : new Date(staleSince),
    };
    await db
      .insert(circles)
      .values({ patient, channel, ...changing })
      .onConflictDoUpdate({
        target: circles.patient,
        set: changing,
        // A suspension makes an epoch stale, or its end fresh, and changes no entry of the circle.
        setWhere: sql`${circles.version} <= ${version}`,
      });
  }
  if (epochs.length === 0) return;
  const rows = epochs.map(({ since, until, staleSince, ...epoch }) => ({
    ...epoch,
    since: new Date(since),
    until: until === undefined ? null : new Date(until),
    staleSince: staleSince === undefined ? null : new Date(staleSince),
  }));
  await db
    .insert(circleEpochs)
    .values(rows)
    .onConflictDoUpdate({
      target: [circleEpochs.patient, circleEpochs.generation, circleEpochs.epoch],
      set: { until: sql`excluded.until`, staleSince: sql`excluded.stale_since` },
      // An epoch ends once.
      setWhere: sql`${circleEpochs.until} is null`,
    });
}

async function projectPlan(db: Database, channel: string, { plan }: CircleEntry): Promise<void> {
  if (plan === undefined) return;
  const { patient, version, generation, epoch, cid, at } = plan;
  const changing = { version, generation, epoch, cid, at: new Date(at), ledgerState: plan };
  await db
    .insert(plans)
    .values({ patient, channel, ...changing })
    .onConflictDoUpdate({
      target: plans.patient,
      set: changing,
      // The same plan is sealed anew under later epochs.
      setWhere: sql`(${plans.version}, ${plans.generation}, ${plans.epoch}) < (${version}::int, ${generation}::int, ${epoch}::int)`,
    });
}

/** Blocks that the ledger names stay for good. */
async function keepBlocks(db: Database, { patient, epochs, plan }: CircleEntry): Promise<void> {
  const named = [...epochs.map(({ cid }) => cid), ...(plan === undefined ? [] : [plan.cid])];
  if (named.length === 0) return;
  await db
    .update(circleBlocks)
    .set({ kept: true })
    .where(and(eq(circleBlocks.patient, patient), inArray(circleBlocks.cid, named)));
}
