import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { relayQueue } from '../gateways/db/schema/relay.ts';
import { sagas } from '../gateways/db/schema/sagas.ts';
import { findSaga, stepOf } from '../sagas/store.ts';
import { workSagas } from '../sagas/worker.ts';
import { dispenseOf, type Issue, issueFor, transact } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import { relayMint } from '../transactions/relaying.ts';
import { project } from './readModel.ts';
import { relayOnce } from './relay.ts';
import { countQueue } from './relayQueue.ts';

let world: World;
let doctor: Person;
let patient: Person;
let pharmacist: Person;
const wallet = `0x${'d0'.repeat(20)}`;
const deadline = Math.floor(Date.now() / 1000) + 3_600;
let signatures = 0;

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  pharmacist = await world.person('pharmacist', 'inst-river-pharmacy');
  await world.portal.db.insert(wallets).values({ address: wallet, personId: doctor.actor.personId });
}, 120_000);
afterAll(() => world?.stop());
afterEach(async () => {
  world.ethereum.down = false;
  world.connector.down = false;
  world.ethereum.refused.clear();
  world.ethereum.batches.length = 0;
  await world.portal.db.delete(relayQueue);
});

function signature(by = wallet): string {
  signatures += 1;
  const made = `0x${signatures.toString(16).padStart(130, '0')}`;
  world.ethereum.signers.set(made, by);
  return made;
}

async function signed(by?: string): Promise<{ intent: Issue; sagaId: string; signature: string }> {
  const intent = issueFor(patient.actor.subjectId);
  const { sagaId } = await transact(world, doctor, intent);
  const made = signature(by);
  await relayMint(doctor.actor, { sagaId, deadline, signature: made }, world.portal);
  return { intent, sagaId, signature: made };
}
const tokenOf = ({ issue }: Issue) => world.ethereum.tokens.get(world.ethereum.tokenIdOf(issue.id));
const step = async (sagaId: string, name: 'mint' | 'attest') =>
  stepOf((await findSaga(world.portal.db, sagaId))?.steps ?? [], name);
const waiting = async () => (await world.portal.db.select().from(relayQueue)).length;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

describe('a token that its doctor has signed', () => {
  it('goes with others in one transaction, and its flow is told', async () => {
    const two = [await signed(), await signed()];
    expect(world.ethereum.batches).toEqual([]);
    expect((await step(two[0]?.sagaId ?? '', 'mint'))?.state).toBe('running');
    expect(await relayOnce(world.portal, 50)).toBe(2);
    expect(world.ethereum.batches).toHaveLength(1);
    for (const { intent, sagaId } of two) {
      expect(tokenOf(intent)).toMatchObject({ issuer: wallet, commitment: intent.issue.commitment });
      expect(await step(sagaId, 'mint')).toMatchObject({ state: 'done', proof: expect.stringMatching(/^0x/) });
    }
    expect(await waiting()).toBe(0);
  });

  it('that the chain refuses keeps no other back, and goes back to its doctor', async () => {
    const [good, bad, last] = [await signed(), await signed(), await signed()];
    world.ethereum.refused.add(bad.signature);
    await relayOnce(world.portal, 50);
    for (const { sagaId } of [good, last]) expect((await step(sagaId, 'mint'))?.state).toBe('done');
    expect(await step(bad.sagaId, 'mint')).toMatchObject({ state: 'waiting', error: 'MINT_INVALID' });
    await relayMint(doctor.actor, { sagaId: bad.sagaId, deadline, signature: signature() }, world.portal);
    await relayOnce(world.portal, 50);
    expect((await step(bad.sagaId, 'mint'))?.state).toBe('done');
  });

  it('that is mined after it was looked for is no refusal', async () => {
    const { intent, sagaId } = await signed();
    const { ethereum } = world;
    const batch = ethereum.mintBatch.bind(ethereum);
    // Of an earlier transaction: the token is there when the same is sent again.
    ethereum.mintBatch = async (issues) => {
      ethereum.mintBatch = batch;
      await batch(issues);
      return batch(issues);
    };
    await relayOnce(world.portal, 50);
    expect(tokenOf(intent)).toBeDefined();
    expect(await step(sagaId, 'mint')).toMatchObject({ state: 'done' });
    expect(await waiting()).toBe(0);
  });

  it('is too large for a block together with others only, and is never thrown away for that', async () => {
    const two = [await signed(), await signed()];
    const { ethereum } = world;
    const batch = ethereum.mintBatch.bind(ethereum);
    let most = 0;
    ethereum.mintBatch = async (issues) => {
      if (issues.length > most) throw new AppError('TOO_LARGE', 'gas required exceeds allowance');
      return batch(issues);
    };
    expect(await refusal(relayOnce(world.portal, 50))).toBe('TOO_LARGE');
    expect(await waiting()).toBe(2);
    most = 1;
    await relayOnce(world.portal, 50);
    for (const { sagaId } of two) expect((await step(sagaId, 'mint'))?.state).toBe('done');
    ethereum.mintBatch = batch;
  });

  it('waits while the chain is away, and for a process that starts anew', async () => {
    const { intent, sagaId } = await signed();
    world.ethereum.down = true;
    expect(await refusal(relayOnce(world.portal, 50))).toBe('ETHEREUM_UNAVAILABLE');
    expect(await waiting()).toBe(1);
    world.ethereum.down = false;
    // Brought by the process before, which ended before it could note that.
    await world.ethereum.mintBatch([
      {
        issue: {
          ...{ tokenId: world.ethereum.tokenIdOf(intent.issue.id), holder: intent.tokenHolder, deadline },
          commitment: intent.issue.commitment,
          expires: Math.floor(Date.parse(intent.issue.expires) / 1000),
        },
        signature: [...world.ethereum.signers.keys()].at(-1) ?? '',
      },
    ]);
    world.ethereum.batches.length = 0;
    await relayOnce(world.portal, 50);
    expect(world.ethereum.batches).toEqual([]);
    expect((await step(sagaId, 'mint'))?.state).toBe('done');
    expect(await waiting()).toBe(0);
  });

  it('is taken only over the own prescription, by an own wallet, in time', async () => {
    const { sagaId } = await transact(world, doctor, issueFor(patient.actor.subjectId));
    const ask = (person: Person, change: object = {}) =>
      refusal(relayMint(person.actor, { sagaId, deadline, signature: signature(), ...change }, world.portal));
    expect(await ask(doctor, { signature: signature(`0x${'99'.repeat(20)}`) })).toBe('MINT_INVALID');
    expect(await ask(doctor, { deadline: 1 })).toBe('MINT_INVALID');
    expect(await ask(pharmacist)).toBe('FORBIDDEN');
    expect(await waiting()).toBe(0);
    expect(await ask(doctor)).toBeUndefined();
  });
});

describe('a state that is to be attested', () => {
  const dispensed = async () => {
    const { intent } = await signed();
    await relayOnce(world.portal, 50);
    return { intent, flows: await dispense(intent) };
  };
  /** In two parts, each of which waits for a state. */
  const dispense = async (intent: Issue) => {
    const state = world.ledger.prescriptions.get(intent.issue.id);
    const holder = { practitionerId: pharmacist.actor.subjectId, institutionId: 'inst-river-pharmacy' };
    Object.assign(state ?? {}, {
      state: 'accepted',
      version: 2,
      holder: { ...holder, since: new Date().toISOString() },
    });
    const flows: string[] = [];
    for (const quantity of [1, 2]) {
      const { sagaId } = await transact(world, pharmacist, dispenseOf(intent.issue.id, quantity));
      await world.portal.db
        .update(sagas)
        .set({ dueAt: new Date(0) })
        .where(eq(sagas.id, sagaId));
      flows.push(sagaId);
    }
    await workSagas(world.portal);
    world.ethereum.batches.length = 0;
    return flows;
  };

  it('is attested once for all flows that wait for it', async () => {
    const { intent, flows } = await dispensed();
    expect(await waiting()).toBe(2);
    await relayOnce(world.portal, 50);
    expect(world.ethereum.batches).toEqual([[world.ethereum.tokenIdOf(intent.issue.id)]]);
    expect(tokenOf(intent)).toMatchObject({ state: 'partial', version: 4 });
    for (const sagaId of flows) expect((await step(sagaId, 'attest'))?.state).toBe('done');
  });

  it('is attested without a flow where the prescription has ended', async () => {
    const { intent } = await signed();
    await relayOnce(world.portal, 50);
    const state = world.ledger.prescriptions.get(intent.issue.id);
    if (state === undefined) throw new Error('no prescription');
    Object.assign(state, { state: 'cancelled', reason: 'replaced', version: 2 });
    await project(world.portal.db, 'care-0', [state]);
    await relayOnce(world.portal, 50);
    expect(tokenOf(intent)).toMatchObject({ state: 'cancelled', version: 2 });
    world.ethereum.batches.length = 0;
    await relayOnce(world.portal, 50);
    expect(world.ethereum.batches).toEqual([]);
  });

  it('that has to wait keeps no other from its turn', async () => {
    const unsigned = await transact(world, doctor, issueFor(patient.actor.subjectId));
    const subject = (await findSaga(world.portal.db, unsigned.sagaId))?.row.subject ?? '';
    await world.portal.db.insert(relayQueue).values({ sagaId: unsigned.sagaId, kind: 'state', subject });
    const { sagaId } = await signed();
    for (let round = 0; round < 2; round += 1) await relayOnce(world.portal, 1);
    expect((await step(sagaId, 'mint'))?.state).toBe('done');
  });

  it('hastens no batch while its token is not there, and is brought with it', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const { sagaId } = await transact(world, doctor, intent);
    const flows = await dispense(intent);
    expect(await countQueue(world.portal)).toBe(2);
    await relayOnce(world.portal, 50);
    expect([await countQueue(world.portal), await waiting()]).toEqual([0, 2]);
    await relayMint(doctor.actor, { sagaId, deadline, signature: signature() }, world.portal);
    expect(await countQueue(world.portal)).toBe(1);
    await relayOnce(world.portal, 50);
    expect(tokenOf(intent)).toMatchObject({ version: 4 });
    for (const flow of flows) expect((await step(flow, 'attest'))?.state).toBe('done');
  });

  it('that is held back comes after those that are not', async () => {
    const dead = await transact(world, doctor, issueFor(patient.actor.subjectId));
    const subject = (await findSaga(world.portal.db, dead.sagaId))?.row.subject ?? '';
    await world.portal.db.insert(relayQueue).values({ sagaId: dead.sagaId, kind: 'state', subject });
    await relayOnce(world.portal, 1);
    const { intent, flows } = await dispensed();
    for (const sagaId of flows)
      await world.portal.db
        .update(relayQueue)
        .set({ queuedAt: new Date(Date.now() + 60_000) })
        .where(eq(relayQueue.sagaId, sagaId));
    await relayOnce(world.portal, 1);
    expect(tokenOf(intent)).toMatchObject({ version: 4 });
  });

  it('keeps its place behind others also where its round ends early', async () => {
    const { flows } = await dispensed();
    const queuedAt = async () => (await world.portal.db.select().from(relayQueue)).map((row) => row.queuedAt.getTime());
    const before = await queuedAt();
    const { ethereum } = world;
    const record = ethereum.recordStates.bind(ethereum);
    ethereum.recordStates = async () => {
      throw new AppError('ETHEREUM_UNAVAILABLE', 'is not mined');
    };
    expect(await refusal(relayOnce(world.portal, 50))).toBe('ETHEREUM_UNAVAILABLE');
    ethereum.recordStates = record;
    expect(Math.min(...(await queuedAt()))).toBeGreaterThan(Math.max(...before));
    await relayOnce(world.portal, 50);
    expect((await step(flows[0] ?? '', 'attest'))?.state).toBe('done');
  });

  it('waits while no notary answers', async () => {
    const { flows } = await dispensed();
    world.connector.down = true;
    await relayOnce(world.portal, 50);
    expect(await step(flows[0] ?? '', 'attest')).toMatchObject({ state: 'running', error: 'CONNECTOR_UNAVAILABLE' });
    world.connector.down = false;
    await relayOnce(world.portal, 50);
    expect((await step(flows[0] ?? '', 'attest'))?.state).toBe('done');
  });
});
