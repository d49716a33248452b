import { asc, inArray, lte, sql } from 'drizzle-orm';
import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { pause } from '#server/pause.ts';
import type { Portal } from '#server/portal.ts';
import { sagas } from '../gateways/db/schema/sagas.ts';
import { isQueued, relayLook } from '../prescriptions/relayQueue.ts';
import { sagaSteps } from '../transactions/kind.ts';
import { findMint } from '../transactions/minting.ts';
import { releaseDocument } from './document.ts';
import { reconcile, tryStep } from './effects.ts';
import { personOf } from './person.ts';
import {
  expireSaga,
  findSaga,
  giveBack,
  isOpen,
  type Saga,
  type SagaRow,
  setStep,
  settleSaga,
  stepOf,
  updateSaga,
} from './store.ts';

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
      .where(lte(sagas.dueAt, sql`now()`))
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

const isOver = ({ expiresAt }: SagaRow) => expiresAt.getTime() <= Date.now();

/** Does what there is to do for a flow that is not known to be recorded. Throws when it has to wait. */
async function advanceUnsigned(portal: Portal, saga: Saga): Promise<void> {
  const { db } = portal;
  const { id, attempts } = saga.row;
  const submitted = stepOf(saga.steps, 'sign')?.state === 'running';
  // An answer may have been lost: no flow is said to be unsigned before the ledger was asked.
  if (submitted || isOver(saga.row)) {
    if (await reconcile(portal, saga, await personOf(portal, saga))) return;
  }
  if (submitted) {
    if (attempts < undecidedAttempts) throw new AppError('LEDGER_UNDECIDED', 'no ledger shows it yet');
    await giveBack(db, saga, 'LEDGER_UNAVAILABLE');
    return;
  }
  if (isOver(saga.row)) await expireSaga(db, id);
  await settleSaga(db, id);
}

/** Takes up the token, where the page named its transaction; after the flow's time, wherever it is. */
async function tryMint(portal: Portal, saga: Saga): Promise<AppError | undefined> {
  const state = stepOf(saga.steps, 'mint')?.state;
  if (await isQueued(portal, saga.row.id)) return undefined;
  if (state !== 'running' && !(state === 'waiting' && isOver(saga.row))) return undefined;
  try {
    if ((await findMint(portal, saga)) !== undefined || state === 'waiting') return undefined;
  } catch (error) {
    return asAppError(error);
  }
  if (saga.row.attempts < undecidedAttempts) return new AppError('ETHEREUM_UNAVAILABLE', 'the mint is not mined yet');
  await setStep(portal.db, saga.row.id, 'mint', 'waiting', { proof: '', error: 'ETHEREUM_UNAVAILABLE' });
  return undefined;
}

/** Does the server's steps of a flow that the ledger has. Throws when one has to wait; one that fails stops no other. */
async function advanceSigned(portal: Portal, saga: Saga): Promise<void> {
  const faults = [
    await tryStep(portal, saga, 'publish'),
    await tryStep(portal, saga, 'attest'),
    await tryStep(portal, saga, 'grant'),
    await tryMint(portal, saga),
  ];
  if (isOver(saga.row)) {
    // The ledger has it, which counts; what could not be finished in all that time is written as failed.
    for (const name of sagaSteps) await setStep(portal.db, saga.row.id, name, 'failed', { error: 'SAGA_EXPIRED' });
    await settleSaga(portal.db, saga.row.id);
    return;
  }
  const fault = faults.find((one) => one !== undefined);
  if (fault !== undefined) throw fault;
  const queued = await isQueued(portal, saga.row.id);
  await settleSaga(portal.db, saga.row.id, queued ? relayLook() : undefined);
}

/** Does the server's next steps of a flow. Throws when it has to wait. */
async function advance(portal: Portal, saga: Saga): Promise<void> {
  if (!isOpen(saga.row)) return releaseDocument(portal, saga);
  const signed = stepOf(saga.steps, 'sign')?.state === 'done';
  return signed ? advanceSigned(portal, saga) : advanceUnsigned(portal, saga);
}

/** Looks once at every flow that is due; answers how many there were. */
export async function workSagas(portal: Portal): Promise<number> {
  const ids = await claim(portal);
  await Promise.all(
    ids.map(async (id) => {
      const saga = await findSaga(portal.db, id);
      if (saga === undefined) return;
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
