import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '#server/errors.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { sagas } from '../gateways/db/schema/sagas.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { issuedState } from '../testing/fakeLedger.ts';
import { dispenseOf, endorse, type Issue, issueFor, submit, transact } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import { recordMint } from '../transactions/minting.ts';
import { abandonSaga, resumeSaga } from '../transactions/resuming.ts';
import type { TransactionIntent } from '../transactions/schema.ts';
import { prepareTransaction } from '../transactions/service.ts';
import { findSaga, type SagaRow, stepOf, updateSaga } from './store.ts';
import { workSagas } from './worker.ts';

let world: World;
let doctor: Person;
let patient: Person;
let pharmacist: Person;
const wallet = `0x${'d0'.repeat(20)}`;
const past = new Date(0);

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  pharmacist = await world.person('pharmacist', 'inst-river-pharmacy');
  world.ledger.author = doctor.actor.subjectId;
  await world.portal.db.insert(wallets).values({ address: wallet, personId: doctor.actor.personId });
}, 120_000);
afterAll(() => world?.stop());
afterEach(async () => {
  vi.restoreAllMocks();
  world.ledger.failures.clear();
  world.ledger.loseAnswer = false;
  world.ipfs.down = false;
  world.ethereum.down = false;
  await world.portal.db.update(sagas).set({ dueAt: null });
});

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
const prepare = (person: Person, intent: TransactionIntent) => prepareTransaction(person.actor, intent, world.portal);

async function flow(id: string) {
  const saga = await findSaga(world.portal.db, id);
  if (saga === undefined) throw new Error(`no saga ${id}`);
  const steps = Object.fromEntries(saga.steps.map(({ name, state }) => [name, state]));
  return { row: saga.row, steps, proof: stepOf(saga.steps, 'store')?.proof };
}

/** The worker's next look at a flow, whenever it is due. */
async function work(id: string, set: Partial<SagaRow> = {}) {
  await updateSaga(world.portal.db, id, { dueAt: past, ...set });
  await workSagas(world.portal);
  return flow(id);
}

async function held(): Promise<string> {
  const intent = issueFor(patient.actor.subjectId);
  await transact(world, doctor, intent);
  const { subjectId: practitionerId } = pharmacist.actor;
  Object.assign(world.ledger.prescriptions.get(intent.issue.id) ?? {}, {
    state: 'accepted',
    version: 2,
    holder: { practitionerId, institutionId: 'inst-river-pharmacy', since: new Date().toISOString() },
  });
  return intent.issue.id;
}

/** The process ends where the ledger is read: the call is never answered. */
function endAtReading(): void {
  vi.spyOn(world.ledger, 'evaluate').mockReturnValue(new Promise(() => {}));
}

describe('a process that ends right after the ledger has the transaction', () => {
  it.each([
    ['an issue', () => doctor, async () => issueFor(patient.actor.subjectId), { mint: 'waiting' }],
    ['a dispense', () => pharmacist, async () => dispenseOf(await held(), 3), { attest: 'running' }],
  ] as const)('leaves no step of %s that nobody takes', async (_name, person, make, behind) => {
    const prepared = await prepare(person(), await make());
    const { transaction } = await endorse(world, person(), prepared);
    endAtReading();
    void submit(world, person(), prepared, transaction);
    const { sagaId } = prepared;
    await vi.waitFor(async () => expect((await flow(sagaId)).steps.sign).toBe('done'));
    const { row, steps } = await flow(sagaId);
    expect(steps).toMatchObject({ publish: 'running', ...behind });
    expect(row.dueAt?.getTime()).toBeLessThan(Date.now() + 30_000);
    vi.restoreAllMocks();
    expect((await work(sagaId)).steps.publish).toBe('done');
  });
});

describe('the read model', () => {
  const recordedUnread = async () => {
    const prepared = await prepare(pharmacist, { kind: 'return', id: await held() });
    const { transaction } = await endorse(world, pharmacist, prepared);
    world.ledger.failures.set('evaluate', 'LEDGER_UNAVAILABLE');
    const { saga } = await submit(world, pharmacist, prepared, transaction);
    expect(saga.steps.at(-1)).toMatchObject({ name: 'publish', state: 'running', error: 'LEDGER_UNAVAILABLE' });
    return prepared.sagaId;
  };

  it('is brought up to date later, with pauses, by the person’s own organisation', async () => {
    const sagaId = await recordedUnread();
    const { row } = await work(sagaId);
    expect(row).toMatchObject({ state: 'running' });
    expect(row.dueAt?.getTime()).toBeGreaterThan(Date.now());
    world.ledger.failures.clear();
    expect((await work(sagaId)).row).toMatchObject({ state: 'done', dueAt: null });
    expect(world.ledger.evaluated.at(-1)).toMatchObject({ function: 'read', mspId: 'PharmacyMSP' });
  });

  it('ends with the flow, and nothing is looked at again', async () => {
    const sagaId = await recordedUnread();
    const { row, steps } = await work(sagaId, { expiresAt: past });
    expect(steps).toMatchObject({ sign: 'done', publish: 'failed' });
    expect(row).toMatchObject({ state: 'failed', dueAt: null });
    expect(await workSagas(world.portal)).toBe(0);
  });
});

describe('a flow that was submitted and given back', () => {
  const givenBack = async () => {
    const intent = issueFor(patient.actor.subjectId);
    const prepared = await prepare(doctor, intent);
    const { transaction } = await endorse(world, doctor, prepared);
    world.ledger.failures.set('submit', 'LEDGER_UNAVAILABLE');
    expect(await refusal(submit(world, doctor, prepared, transaction))).toBe('LEDGER_UNDECIDED');
    world.ledger.failures.clear();
    const { steps } = await work(prepared.sagaId, { attempts: 8 });
    expect(steps.sign).toBe('waiting');
    return { intent, sagaId: prepared.sagaId };
  };
  const commitLate = ({ issue }: Issue) => world.ledger.prescriptions.set(issue.id, issuedState(issue));

  it('is not called unsigned when the ledger has it after all', async () => {
    const { intent, sagaId } = await givenBack();
    commitLate(intent);
    const { row, steps } = await work(sagaId, { expiresAt: past });
    expect(steps).toMatchObject({ sign: 'done', publish: 'done', mint: 'waiting' });
    expect(row.state).toBe('waiting');
  });

  it('does not expire while the ledger cannot be asked', async () => {
    const { intent, sagaId } = await givenBack();
    world.ledger.failures.set('evaluate', 'LEDGER_UNAVAILABLE');
    const { row } = await work(sagaId, { expiresAt: past });
    expect(row.state).toBe('waiting');
    expect(row.dueAt?.getTime()).toBeGreaterThan(Date.now());
    expect(await refusal(abandonSaga(doctor.actor, sagaId, world.portal))).toBe('LEDGER_UNDECIDED');
    world.ledger.failures.clear();
    expect((await work(sagaId)).row.state).toBe('expired');
    expect(world.ledger.prescriptions.has(intent.issue.id)).toBe(false);
  });

  it('cannot be given up once the ledger has it', async () => {
    const { intent, sagaId } = await givenBack();
    commitLate(intent);
    expect(await refusal(abandonSaga(doctor.actor, sagaId, world.portal))).toBe('WRONG_STATE');
    expect((await flow(sagaId)).steps.sign).toBe('done');
  });

  it('is recorded already for who prepares it again', async () => {
    const { intent, sagaId } = await givenBack();
    commitLate(intent);
    expect(await refusal(prepare(doctor, intent))).toBe('ALREADY_EXISTS');
    expect((await flow(sagaId)).steps.sign).toBe('done');
  });
});

describe('a flow with a document', () => {
  const under = (intent: Issue, document: Issue): Issue => ({
    ...intent,
    issue: { ...intent.issue, cid: document.issue.cid, contentHash: document.issue.contentHash },
    envelope: document.envelope,
  });

  it('keeps what was submitted until its outcome is known', async () => {
    const intent = issueFor(patient.actor.subjectId);
    world.ledger.failures.set('submit', 'LEDGER_UNAVAILABLE');
    expect(await refusal(transact(world, doctor, intent))).toBe('LEDGER_UNDECIDED');
    world.ledger.failures.clear();
    const other = under(intent, issueFor(patient.actor.subjectId));
    expect(await refusal(prepare(doctor, other))).toBe('LEDGER_UNDECIDED');
    const { sagaId } = await prepare(doctor, intent);
    expect((await flow(sagaId)).row.intent).toMatchObject({ issue: intent.issue });
    expect((await transact(world, doctor, intent)).sagaId).toBe(sagaId);
  });

  it('takes no other document under the same id', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const { sagaId } = await prepare(doctor, intent);
    expect(await refusal(prepare(doctor, under(intent, issueFor(patient.actor.subjectId))))).toBe('CONFLICT');
    const { row, proof } = await flow(sagaId);
    expect(proof).toBe(intent.issue.cid);
    expect(row.intent).toMatchObject({ issue: intent.issue });
  });

  it('that is never signed leaves nothing in the storage, also when that was away', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const { sagaId } = await prepare(doctor, intent);
    await abandonSaga(doctor.actor, sagaId, world.portal);
    world.ipfs.down = true;
    expect((await work(sagaId)).row.dueAt?.getTime()).toBeGreaterThan(Date.now());
    expect(world.ipfs.blocks.has(intent.issue.cid)).toBe(true);
    world.ipfs.down = false;
    expect((await work(sagaId)).row).toMatchObject({ state: 'expired', dueAt: null });
    expect(world.ipfs.blocks.has(intent.issue.cid)).toBe(false);
  });

  it('that the ledger refused leaves nothing either', async () => {
    const dispense = dispenseOf(await held(), 3);
    const prepared = await prepare(pharmacist, dispense);
    world.ledger.failures.set('endorse', 'QUANTITY_EXCEEDED');
    expect(await refusal(endorse(world, pharmacist, prepared))).toBe('QUANTITY_EXCEEDED');
    expect(world.ipfs.blocks.has(dispense.dispense.cid)).toBe(true);
    expect(await workSagas(world.portal)).toBe(1);
    expect(world.ipfs.blocks.has(dispense.dispense.cid)).toBe(false);
  });

  it('leaves a document that another flow has recorded', async () => {
    const recorded = issueFor(patient.actor.subjectId);
    await transact(world, doctor, recorded);
    const copy = under(issueFor(patient.actor.subjectId), recorded);
    const { sagaId } = await prepare(doctor, copy);
    await abandonSaga(doctor.actor, sagaId, world.portal);
    expect((await work(sagaId)).row.dueAt).toBeNull();
    expect(world.ipfs.blocks.has(recorded.issue.cid)).toBe(true);
  });

  it('is limited for each person', async () => {
    const busy = await world.person('doctor', 'inst-north-hospital');
    const limit = { max: 1_000, windowSeconds: 600 };
    await countAttempt(world.portal.db, `prepare:${busy.actor.personId}`, limit, 300);
    expect(await refusal(prepare(busy, issueFor(patient.actor.subjectId)))).toBe('RATE_LIMITED');
  });
});

describe('a mint that the portal was told of', () => {
  let hashes = 0;
  const newHash = () => `0x${(++hashes).toString(16).padStart(64, '0')}`;
  const tokenOf = ({ issue, tokenHolder }: Issue) => ({
    ...{ issuer: wallet, holder: tokenHolder, commitment: issue.commitment },
    ...{ expires: Math.floor(Date.parse(issue.expires) / 1000), state: 'active' as const, version: 0 },
  });
  const record = (sagaId: string, transactionHash: string) =>
    recordMint(doctor.actor, { sagaId, transactionHash }, world.portal);
  /** Told while the chain was away, so that the worker takes it up. */
  const told = async (intent: Issue, hash: string) => {
    const { sagaId } = await transact(world, doctor, intent);
    // The read model follows meanwhile, and would settle the flow anew behind the worker's back.
    await vi.waitFor(async () => expect((await flow(sagaId)).steps.publish).toBe('done'), { timeout: 20_000 });
    world.ethereum.down = true;
    await record(sagaId, hash);
    world.ethereum.down = false;
    return sagaId;
  };

  it('is looked for soon when the process ends while it waits', async () => {
    const { sagaId } = await transact(world, doctor, issueFor(patient.actor.subjectId));
    vi.spyOn(world.ethereum, 'readMint').mockReturnValue(new Promise(() => {}));
    void record(sagaId, newHash());
    await vi.waitFor(async () => expect((await flow(sagaId)).steps.mint).toBe('running'));
    expect((await flow(sagaId)).row.dueAt?.getTime()).toBeLessThan(Date.now() + 30_000);
  });

  it('goes back to the person when its transaction was reverted', async () => {
    const hash = newHash();
    const sagaId = await told(issueFor(patient.actor.subjectId), hash);
    world.ethereum.reverted.add(hash);
    const { row, steps } = await work(sagaId);
    expect(steps.mint).toBe('waiting');
    expect(row.state).toBe('waiting');
    expect(await resumeSaga(doctor.actor, sagaId, world.portal)).toMatchObject({ state: 'waiting' });
  });

  it('is done when the token is there by another transaction', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const hash = newHash();
    const sagaId = await told(intent, hash);
    world.ethereum.reverted.add(hash);
    world.ethereum.tokens.set(world.ethereum.tokenIdOf(intent.issue.id), tokenOf(intent));
    expect((await work(sagaId)).row.state).toBe('done');

    const another = issueFor(patient.actor.subjectId);
    const receipt = await transact(world, doctor, another);
    // The read model follows beside the answer; a flow is done when that is too.
    await vi.waitFor(async () => expect((await flow(receipt.sagaId)).steps.publish).toBe('done'), { timeout: 20_000 });
    world.ethereum.tokens.set(world.ethereum.tokenIdOf(another.issue.id), tokenOf(another));
    expect((await record(receipt.sagaId, hash)).state).toBe('done');
  });

  it('goes back to the person when the token is somebody else’s', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const sagaId = await told(intent, newHash());
    const token = { ...tokenOf(intent), issuer: `0x${'99'.repeat(20)}` };
    world.ethereum.tokens.set(world.ethereum.tokenIdOf(intent.issue.id), token);
    expect((await work(sagaId)).steps.mint).toBe('waiting');
    const [row] = await world.portal.db.select().from(sagas).where(eq(sagas.id, sagaId));
    expect(row?.state).toBe('waiting');
  });
});
