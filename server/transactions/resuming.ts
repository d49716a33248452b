import { z } from 'zod';
import { AppError, asAppError } from '#server/errors.ts';
import { log } from '#server/log.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { reconcile } from '../sagas/effects.ts';
import { personSteps } from '../sagas/flows.ts';
import { expireSaga, isOpen, type Saga, sagasOf, stepOf } from '../sagas/store.ts';
import { viewOf } from '../sagas/view.ts';
import { findMint, reload } from './minting.ts';
import {
  isWaitingKind,
  type ResumableIntent,
  type ResumableSaga,
  resumableIntent,
  type SagaView,
  type WaitingSaga,
} from './schema.ts';
import { identityOf, openSagaOf, sagaOf } from './service.ts';

const publicPart = z.looseObject({});

/** What was kept of the intent: nothing once the flow is over, and never one whose secrets only its page has. */
function keptIntent({ row }: Saga): ResumableIntent | undefined {
  if (!isOpen(row)) return undefined;
  const envelope = row.envelope?.toString('base64url');
  const { kind, resumePacket } = row;
  return resumableIntent.safeParse({ ...publicPart.parse(row.intent), kind, envelope, resumePacket }).data;
}

/**
 * Where the actor's flow stands, after asking the ledgers about every step whose answer was lost, with all that a
 * browser of the actor needs to carry on. A flow that is over is answered too: that is how a page whose answer was
 * lost learns what became of it.
 */
export async function resumeSaga(actor: Actor, sagaId: string, portal: Portal = thePortal()): Promise<ResumableSaga> {
  let saga = await sagaOf(portal, actor, sagaId);
  if (!isOpen(saga.row)) return { ...viewOf(saga), intent: undefined };
  if (stepOf(saga.steps, 'sign')?.state !== 'done') {
    await reconcile(portal, saga, await identityOf(portal, actor));
    saga = await reload(portal, saga);
  }
  const mint = stepOf(saga.steps, 'mint')?.state;
  if (mint === 'waiting' || mint === 'running') {
    try {
      await findMint(portal, saga);
      saga = await reload(portal, saga);
    } catch (error) {
      // The chain may be down; the person can carry on all the same.
      log().info({ sagaId: saga.row.id, detail: asAppError(error).detail }, 'mint not found out');
    }
  }
  return { ...viewOf(saga), intent: keptIntent(saga) };
}

/**
 * Gives up a flow that the ledger has not got, after asking it. Throws WRONG_STATE once it is recorded, LEDGER_UNDECIDED
 * while nobody knows what became of what was submitted, LEDGER_UNAVAILABLE.
 */
export async function abandonSaga(actor: Actor, sagaId: string, portal: Portal = thePortal()): Promise<SagaView> {
  const saga = await openSagaOf(portal, actor, sagaId);
  const person = await identityOf(portal, actor);
  const recorded =
    stepOf(saga.steps, 'sign')?.state === 'done' ||
    (await reconcile(portal, saga, person).catch((error) => {
      if (saga.row.statusSignature === null) throw error;
      throw new AppError('LEDGER_UNDECIDED', asAppError(error).detail, { cause: error });
    }));
  if (recorded) throw new AppError('WRONG_STATE', 'signed and recorded');
  if (!(await expireSaga(portal.db, saga.row.id))) throw new AppError('LEDGER_UNDECIDED', 'no ledger shows it yet');
  return viewOf(await reload(portal, saga));
}

function isWaiting(saga: SagaView): saga is WaitingSaga {
  return isWaitingKind(saga.kind) && saga.steps.some(({ name, state }) => personSteps.has(name) && state !== 'done');
}

/** The actor's own flows that stand at a step which only the actor can take, newest first. */
export async function listWaiting(actor: Actor, portal: Portal = thePortal()): Promise<WaitingSaga[]> {
  const open = await listSagas(actor, { open: true }, portal);
  return open.filter(isWaiting);
}

/** The actor's own flows, newest first. */
export function listSagas(actor: Actor, options: { open: boolean }, portal: Portal = thePortal()): Promise<SagaView[]> {
  return sagasOf(portal.db, actor.personId, options);
}
