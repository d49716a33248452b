import { randomUUID } from 'node:crypto';
import { and, asc, desc, eq, inArray, sql } from 'drizzle-orm';
import { z } from 'zod';
import type { Database } from '../gateways/db/database.ts';
import { sagaSteps, sagas } from '../gateways/db/schema/sagas.ts';
import type { FlowAbout, SagaStepName, SagaView, TransactionKind } from '../transactions/schema.ts';
import { finishingLifetimeMs, flows, unsignedLifetimeMs } from './flows.ts';

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

/** Flows of a person on a subject whose transaction was submitted and whose outcome is not known. */
export async function submittedSagas(db: Database, personId: string, subject: string): Promise<Saga[]> {
  const open = await db
    .select({ id: sagas.id })
    .from(sagas)
    .innerJoin(sagaSteps, and(eq(sagaSteps.sagaId, sagas.id), eq(sagaSteps.name, 'sign')))
    .where(
      and(
        eq(sagas.personId, personId),
        eq(sagas.subject, subject),
        eq(sagas.state, 'running'),
        eq(sagaSteps.state, 'running'),
      ),
    );
  const found = await Promise.all(open.map(({ id }) => findSaga(db, id)));
  return found.filter((saga) => saga !== undefined);
}

/**
 * Begins a flow, or finds the open one with the same business key, whose public parts are then brought up to date as
 * long as the ledger has not got it. Two requests at once get the same flow.
 */
export async function beginSaga(db: Database, input: NewSaga): Promise<Saga> {
  const { envelope, resumePacket, ...fields } = input;
  const packet = {
    envelope: envelope === undefined ? null : Buffer.from(envelope),
    resumePacket: resumePacket ?? null,
  };
  const id = randomUUID();
  return db.transaction(async (tx) => {
    const [row] = await tx
      .insert(sagas)
      .values({
        id,
        ...fields,
        ...packet,
        state: 'waiting',
        expiresAt: new Date(Date.now() + unsignedLifetimeMs),
        dueAt: new Date(Date.now() + unsignedLifetimeMs),
      })
      .onConflictDoUpdate({
        target: sagas.businessKey,
        targetWhere: sql`${sagas.state} in ('running', 'waiting')`,
        set: { attempts: 0 },
      })
      .returning();
    if (row === undefined) throw new Error('insert answered no row');
    if (row.id === id) {
      const steps = flows[input.kind].map((name, position) => ({ sagaId: id, position, name, state: 'pending' }));
      await tx.insert(sagaSteps).values(steps);
    }
    const steps = await tx
      .select()
      .from(sagaSteps)
      .where(eq(sagaSteps.sagaId, row.id))
      .orderBy(asc(sagaSteps.position));
    if (row.id !== id && row.personId === input.personId && stepOf(steps, 'sign')?.state !== 'done') {
      await tx
        .update(sagas)
        .set({ intent: fields.intent, ...packet })
        .where(eq(sagas.id, row.id));
    }
    return { row, steps };
  });
}

/** True while a flow is not over: its person or the server still has a step to take. */
export const isOpen = ({ state }: Pick<SagaRow, 'state'>): boolean => state === 'running' || state === 'waiting';

/** Changes columns of a flow. */
export async function updateSaga(db: Database, id: string, set: Partial<SagaRow>): Promise<void> {
  await db.update(sagas).set(set).where(eq(sagas.id, id));
}

/** Notes where a step stands. A step that is done stays done. */
export async function setStep(
  db: Database,
  sagaId: string,
  name: SagaStepName,
  state: StepState,
  outcome: { proof?: string; error?: string } = {},
): Promise<void> {
  await db
    .update(sagaSteps)
    .set({
      state,
      at: sql`now()`,
      error: outcome.error ?? null,
      ...(outcome.proof === undefined ? {} : { proof: outcome.proof }),
    })
    .where(and(eq(sagaSteps.sagaId, sagaId), eq(sagaSteps.name, name), sql`${sagaSteps.state} <> 'done'`));
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

/**
 * Derives the flow's state from its steps and when the worker looks at it next. A flow that is over keeps no
 * ciphertext and no packet.
 */
export async function settleSaga(db: Database, id: string, dueAt: Date | null): Promise<SagaView> {
  const saga = await findSaga(db, id);
  if (saga === undefined) throw new Error(`no saga ${id}`);
  const state = stateOf(saga.steps);
  const over = state === 'done' || state === 'failed';
  const signed = stepOf(saga.steps, 'sign')?.state === 'done';
  const expiresAt = signed ? new Date(saga.row.createdAt.getTime() + finishingLifetimeMs) : saga.row.expiresAt;
  const set = {
    state,
    expiresAt,
    dueAt: over ? null : (dueAt ?? expiresAt),
    ...(over ? { envelope: null, resumePacket: null, statusRequest: null, statusSignature: null } : {}),
  };
  await updateSaga(db, id, set);
  return viewOf({ row: { ...saga.row, ...set }, steps: saga.steps });
}

/** Writes that a flow was never signed: nothing happened on any ledger, nothing needs undoing. */
export async function expireSaga(db: Database, id: string): Promise<void> {
  await updateSaga(db, id, { state: 'expired', dueAt: null, envelope: null, resumePacket: null });
}

/** Flows of a person, newest first. */
export async function sagasOf(db: Database, personId: string, options: { open: boolean }): Promise<SagaView[]> {
  const mine = eq(sagas.personId, personId);
  const rows = await db
    .select()
    .from(sagas)
    .where(options.open ? and(mine, inArray(sagas.state, ['running', 'waiting'])) : mine)
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

const kinds = Object.keys(flows);
const isKind = (kind: string): kind is TransactionKind => kinds.includes(kind);
const stepNames = ['store', 'sign', 'mint', 'attest', 'publish', 'grant'] as const;
const stepStates = ['pending', 'running', 'waiting', 'done', 'failed'] as const;
const sagaStates = ['running', 'waiting', 'done', 'failed', 'expired'] as const;

function known<T extends string>(values: readonly T[], text: string): T {
  const value = values.find((candidate) => candidate === text);
  if (value === undefined) throw new Error(`the database holds an unknown value ${text}`);
  return value;
}

const shownPart = z.object({
  dispense: z.object({ quantity: z.number() }).optional(),
  reason: z.string().optional(),
  address: z.string().optional(),
});

function aboutOf(intent: unknown): FlowAbout {
  const { dispense, ...about } = shownPart.parse(intent);
  return { ...about, ...(dispense && { quantity: dispense.quantity }) };
}

/** What a person sees of a flow. */
export function viewOf({ row, steps }: Saga): SagaView {
  if (!isKind(row.kind)) throw new Error(`the database holds an unknown kind ${row.kind}`);
  return {
    id: row.id,
    kind: row.kind,
    subject: row.subject,
    about: aboutOf(row.intent),
    state: known(sagaStates, row.state),
    steps: steps.map((step) => ({
      name: known(stepNames, step.name),
      state: known(stepStates, step.state),
      ...(step.at === null ? {} : { at: step.at.toISOString() }),
      ...(step.proof === null ? {} : { proof: step.proof }),
      ...(step.error === null ? {} : { error: step.error }),
    })),
    createdAt: row.createdAt.toISOString(),
    expiresAt: row.expiresAt.toISOString(),
  };
}
