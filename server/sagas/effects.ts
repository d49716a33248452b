import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import type { Portal } from '#server/portal.ts';
import { invalidTransaction } from '../gateways/ledger/faults.ts';
import type { FlowPerson, Handler } from '../transactions/handler.ts';
import { handlers, isKind } from '../transactions/handlers.ts';
import type { SagaView } from '../transactions/schema.ts';
import { attest } from './attest.ts';
import { grant } from './grant.ts';
import { personOf } from './person.ts';
import { giveBack, noteCommit, type Saga, setStep, settleSaga, stepOf } from './store.ts';
import { viewOf } from './view.ts';

function handlerOf({ row }: Saga): Pick<Handler<never>, 'shows' | 'publish' | 'follows'> {
  if (!isKind(row.kind)) throw new Error(`the database holds an unknown kind ${row.kind}`);
  return handlers[row.kind];
}

/** Writes the ledger's present state to the read model and notes the step. Throws LEDGER_UNAVAILABLE. */
async function publish(portal: Portal, saga: Saga): Promise<void> {
  const proof = await handlerOf(saga).publish?.(portal, saga, await personOf(portal, saga));
  await setStep(portal.db, saga.row.id, 'publish', 'done', { proof: proof ?? '' });
}

/** What the server does by itself once the ledger has the transaction. Each does nothing when it is done twice. */
const serverSteps = { publish, attest, grant };

/** Takes one of the server's steps if it has begun. What fails is noted and answered: the worker does it later. */
export async function tryStep(
  portal: Portal,
  saga: Saga,
  name: keyof typeof serverSteps,
): Promise<AppError | undefined> {
  if (stepOf(saga.steps, name)?.state !== 'running') return undefined;
  try {
    await serverSteps[name](portal, saga);
    return undefined;
  } catch (error) {
    const fault = asAppError(error);
    log().info({ sagaId: saga.row.id, step: name, code: fault.code, detail: fault.detail }, 'a step has to wait');
    await setStep(portal.db, saga.row.id, name, 'running', { error: fault.code });
    return fault;
  }
}

/**
 * Carries a flow over the point where the ledger has its transaction: what follows begins with it, in one database
 * transaction. Doing it twice changes nothing.
 */
export async function afterCommit(
  portal: Portal,
  saga: Saga,
  transactionId: string,
  blockNumber: bigint | null,
): Promise<SagaView> {
  return finish(portal, await begin(portal, saga, transactionId, blockNumber));
}

/**
 * The same for a person who waits for the answer. Where the token is to be minted first, or nothing of the read model is needed
 * next, that follows meanwhile, and by the worker where this process ends.
 */
export async function answerCommit(
  portal: Portal,
  saga: Saga,
  transactionId: string,
  blockNumber: bigint,
): Promise<SagaView> {
  const committed = await begin(portal, saga, transactionId, blockNumber);
  const follows = stepOf(committed.steps, 'mint')?.state === 'waiting' || handlerOf(committed).follows === true;
  if (!follows) return finish(portal, committed);
  finish(portal, committed).catch((error: unknown) => {
    const { code, detail } = asAppError(error);
    log().warn({ sagaId: saga.row.id, code, detail }, 'a flow is left to the worker');
  });
  return viewOf(committed);
}

function begin(portal: Portal, saga: Saga, transactionId: string, blockNumber: bigint | null): Promise<Saga> {
  return noteCommit(portal.db, saga, { transactionId, ...(blockNumber === null ? {} : { blockNumber }) });
}

/** Takes the server's steps that a person waits for; the token takes longer and is left to the worker, with what fails. */
async function finish(portal: Portal, committed: Saga): Promise<SagaView> {
  await tryStep(portal, committed, 'publish');
  await tryStep(portal, committed, 'grant');
  return settleSaga(portal.db, committed.row.id);
}

/**
 * Finds out what became of a flow's transaction: by the commit status that its person signed in advance, else by the
 * ledger's state. True when the ledger has it; one that is known to be invalid waits for its person again.
 */
export async function reconcile(portal: Portal, saga: Saga, person: FlowPerson): Promise<boolean> {
  const { row } = saga;
  let invalid: AppError | undefined;
  if (row.transactionId !== null && row.statusRequest !== null && row.statusSignature !== null) {
    try {
      const outcome = await portal.ledger.commitStatus(
        person,
        row.channel,
        row.statusRequest,
        row.statusSignature,
        1_500,
      );
      if (outcome.valid) {
        await afterCommit(portal, saga, row.transactionId, outcome.blockNumber);
        return true;
      }
      invalid = invalidTransaction(outcome.code);
    } catch (error) {
      if (!(error instanceof AppError) || error.code !== 'LEDGER_UNDECIDED') throw error;
    }
  }
  if (await isShown(portal, saga, person)) {
    // Another transaction than an invalid one brought it about.
    await afterCommit(portal, saga, invalid === undefined ? (row.transactionId ?? '') : '', null);
    return true;
  }
  if (invalid !== undefined) await giveBack(portal.db, saga, invalid.code);
  return false;
}

async function isShown(portal: Portal, saga: Saga, person: FlowPerson): Promise<boolean> {
  try {
    return await handlerOf(saga).shows(portal, saga, person);
  } catch (error) {
    if (error instanceof AppError && error.code === 'NOT_FOUND') return false;
    throw error;
  }
}
