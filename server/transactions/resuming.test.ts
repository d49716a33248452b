import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppError, type ErrorCode } from '#server/errors.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { careChannelOf } from '../prescriptions/schema.ts';
import { findSaga, giveBack, updateSaga } from '../sagas/store.ts';
import { workSagas } from '../sagas/worker.ts';
import { dispenseOf, endorse, issueFor, submit, transact } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import { abandonSaga, listWaiting, resumeSaga } from './resuming.ts';
import type { TransactionIntent } from './schema.ts';
import { prepareTransaction } from './service.ts';

let world: World;
let doctor: Person;
let patient: Person;
let pharmacist: Person;
const wallet = `0x${'ab'.repeat(20)}`;
const institutionId = 'inst-river-pharmacy';

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'], identifier: 'ID-4711' });
  pharmacist = await world.person('pharmacist', institutionId);
  world.ledger.author = doctor.actor.subjectId;
}, 120_000);
afterAll(() => world?.stop());
afterEach(() => {
  world.ledger.failures.clear();
  world.ledger.loseAnswer = false;
  world.ledger.conflict = false;
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
const resume = (person: Person, sagaId: string) => resumeSaga(person.actor, sagaId, world.portal);
const signOf = (view: { steps: { name: string; state: string }[] }) =>
  view.steps.find(({ name }) => name === 'sign')?.state;
const holder = () => ({ practitionerId: pharmacist.actor.subjectId, institutionId, since: new Date().toISOString() });

async function issued(held: boolean): Promise<string> {
  const intent = issueFor(patient.actor.subjectId);
  await transact(world, doctor, intent);
  const state = world.ledger.prescriptions.get(intent.issue.id);
  if (state === undefined) throw new Error('not issued');
  if (held) Object.assign(state, { state: 'accepted', version: 2, holder: holder() });
  return intent.issue.id;
}

async function onRegistry(linkedWallets: string[]): Promise<void> {
  const { subjectId } = doctor.actor;
  const licence = {
    number: 'L-1',
    specialty: '',
    validFrom: '2026-01-01T00:00:00Z',
    validTo: '2036-01-01T00:00:00Z',
  };
  const keys = { signingKeyHash: 'a'.repeat(64), readingKey: 'R'.repeat(1622), wallet: `0x${'00'.repeat(20)}` };
  const common = { mspId: 'HospitalMSP', status: 'active' as const, version: 1 };
  world.ledger.standings.set(subjectId, {
    practitioner: {
      ...{ ...common, id: subjectId, institutionId: 'inst-north-hospital', role: 'doctor', licence },
      keys: { ...keys, linkedWallets },
    },
    institution: { ...common, id: 'inst-north-hospital', kind: 'hospital', name: 'North' },
  });
  await world.portal.db.delete(wallets);
  await world.portal.db.insert(wallets).values({ address: wallet, personId: doctor.actor.personId });
}

type Case = [name: string, person: () => Person, make: () => Promise<TransactionIntent>, about: object];
const cases: Case[] = [
  ['a return', () => pharmacist, async () => ({ kind: 'return', id: await issued(true) }), {}],
  ['a dispense', () => pharmacist, async () => dispenseOf(await issued(true), 3), { quantity: 3 }],
  [
    'a closing',
    () => pharmacist,
    async () => ({ kind: 'close', id: await issued(true), reason: 'not needed' }),
    { reason: 'not needed' },
  ],
  [
    'a cancellation',
    () => doctor,
    async () => ({ kind: 'cancel', id: await issued(false), reason: 'written twice' }),
    { reason: 'written twice' },
  ],
  ['a voiding of the code', () => patient, async () => ({ kind: 'voidCode', id: await issued(false) }), {}],
  [
    'a linking of a wallet',
    () => doctor,
    async () => {
      await onRegistry([]);
      return { kind: 'linkWallet', subject: doctor.actor.subjectId, address: wallet };
    },
    { address: wallet },
  ],
  [
    'an unlinking of a wallet',
    () => doctor,
    async () => {
      await onRegistry([wallet]);
      return { kind: 'unlinkWallet', subject: doctor.actor.subjectId, address: wallet };
    },
    { address: wallet },
  ],
];

describe('a flow that waits for its signature', () => {
  it.each(cases)('%s is carried on with what was kept, from any browser', async (_name, person, make, about) => {
    const intent = await make();
    const { sagaId } = await prepare(person(), intent);
    const waiting = await resume(person(), sagaId);
    expect(waiting).toMatchObject({ state: 'waiting', about, intent });
    if (waiting.intent === undefined || waiting.intent.kind === 'issue') throw new Error('nothing was kept');
    expect((await transact(world, person(), waiting.intent)).sagaId).toBe(sagaId);
    expect(signOf(await resume(person(), sagaId))).toBe('done');
  });

  it('with secrets keeps nothing to carry on with, and can be given up', async () => {
    const accept = await prepare(pharmacist, { kind: 'accept', id: await issued(false), redeemKey: 'c2VjcmV0' });
    const renewal = await prepare(patient, {
      kind: 'renewCode',
      id: await issued(false),
      redeemHash: 'a'.repeat(64),
      secrets: { patientWrap: 'd3JhcA', codeWrap: 'd3JhcA', releaseShare: 'c2hhcmU' },
    });
    for (const [person, { sagaId }] of [
      [pharmacist, accept],
      [patient, renewal],
    ] as const) {
      expect(await resume(person, sagaId)).toMatchObject({ state: 'waiting', intent: undefined });
      expect((await abandonSaga(person.actor, sagaId, world.portal)).state).toBe('expired');
    }
  });

  it('is listed for its person, unlike what only the server has left to do', async () => {
    const dispense = await transact(world, pharmacist, dispenseOf(await issued(true), 3));
    expect(dispense.saga.steps).toContainEqual(expect.objectContaining({ name: 'attest', state: 'running' }));
    const { sagaId } = await prepare(pharmacist, { kind: 'return', id: await issued(true) });
    const ids = (await listWaiting(pharmacist.actor, world.portal)).map(({ id }) => id);
    expect(ids).toContain(sagaId);
    expect(ids).not.toContain(dispense.sagaId);
  });

  it('is nobody else’s', async () => {
    const { sagaId } = await prepare(pharmacist, { kind: 'return', id: await issued(true) });
    expect(await refusal(resume(doctor, sagaId))).toBe('NOT_FOUND');
  });
});

describe('an answer that was lost', () => {
  it('is found in the flow that is over, which keeps nothing', async () => {
    const { sagaId } = await transact(world, pharmacist, { kind: 'return', id: await issued(true) });
    expect(await resume(pharmacist, sagaId)).toMatchObject({ state: 'done', intent: undefined });
    const given = await prepare(pharmacist, { kind: 'return', id: await issued(true) });
    await abandonSaga(pharmacist.actor, given.sagaId, world.portal);
    expect(await resume(pharmacist, given.sagaId)).toMatchObject({ state: 'expired', intent: undefined });
  });

  it.each(cases.slice(0, 6))('of %s is found out when it is asked for', async (_name, person, make) => {
    const intent = await make();
    const prepared = await prepare(person(), intent);
    const { transaction } = await endorse(world, person(), prepared);
    world.ledger.loseAnswer = true;
    expect(await refusal(submit(world, person(), prepared, transaction))).toBe('LEDGER_UNDECIDED');
    expect(signOf(await resume(person(), prepared.sagaId))).toBe('done');
  });

  it('is found out when a second signature is refused because of the first', async () => {
    const intent: TransactionIntent = { kind: 'close', id: await issued(true), reason: 'not needed' };
    const state = world.ledger.prescriptions.get(intent.id);
    const prepared = await prepare(pharmacist, intent);
    // The first transaction is on the ledger by now, and nobody knows of it.
    Object.assign(state ?? {}, { state: 'completed', holder: undefined, reason: intent.reason });
    world.ledger.failures.set('endorse', 'COMPLETED');
    expect(await refusal(endorse(world, pharmacist, prepared))).toBe('ALREADY_EXISTS');
    expect(signOf(await resume(pharmacist, prepared.sagaId))).toBe('done');
  });

  it('and was a refusal leaves the flow to be signed again', async () => {
    const intent = dispenseOf(await issued(true), 3);
    const prepared = await prepare(pharmacist, intent);
    const { transaction } = await endorse(world, pharmacist, prepared);
    world.ledger.conflict = true;
    world.ledger.loseAnswer = true;
    expect(await refusal(submit(world, pharmacist, prepared, transaction))).toBe('LEDGER_UNDECIDED');
    world.ledger.loseAnswer = false;
    const { steps } = await resume(pharmacist, prepared.sagaId);
    expect(steps.find(({ name }) => name === 'sign')).toMatchObject({ state: 'waiting', error: 'LEDGER_CONFLICT' });
    world.ledger.conflict = false;
    expect((await transact(world, pharmacist, intent)).sagaId).toBe(prepared.sagaId);
    expect(world.ledger.prescriptions.get(intent.id)?.dispenses).toHaveLength(1);
  });
});

describe('while an earlier transaction of the same person is undecided', () => {
  const undecided = async (id: string, submitted: boolean) => {
    if (submitted) world.ledger.loseAnswer = true;
    else world.ledger.failures.set('submit', 'LEDGER_UNAVAILABLE');
    expect(await refusal(transact(world, pharmacist, dispenseOf(id, 3)))).toBe('LEDGER_UNDECIDED');
    world.ledger.failures.clear();
  };

  it('nothing else is prepared on the same prescription', async () => {
    const id = await issued(true);
    await undecided(id, false);
    expect(await refusal(prepare(pharmacist, dispenseOf(id, 3)))).toBe('LEDGER_UNDECIDED');
    expect(await refusal(prepare(pharmacist, { kind: 'return', id }))).toBe('LEDGER_UNDECIDED');
    expect(await refusal(prepare(pharmacist, dispenseOf(await issued(true), 3)))).toBeUndefined();
  });

  it('what turns out to be recorded is said before anything is added to it', async () => {
    const id = await issued(true);
    await undecided(id, true);
    expect(await refusal(prepare(pharmacist, dispenseOf(id, 3)))).toBe('CONFLICT');
    expect(world.ledger.prescriptions.get(id)?.dispenses).toHaveLength(1);
    expect(await refusal(prepare(pharmacist, dispenseOf(id, 3)))).toBeUndefined();
  });
});

describe('what was submitted and is pressed again', () => {
  /** Submitted without an answer, then prepared anew, and not signed: the vault locks, or the endorsement fails. */
  const pressedAgain = async (refused?: ErrorCode) => {
    const id = await issued(true);
    const intent = dispenseOf(id, 2);
    const first = await prepare(pharmacist, intent);
    const { transaction } = await endorse(world, pharmacist, first);
    world.ledger.failures.set('submit', 'LEDGER_UNAVAILABLE');
    expect(await refusal(submit(world, pharmacist, first, transaction))).toBe('LEDGER_UNDECIDED');
    world.ledger.failures.clear();
    const again = await prepare(pharmacist, intent);
    expect(again.sagaId).toBe(first.sagaId);
    if (refused !== undefined) {
      world.ledger.failures.set('endorse', refused);
      expect(await refusal(endorse(world, pharmacist, again))).toBe(refused);
      world.ledger.failures.clear();
    }
    const person = { mspId: pharmacist.actor.mspId, certificatePem: '' };
    const bytes = Buffer.from(transaction, 'base64url');
    const commit = () => world.ledger.submit(person, careChannelOf(id), bytes, new Uint8Array());
    return { id, intent, sagaId: first.sagaId, transactionId: first.transactionId, commit };
  };
  const abandon = (sagaId: string) => refusal(abandonSaga(pharmacist.actor, sagaId, world.portal));
  const look = async (sagaId: string, change: { attempts?: number; expiresAt?: Date } = {}) => {
    await updateSaga(world.portal.db, sagaId, { dueAt: new Date(0), ...change });
    await workSagas(world.portal);
    return findSaga(world.portal.db, sagaId);
  };

  const ways = [undefined, 'LEDGER_UNAVAILABLE', 'LICENCE_INVALID'] as const;

  it.each(ways)('stays undecided (%s), and nothing takes its place', async (refused) => {
    const { id, sagaId } = await pressedAgain(refused);
    expect(await resume(pharmacist, sagaId)).toMatchObject({ state: 'running' });
    expect(signOf(await resume(pharmacist, sagaId))).toBe('running');
    expect(await abandon(sagaId)).toBe('LEDGER_UNDECIDED');
    expect(await refusal(prepare(pharmacist, dispenseOf(id, 3)))).toBe('LEDGER_UNDECIDED');
  });

  it.each(ways)('is found out (%s) by whoever asks next, with its own transaction', async (refused) => {
    const asked = await pressedAgain(refused);
    await asked.commit();
    const sign = (await resume(pharmacist, asked.sagaId)).steps.find(({ name }) => name === 'sign');
    expect(sign).toMatchObject({ state: 'done', proof: asked.transactionId });

    const abandoned = await pressedAgain(refused);
    await abandoned.commit();
    expect(await abandon(abandoned.sagaId)).toBe('WRONG_STATE');
    expect(signOf(await resume(pharmacist, abandoned.sagaId))).toBe('done');

    const another = await pressedAgain(refused);
    await another.commit();
    expect(await refusal(prepare(pharmacist, dispenseOf(another.id, 3)))).toBe('CONFLICT');
    expect(world.ledger.prescriptions.get(another.id)?.dispenses).toHaveLength(1);
  });

  it('does not run out while the ledger has it', async () => {
    const { sagaId, commit } = await pressedAgain();
    await commit();
    const saga = await look(sagaId, { expiresAt: new Date(0) });
    expect(saga?.steps).toContainEqual(expect.objectContaining({ name: 'sign', state: 'done' }));
    expect(saga?.steps).toContainEqual(expect.objectContaining({ name: 'attest', state: 'running' }));
  });

  it('is signed again and recorded once', async () => {
    const { id, intent, sagaId } = await pressedAgain();
    expect((await transact(world, pharmacist, intent)).sagaId).toBe(sagaId);
    expect(world.ledger.prescriptions.get(id)?.dispenses).toHaveLength(1);
  });

  it('is still asked about once it was given back to its person', async () => {
    const { id, sagaId, commit } = await pressedAgain();
    await look(sagaId, { attempts: 8 });
    expect(signOf(await resume(pharmacist, sagaId))).toBe('waiting');
    expect(await refusal(prepare(pharmacist, dispenseOf(id, 3)))).toBeUndefined();
    await commit();
    expect(await refusal(prepare(pharmacist, dispenseOf(id, 3)))).toBe('CONFLICT');
  });

  it('is recorded once where the second transaction is invalid because of the first', async () => {
    const { id, intent, commit } = await pressedAgain();
    const again = await prepare(pharmacist, intent);
    const { transaction } = await endorse(world, pharmacist, again);
    await commit();
    world.ledger.conflict = true;
    expect(await refusal(submit(world, pharmacist, again, transaction))).toBe('ALREADY_EXISTS');
    expect(signOf(await resume(pharmacist, again.sagaId))).toBe('done');
    expect(world.ledger.prescriptions.get(id)?.dispenses).toHaveLength(1);
  });

  it('is not given back for what became of a transaction before it', async () => {
    const { intent, sagaId } = await pressedAgain();
    const before = await findSaga(world.portal.db, sagaId);
    if (before === undefined) throw new Error('no flow');
    world.ledger.failures.set('submit', 'LEDGER_UNAVAILABLE');
    expect(await refusal(transact(world, pharmacist, intent))).toBe('LEDGER_UNDECIDED');
    expect((await giveBack(world.portal.db, before, 'LEDGER_CONFLICT')).state).toBe('running');
    const now = await findSaga(world.portal.db, sagaId);
    if (now === undefined) throw new Error('no flow');
    expect((await giveBack(world.portal.db, now, 'LEDGER_CONFLICT')).state).toBe('waiting');
  });

  it('holds up what else is prepared, whatever is written of the flow as a whole', async () => {
    const { id, sagaId } = await pressedAgain();
    await updateSaga(world.portal.db, sagaId, { state: 'waiting' });
    expect(await refusal(prepare(pharmacist, dispenseOf(id, 3)))).toBe('LEDGER_UNDECIDED');
  });
});

describe('a flow that was never submitted', () => {
  it('is not given up before the ledger was asked', async () => {
    const id = await issued(true);
    const { sagaId } = await prepare(pharmacist, { kind: 'return', id });
    world.ledger.failures.set('evaluate', 'LEDGER_UNAVAILABLE');
    expect(await refusal(abandonSaga(pharmacist.actor, sagaId, world.portal))).toBe('LEDGER_UNAVAILABLE');
    world.ledger.failures.clear();
    Object.assign(world.ledger.prescriptions.get(id) ?? {}, { state: 'active', holder: undefined });
    expect(await refusal(abandonSaga(pharmacist.actor, sagaId, world.portal))).toBe('WRONG_STATE');
    expect(signOf(await resume(pharmacist, sagaId))).toBe('done');
  });
});
