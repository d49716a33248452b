import { and, eq, lt, lte, sql } from 'drizzle-orm';
import { bundlesOf } from '#epcis/bundles.ts';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { captureJobs, type PartOutcome, partnerSystems } from '../../gateways/db/schema/epcis.ts';
import { backoffMs } from '../../sagas/worker.ts';
import { captureLimits } from '../api/reply.ts';
import { finishJob, forgetJobs, type Job, type Mode, nextJobs, putOff } from './jobs.ts';
import { type Piece, planJobs } from './plan.ts';
import { type Sent, send } from './send.ts';

/**
 * Brings capture jobs to the ledger: the jobs of one system one after another, of many systems at once. A job's rows are here
 * before it is sent and say what became of it only when the ledger has it; what is sent again after a stop in between is a
 * duplicate there, and the ledger tells what it had decided.
 */

/** Longer than a call of the connector takes, after which it is taken anew. */
const leaseMs = 3 * 60_000;
const systemsAtOnce = 4;
const keptDays = 90;

/** Takes a system's jobs for this worker alone, or goes on having them; false where another has them. */
async function lease({ db }: Portal, systemId: string, isMine = false): Promise<boolean> {
  const taken = await db
    .update(partnerSystems)
    .set({ leasedUntil: sql`now() + ${leaseMs} * interval '1 millisecond'` })
    .where(and(eq(partnerSystems.id, systemId), isMine ? undefined : lt(partnerSystems.leasedUntil, sql`now()`)))
    .returning({ id: partnerSystems.id });
  return taken.length > 0;
}

/** Works off what a system has sent, until there is nothing left that is due. Does nothing where another worker does it. */
export async function workSystem(portal: Portal, systemId: string): Promise<void> {
  if (!(await lease(portal, systemId))) return;
  try {
    for (;;) {
      const jobs = await nextJobs(portal, systemId, captureLimits.together);
      const [first] = jobs;
      if (first === undefined || (first.dueAt?.getTime() ?? 0) > Date.now()) return;
      try {
        await workJobs(portal, jobs);
      } catch (error) {
        const { code, detail } = asAppError(error);
        log().info(
          { system: systemId, job: first.id, code, detail, attempts: first.attempts },
          'captures have to wait',
        );
        await putOff(portal, jobs, new Date(Date.now() + backoffMs(first.attempts)));
        return;
      }
    }
  } finally {
    await portal.db
      .update(partnerSystems)
      .set({ leasedUntil: new Date(0) })
      .where(eq(partnerSystems.id, systemId));
  }
}

/** Many small jobs go in one transaction, if nothing of them is refused; else each for itself. */
async function workJobs(portal: Portal, jobs: readonly Job[]): Promise<void> {
  const pieces = await planJobs(portal, jobs);
  const [first] = jobs;
  if (first !== undefined && jobs.length > 1 && bundlesOf(pieces).length === 1) {
    const together = await send(portal, first, 'rollback', pieces);
    if (together.recorded) {
      for (const job of jobs) await finish(portal, job, pieces, together.outcomes);
      return;
    }
  }
  for (const job of jobs) {
    const own = pieces.filter(({ jobId }) => jobId === job.id);
    const outcomes: Sent['outcomes'] = [];
    for (const bundle of bundlesOf(own)) {
      await lease(portal, job.systemId, true);
      outcomes.push(...(await send(portal, job, modeOf(job), bundle)).outcomes);
    }
    await finish(portal, job, own, outcomes);
  }
}

const modeOf = ({ mode }: Job): Mode => (mode === 'proceed' ? 'proceed' : 'rollback');

async function finish(portal: Portal, job: Job, pieces: readonly Piece[], sent: Sent['outcomes']): Promise<void> {
  const outcomes = new Map<number, PartOutcome[]>();
  for (const [index, { jobId, position }] of pieces.entries()) {
    if (jobId !== job.id) continue;
    const outcome = sent[index];
    outcomes.set(position, [...(outcomes.get(position) ?? []), ...(outcome ? [outcome] : [])]);
  }
  await finishJob(portal, job.id, outcomes);
  log().info({ job: job.id, system: job.systemId, events: job.events }, 'a capture job is finished');
}

/** Looks once at every system that has something due; answers how many there were. */
export async function workCaptures(portal: Portal): Promise<number> {
  const due = await portal.db
    .selectDistinct({ id: captureJobs.systemId })
    .from(captureJobs)
    .where(lte(captureJobs.dueAt, sql`now()`))
    .limit(systemsAtOnce);
  await Promise.all(due.map(({ id }) => workSystem(portal, id)));
  return due.length;
}

/** Works until `signal` aborts: at once while there is work, else twice a second. */
export async function runCaptures(portal: Portal, signal: AbortSignal): Promise<void> {
  let forgotten = 0;
  while (!signal.aborted) {
    let worked = 0;
    try {
      worked = await workCaptures(portal);
      if (Date.now() - forgotten > 60 * 60_000) {
        forgotten = Date.now();
        await forgetJobs(portal, new Date(Date.now() - keptDays * 86_400_000));
      }
    } catch (error) {
      const { code, detail } = asAppError(error);
      log().warn({ code, detail }, 'captures could not be worked');
    }
    if (worked < systemsAtOnce) await pause(500, signal);
  }
}
