import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm';
import { asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { people } from '../gateways/db/schema/people.ts';
import { sagas } from '../gateways/db/schema/sagas.ts';
import { findMint } from '../transactions/minting.ts';
import type { SagaStepName } from '../transactions/schema.ts';
import { attest } from './attest.ts';
import { publish, reconcile } from './effects.ts';
import { grant } from './grant.ts';
import { expireSaga, findSaga, type Saga, setStep, settleSaga, stepOf, updateSaga } from './store.ts';

/** Flows taken at once; each is claimed for as long as its steps may take. */
const batch = 8;
const claimMs = 60_000;
const longestBackoffMs = 5 * 60_000;
/** Attempts after which a submitted transaction that no ledger shows is given back to its person to sign again. */
const undecidedAttempts = 8;

/** Wait before the next attempt: 1 s, doubled each time, at most five minutes. */
export function backoffMs(attempts: number): number {
  return Math.min(longestBackoffMs, 1_000 * 2 ** Math.min(attempts, 20));
}

/** Takes flows that are due, each by one worker only, over all processes. */
async function claim(portal: Portal): Promise<string[]> {
  return portal.db.transaction(async (tx) => {
    const due = await tx
      .select({ id: sagas.id })
      .from(sagas)
      .where(and(lte(sagas.dueAt, sql`now()`), inArray(sagas.state, ['running', 'waiting'])))
      .orderBy(asc(sagas.dueAt))
      .limit(batch)
      .for('update', { skipLocked: true });
    const ids = due.map(({ id }) => id);
    if (ids.length > 0) {
      const dueAt = new Date(Date.now() + claimMs);
      await tx
        .update(sagas)
        .set({ dueAt, attempts: sql`${sagas.attempts} + 1` })
        .where(inArray(sagas.id, ids));
    }
    return ids;
  });
}

async function personOf(portal: Portal, saga: Saga) {
  const [row] = await portal.db.select().from(people).where(eq(people.id, saga.row.personId));
  return { mspId: row?.mspId ?? '', certificatePem: row?.certificatePem ?? '', subjectId: row?.subjectId ?? '' };
}

/** Does the server's next step of a flow. Throws when it has to wait. */
async function advance(portal: Portal, saga: Saga): Promise<void> {
  const state = (name: SagaStepName) => stepOf(saga.steps, name)?.state;
  if (state('sign') === 'running') {
    if (await reconcile(portal, saga, await personOf(portal, saga))) return;
    if (saga.row.attempts < undecidedAttempts) throw new Error('no ledger shows it yet');
    await setStep(portal.db, saga.row.id, 'sign', 'waiting', { error: 'LEDGER_UNAVAILABLE' });
    await settleSaga(portal.db, saga.row.id, null);
    return;
  }
  if (state('store') === 'waiting' && saga.row.envelope !== null) {
    const cid = await portal.ipfs.add(saga.row.envelope);
    await setStep(portal.db, saga.row.id, 'store', 'done', { proof: cid });
  }
  if (state('publish') === 'running') await publish(portal, saga);
  if (state('attest') === 'running') await attest(portal, saga);
  if (state('grant') === 'running') await grant(portal, saga);
  if (state('mint') === 'running' && (await findMint(portal, saga)) === undefined) {
    if (saga.row.attempts < undecidedAttempts) throw new Error('the minting transaction is not mined yet');
    await setStep(portal.db, saga.row.id, 'mint', 'waiting', { proof: '', error: 'ETHEREUM_UNAVAILABLE' });
  }
  await settleSaga(portal.db, saga.row.id, null);
}

async function expireIfOver(portal: Portal, saga: Saga): Promise<boolean> {
  if (saga.row.expiresAt.getTime() > Date.now()) return false;
  if (stepOf(saga.steps, 'sign')?.state === 'done') {
    // The ledger has it, which counts; what could not be finished is written as failed.
    const open = saga.steps.find(({ state }) => state !== 'done');
    if (open?.name === 'mint' || open?.name === 'attest' || open?.name === 'grant') {
      await setStep(portal.db, saga.row.id, open.name, 'failed', { error: 'SAGA_EXPIRED' });
    }
    await settleSaga(portal.db, saga.row.id, null);
    return true;
  }
  if (stepOf(saga.steps, 'sign')?.state === 'running') return false;
  await expireSaga(portal.db, saga.row.id);
  return true;
}

/** Looks once at every flow that is due; answers how many there were. */
export async function workSagas(portal: Portal): Promise<number> {
  const ids = await claim(portal);
  await Promise.all(
    ids.map(async (id) => {
      const saga = await findSaga(portal.db, id);
      if (saga === undefined || (await expireIfOver(portal, saga))) return;
      try {
        await advance(portal, saga);
      } catch (error) {
        const { code, detail } = asAppError(error);
        const dueAt = new Date(Date.now() + backoffMs(saga.row.attempts));
        log().info({ sagaId: id, code, detail, attempts: saga.row.attempts }, 'flow has to wait');
        await updateSaga(portal.db, id, { dueAt });
      }
    }),
  );
  return ids.length;
}

/** Works until `signal` aborts: at once while there is work, else once a second. */
export async function runSagaWorker(portal: Portal, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    let worked = 0;
    try {
      worked = await workSagas(portal);
    } catch (error) {
      log().warn({ code: asAppError(error).code, detail: asAppError(error).detail }, 'saga worker could not work');
    }
    if (worked < batch) await pause(1_000, signal);
  }
}
