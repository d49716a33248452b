import { randomUUID } from 'node:crypto';
import { and, asc, desc, eq, inArray, isNotNull, ne, notInArray, sql } from 'drizzle-orm';
import { AppError, type ErrorCode } from '#server/errors.ts';
import type { Database } from '../gateways/db/database.ts';
import { sagaSteps, sagas } from '../gateways/db/schema/sagas.ts';
import { cidOf } from '../gateways/ipfs/ipfs.ts';
import type { SagaStepName } from '../transactions/kind.ts';
import { kinds, type SagaView, type TransactionKind } from '../transactions/schema.ts';
import { finishingLifetimeMs, forgottenLifetimeMs, personSteps, unsignedLifetimeMs } from './flows.ts';
import { viewOf } from './view.ts';

export type SagaRow = typeof sagas.$inferSelect;
export type StepRow = typeof sagaSteps.$inferSelect;
export type StepState = SagaView['steps'][number]['state'];
export type SagaState = SagaView['state'];

export interface Saga {
  row: SagaRow;
  steps: StepRow[];
}

export interface NewSaga {
  personId: string;
  kind: TransactionKind;
  subject: string;
  channel: string;
  businessKey: string;
  /** Public part of the intent. */
  intent: object;
  envelope?: Uint8Array;
  resumePacket?: string;
}

async function load(db: Database, which: ReturnType<typeof eq>): Promise<Saga | undefined> {
  const [row] = await db.select().from(sagas).where(which);
  if (row === undefined) return undefined;
  const steps = await db.select().from(sagaSteps).where(eq(sagaSteps.sagaId, row.id)).orderBy(asc(sagaSteps.position));
  return { row, steps };
}

/** A flow by its id. */
export function findSaga(db: Database, id: string): Promise<Saga | undefined> {
  return load(db, eq(sagas.id, id));
}

const openStates = ['running', 'waiting'];

/** True while a flow is not over: its person or the server still has a step to take. */
export const isOpen = ({ state }: Pick<SagaRow, 'state'>): boolean => openStates.includes(state);

/**
 * A flow as it is, which nobody else changes until the transaction ends: whoever changes the flow's state together with
 * its steps takes its row first.
 */
async function lockSaga(tx: Database, id: string): Promise<Saga | undefined> {
  await tx.select({ id: sagas.id }).from(sagas).where(eq(sagas.id, id)).for('update');
  return findSaga(tx, id);
}

/** Open flows of a person on a subject of which something was submitted and nothing is known to be recorded. */
export async function submittedSagas(db: Database, personId: string, subject: string): Promise<Saga[]> {
  const open = await db
    .select({ id: sagas.id })
    .from(sagas)
    .innerJoin(sagaSteps, and(eq(sagaSteps.sagaId, sagas.id), eq(sagaSteps.name, 'sign')))
    .where(
      and(
        eq(sagas.personId, personId),
        eq(sagas.subject, subject),
        inArray(sagas.state, openStates),
        isNotNull(sagas.statusSignature),
        ne(sagaSteps.state, 'done'),
      ),
    );
  const found = await Promise.all(open.map(({ id }) => findSaga(db, id)));
  return found.filter((saga) => saga !== undefined);
}

/** Holds others up, until the transaction ends, who begin a flow with the same document or take its pin off. */
export async function lockDocument(tx: Database, cid: string): Promise<void> {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext(${`document:${cid}`}))`);
}

/**
 * Begins a flow, or finds the open one with the same business key, whose public parts are then brought up to date as
 * long as nothing was submitted. Two requests at once get the same flow. Throws CONFLICT for another document than the
 * one that the flow has stored.
 */
export async function beginSaga(db: Database, input: NewSaga): Promise<Saga> {
  const { envelope, resumePacket, ...fields } = input;
  const packet = {
    envelope: envelope === undefined ? null : Buffer.from(envelope),
    resumePacket: resumePacket ?? null,
  };
  const id = randomUUID();
  const facts = kinds[input.kind];
  const end = new Date(Date.now() + (facts.waits ? unsignedLifetimeMs : forgottenLifetimeMs));
  return db.transaction(async (tx) => {
    if (envelope !== undefined) await lockDocument(tx, cidOf(envelope));
    const [row] = await tx
      .insert(sagas)
      .values({
        id,
        ...fields,
        ...packet,
        state: 'waiting',
        expiresAt: end,
        dueAt: end,
      })
      .onConflictDoUpdate({
        target: sagas.businessKey,
        targetWhere: sql`${sagas.state} in ('running', 'waiting')`,
        set: { attempts: 0 },
      })
      .returning();
    if (row === undefined) throw new Error('insert answered no row');
    if (row.id === id) {
      const steps = facts.steps.map((name, position) => ({ sagaId: id, position, name, state: 'pending' }));
      await tx.insert(sagaSteps).values(steps);
    }
    const steps = await tx
      .select()
      .from(sagaSteps)
      .where(eq(sagaSteps.sagaId, row.id))
      .orderBy(asc(sagaSteps.position));
    const sign = stepOf(steps, 'sign')?.state;
    if (row.id !== id && sign !== 'running' && sign !== 'done') {
      const stored = stepOf(steps, 'store')?.state === 'done';
      if (stored && packet.envelope !== null && row.envelope?.equals(packet.envelope) !== true) {
        throw new AppError('CONFLICT', `saga ${row.id} has another document`, {
          message: 'This was begun with another document.',
          next: 'Start it anew.',
        });
      }
      await tx
        .update(sagas)
        .set({ intent: fields.intent, ...packet })
        .where(eq(sagas.id, row.id));
    }
    return { row, steps };
  });
}

/** Changes columns of a flow. */
export async function updateSaga(db: Database, id: string, set: Partial<SagaRow>): Promise<void> {
  await db.update(sagas).set(set).where(eq(sagas.id, id));
}

/** The transaction that was submitted last, and what finds out about its outcome. */
type Submission = Required<Pick<SagaRow, 'transactionId' | 'statusRequest' | 'statusSignature'>>;

/**
 * Notes that a person has signed, before anything is submitted, with what finds out about the outcome later. It is kept
 * until another one is submitted or the flow is over, whatever is prepared meanwhile. False when the flow is over by now.
 */
export async function noteSubmission(db: Database, id: string, submission: Submission): Promise<boolean> {
  return db.transaction(async (tx) => {
    const open = await tx
      .update(sagas)
      .set({ ...submission, state: 'running', dueAt: new Date(Date.now() + takenMs), attempts: 0 })
      .where(and(eq(sagas.id, id), inArray(sagas.state, openStates)))
      .returning({ id: sagas.id });
    if (open.length > 0) await setStep(tx, id, 'sign', 'running');
    return open.length > 0;
  });
}

/** How long whoever does a step while a person waits keeps the worker away; after that, it is taken to have ended. */
const takenMs = 20_000;

/**
 * Notes at once that the ledger has a flow's transaction and that the steps behind it begin, so that no end of the
 * process leaves one that nobody takes.
 */
export async function noteCommit(
  db: Database,
  saga: Saga,
  commit: Partial<Pick<SagaRow, 'transactionId' | 'blockNumber'>>,
): Promise<Saga> {
  const { id } = saga.row;
  const signed = saga.steps.findIndex(({ name }) => name === 'sign');
  return db.transaction(async (tx) => {
    await updateSaga(tx, id, { ...commit, state: 'running', dueAt: new Date(Date.now() + takenMs), attempts: 0 });
    await setStep(tx, id, 'sign', 'done', { proof: commit.transactionId ?? '' });
    for (const { name } of saga.steps.slice(signed + 1)) {
      const begun = { state: personSteps.has(name) ? 'waiting' : 'running', at: sql`now()` };
      const pending = and(eq(sagaSteps.sagaId, id), eq(sagaSteps.name, name), eq(sagaSteps.state, 'pending'));
      await tx.update(sagaSteps).set(begun).where(pending);
    }
    const committed = await findSaga(tx, id);
    if (committed === undefined) throw new Error(`no saga ${id}`);
    return committed;
  });
}

/** Notes that a signature is waited for, or was refused for good. What was submitted before stays undecided. */
export function noteUnsigned(db: Database, id: string, state: 'waiting' | 'failed', error?: ErrorCode): Promise<void> {
  return setStep(db, id, 'sign', state, error === undefined ? {} : { error }, ['running', 'done']);
}

/** Gives a flow back to its person whose submission came to nothing, unless another one was submitted meanwhile. */
export async function giveBack(db: Database, { row }: Saga, error: ErrorCode): Promise<SagaView> {
  await db.transaction(async (tx) => {
    const now = await lockSaga(tx, row.id);
    if (now?.row.transactionId === row.transactionId) await setStep(tx, row.id, 'sign', 'waiting', { error });
  });
  return settleSaga(db, row.id);
}

/** Notes where a step stands, unless it stands at one of `lasting`. A step that is done stays done. */
export async function setStep(
  db: Database,
  sagaId: string,
  name: SagaStepName,
  state: StepState,
  outcome: { proof?: string; error?: string } = {},
  lasting: StepState[] = ['done'],
): Promise<void> {
  await db
    .update(sagaSteps)
    .set({
      state,
      at: sql`now()`,
      error: outcome.error ?? null,
      ...(outcome.proof === undefined ? {} : { proof: outcome.proof }),
    })
    .where(and(eq(sagaSteps.sagaId, sagaId), eq(sagaSteps.name, name), notInArray(sagaSteps.state, lasting)));
}

export function stepOf(steps: StepRow[], name: SagaStepName): StepRow | undefined {
  return steps.find((step) => step.name === name);
}

/** State of a flow that follows from its steps. */
export function stateOf(steps: Pick<StepRow, 'state'>[]): SagaState {
  if (steps.some(({ state }) => state === 'failed')) return 'failed';
  if (steps.every(({ state }) => state === 'done')) return 'done';
  return steps.some(({ state }) => state === 'running') ? 'running' : 'waiting';
}

/** A flow whose person is waited for is looked at when it expires; a late look is no reason to look all the time. */
const shortestWaitMs = 60_000;

/**
 * Derives the flow's state from its steps and when the worker looks at it next: at `dueAt`, or else at once where the
 * server has a step to take. A flow that is over keeps no ciphertext and no packet, and stays as it is.
 */
export function settleSaga(db: Database, id: string, dueAt?: Date): Promise<SagaView> {
  return db.transaction(async (tx) => {
    const saga = await lockSaga(tx, id);
    if (saga === undefined) throw new Error(`no saga ${id}`);
    if (!isOpen(saga.row)) return viewOf(saga);
    const set = settled(saga, dueAt);
    await updateSaga(tx, id, set);
    return viewOf({ row: { ...saga.row, ...set }, steps: saga.steps });
  });
}

/** What follows for a flow from its steps. */
function settled(saga: Saga, dueAt?: Date) {
  const state = stateOf(saga.steps);
  const over = state === 'done' || state === 'failed';
  const signed = stepOf(saga.steps, 'sign')?.state === 'done';
  const expiresAt = signed ? new Date(saga.row.createdAt.getTime() + finishingLifetimeMs) : saga.row.expiresAt;
  const now = Date.now();
  const next = state === 'running' ? now : Math.max(expiresAt.getTime(), now + shortestWaitMs);
  return {
    state,
    expiresAt,
    dueAt: over ? dueAfterEnd(saga) : (dueAt ?? new Date(next)),
    ...(over ? nothingKept : {}),
  };
}

const nothingKept = { envelope: null, resumePacket: null, statusRequest: null, statusSignature: null };

/** A document that was stored and not recorded is left to the worker. */
function dueAfterEnd({ steps }: Saga): Date | null {
  const unrecorded = stepOf(steps, 'store')?.state === 'done' && stepOf(steps, 'sign')?.state !== 'done';
  return unrecorded ? new Date() : null;
}

/**
 * Writes that a flow was never signed: nothing happened on any ledger, nothing needs undoing. False when it is over or
 * was submitted by now.
 */
export async function expireSaga(db: Database, id: string): Promise<boolean> {
  return db.transaction(async (tx) => {
    const saga = await lockSaga(tx, id);
    const sign = saga && stepOf(saga.steps, 'sign')?.state;
    if (saga === undefined || !isOpen(saga.row) || sign === 'running' || sign === 'done') return false;
    await updateSaga(tx, id, { state: 'expired', dueAt: dueAfterEnd(saga), ...nothingKept });
    return true;
  });
}

/** Flows of a person, newest first. */
export async function sagasOf(db: Database, personId: string, options: { open: boolean }): Promise<SagaView[]> {
  const mine = eq(sagas.personId, personId);
  const rows = await db
    .select()
    .from(sagas)
    .where(options.open ? and(mine, inArray(sagas.state, openStates)) : mine)
    .orderBy(desc(sagas.createdAt))
    .limit(100);
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const steps = await db
    .select()
    .from(sagaSteps)
    .where(inArray(sagaSteps.sagaId, ids))
    .orderBy(asc(sagaSteps.position));
  return rows.map((row) => viewOf({ row, steps: steps.filter(({ sagaId }) => sagaId === row.id) }));
}
