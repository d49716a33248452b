import { and, asc, desc, eq, inArray, isNotNull, lt, or, type SQL, sql } from 'drizzle-orm';
import { newIdentifier } from '#crypto/identifier.ts';
import type { Portal } from '#server/portal.ts';
import { captureEvents, captureJobs, type PartOutcome } from '../../gateways/db/schema/epcis.ts';
import { EpcisException, type Fault, type Problem } from '../api/exception.ts';
import type { PartnerClient } from '../client.ts';
import type { Pager } from '../query/page.ts';

export type Job = typeof captureJobs.$inferSelect;
export type Mode = 'rollback' | 'proceed';

/** An event that is to be captured: its id, and its text as it goes to the ledger; or what is wrong with it. */
export interface Waiting {
  eventId?: string | undefined;
  body?: string;
  faults?: readonly Fault[];
}

/** A capture job as it is answered (EPCIS 2.0, section 12.6.1). */
export interface JobView {
  captureID: string;
  createdAt: string;
  finishedAt?: string;
  running: boolean;
  success: boolean;
  captureErrorBehaviour: string;
  errors: (Problem & { eventID?: string; position: number; code?: string })[];
}

const insertedAtOnce = 500;
const mostErrors = 500;

/** Writes a job down with all of its events, before anybody is told of it. */
export async function createJob(
  { db }: Pick<Portal, 'db'>,
  client: PartnerClient,
  mode: Mode,
  events: readonly Waiting[],
): Promise<string> {
  const id = newIdentifier('cap');
  const { system: systemId, institutionId, mspId } = client;
  await db.transaction(async (tx) => {
    // The order of jobs is that of their rows, so that what was sent first is recorded first.
    const at = sql`clock_timestamp()`;
    await tx
      .insert(captureJobs)
      .values({ ...{ id, systemId, institutionId, mspId, mode }, events: events.length, createdAt: at, dueAt: at });
    const rows = events.map(({ eventId = null, body = null, faults }, position) => ({
      ...{ jobId: id, position, eventId, body },
      ...(faults && { outcomes: faults.map(refusalOf) }),
    }));
    for (let start = 0; start < rows.length; start += insertedAtOnce) {
      await tx.insert(captureEvents).values(rows.slice(start, start + insertedAtOnce));
    }
  });
  return id;
}

/** A fault of an event that goes to no ledger. */
const refusalOf = ({ pointer, detail }: Fault): PartOutcome => ({
  ...{ channel: '', hash: '', outcome: 'refused' as const, code: 'INVALID_ARGUMENT', detail: `${pointer}: ${detail}` },
});

/** A job of the client's institution. Throws NoSuchResourceException. */
export async function readJob(portal: Pick<Portal, 'db'>, client: PartnerClient, id: string): Promise<JobView> {
  const [job] = await portal.db
    .select()
    .from(captureJobs)
    .where(and(eq(captureJobs.id, id), eq(captureJobs.institutionId, client.institutionId)));
  if (job === undefined) throw new EpcisException('NoSuchResourceException', 'There is no such capture job.');
  const [view] = await viewsOf(portal, [job]);
  if (view === undefined) throw new EpcisException('NoSuchResourceException', 'There is no such capture job.');
  return view;
}

/** One page of the institution's jobs, newest first. */
export async function listJobs(
  portal: Pick<Portal, 'db'>,
  client: PartnerClient,
  pager: Pager,
): Promise<{ jobs: JobView[]; headers: Record<string, string> }> {
  const [after] = pager.start?.after ?? [];
  // Where a job stands is known by its row, so that its time need not leave the database.
  const position: SQL | undefined =
    after === undefined
      ? undefined
      : sql`(${captureJobs.createdAt}, ${captureJobs.id}) < (select at.created_at, at.id from ${captureJobs} at where at.id = ${after})`;
  const rows = await portal.db
    .select()
    .from(captureJobs)
    .where(and(eq(captureJobs.institutionId, client.institutionId), position))
    .orderBy(desc(captureJobs.createdAt), desc(captureJobs.id))
    .limit(pager.perPage + 1);
  const shown = rows.slice(0, pager.perPage);
  const last = shown.at(-1);
  const before = (pager.start?.before ?? 0) + shown.length;
  return {
    jobs: await viewsOf(portal, shown),
    headers: rows.length > shown.length && last ? pager.next({ after: [last.id], before }) : {},
  };
}

async function viewsOf({ db }: Pick<Portal, 'db'>, jobs: readonly Job[]): Promise<JobView[]> {
  const failed = jobs.filter(({ success }) => !success).map(({ id }) => id);
  const refused =
    failed.length === 0
      ? []
      : await db
          .select()
          .from(captureEvents)
          .where(
            and(
              inArray(captureEvents.jobId, failed),
              sql`jsonb_path_exists(${captureEvents.outcomes}, '$[*] ? (@.outcome == "refused")')`,
            ),
          )
          .orderBy(asc(captureEvents.jobId), asc(captureEvents.position))
          .limit(mostErrors);
  return jobs.map((job) => ({
    ...{ captureID: job.id, createdAt: job.createdAt.toISOString() },
    ...(job.finishedAt && { finishedAt: job.finishedAt.toISOString() }),
    ...{ running: job.finishedAt === null, success: job.success, captureErrorBehaviour: job.mode },
    errors: refused.filter(({ jobId }) => jobId === job.id).flatMap(errorsOf),
  }));
}

function errorsOf({ eventId, position, outcomes }: typeof captureEvents.$inferSelect): JobView['errors'] {
  return (outcomes ?? [])
    .filter(({ outcome }) => outcome === 'refused')
    .map(({ channel, code, detail }) => ({
      ...{ type: 'epcisException:ValidationException', title: 'The event was refused', status: 400 },
      detail: `${channel === '' ? '' : `${channel}: `}${detail ?? code ?? 'refused'}`,
      ...(eventId && { eventID: eventId }),
      ...{ position, ...(code && { code }) },
    }));
}

/** What became of the events of a job, which is finished by it. */
export async function finishJob(
  { db }: Pick<Portal, 'db'>,
  jobId: string,
  outcomes: ReadonlyMap<number, PartOutcome[]>,
): Promise<void> {
  const said = [...outcomes].map(([position, parts]) => ({ position, outcomes: parts }));
  const isRefused = sql`jsonb_path_exists(${captureEvents.outcomes}, '$[*] ? (@.outcome == "refused")')`;
  await db.transaction(async (tx) => {
    await tx.execute(sql`
      update ${captureEvents} set outcomes = said.outcomes, body = null
      from jsonb_to_recordset(${JSON.stringify(said)}::jsonb) as said(position integer, outcomes jsonb)
      where ${captureEvents.jobId} = ${jobId} and ${captureEvents.position} = said.position`);
    await tx
      .update(captureJobs)
      .set({
        ...{ finishedAt: sql`clock_timestamp()`, dueAt: null },
        success: sql`not exists (select 1 from ${captureEvents} where ${captureEvents.jobId} = ${jobId} and ${isRefused})`,
      })
      .where(eq(captureJobs.id, jobId));
  });
}

/** Puts jobs off after a failure that passes. */
export async function putOff({ db }: Pick<Portal, 'db'>, jobs: readonly Job[], dueAt: Date): Promise<void> {
  const ids = jobs.map(({ id }) => id);
  await db
    .update(captureJobs)
    .set({ dueAt, attempts: sql`${captureJobs.attempts} + 1` })
    .where(inArray(captureJobs.id, ids));
}

/** The oldest unfinished jobs of a system, in order, as long as they have not more than `most` events together; at least one. */
export async function nextJobs({ db }: Pick<Portal, 'db'>, systemId: string, most: number): Promise<Job[]> {
  const rows = await db
    .select()
    .from(captureJobs)
    .where(and(eq(captureJobs.systemId, systemId), isNotNull(captureJobs.dueAt)))
    .orderBy(asc(captureJobs.createdAt), asc(captureJobs.id))
    .limit(most);
  const taken: Job[] = [];
  let events = 0;
  for (const job of rows) {
    events += job.events;
    if (taken.length > 0 && events > most) break;
    taken.push(job);
  }
  return taken;
}

/** Forgets finished jobs of before a day. */
export async function forgetJobs({ db }: Pick<Portal, 'db'>, before: Date): Promise<void> {
  await db.delete(captureJobs).where(and(isNotNull(captureJobs.finishedAt), or(lt(captureJobs.finishedAt, before))));
}
