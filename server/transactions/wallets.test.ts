import { randomUUID } from 'node:crypto';
import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { sagas } from '../gateways/db/schema/sagas.ts';
import { sessions } from '../gateways/db/schema/session.ts';
import { readKeys } from '../people/keys.ts';
import { unlinkWallet } from '../people/wallets.ts';
import { tokenCheck, walletsOf } from '../prescriptions/verdict.ts';
import { workSagas } from '../sagas/worker.ts';
import { findActor } from '../session/service.ts';
import { issuedState } from '../testing/fakeLedger.ts';
import { issueFor, transact } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import type { TransactionIntent } from './schema.ts';
import { prepareTransaction } from './service.ts';

let world: World;
let doctor: Person;
let other: Person;
let patient: Person;

const address = (seed: number) => `0x${seed.toString(16).padStart(40, '0')}`;
const [builtIn, linked] = [address(0xb1), address(0x11)];
const link = (to: string, person = doctor): TransactionIntent => ({
  kind: 'linkWallet',
  subject: person.actor.subjectId,
  address: to,
});
const unlink = (to: string): TransactionIntent => ({ ...link(to), kind: 'unlinkWallet' }) as TransactionIntent;
const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
const prepare = (person: Person, intent: TransactionIntent) => prepareTransaction(person.actor, intent, world.portal);
const prove = (to: string, person = doctor) =>
  world.portal.db.insert(wallets).values({ address: to, personId: person.actor.personId });
/** A session that the doctor began with a wallet. */
async function signedIn(wallet: string): Promise<string> {
  const id = randomUUID();
  const expiresAt = new Date(Date.now() + 60_000);
  const session = { id, personId: doctor.actor.personId, method: 'wallet', wallet, expiresAt };
  await world.portal.db.insert(sessions).values(session);
  return id;
}
const stepsOf = (view: { steps: { name: string; state: string }[] }) =>
  Object.fromEntries(view.steps.map(({ name, state }) => [name, state]));

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
  other = await world.person('doctor', 'inst-north-hospital');
  patient = await world.person('patient', null);
}, 120_000);
afterAll(() => world?.stop());

beforeEach(async () => {
  for (const { actor } of [doctor, other]) {
    const institution = { kind: 'hospital' as const, name: 'North Hospital', mspId: 'HospitalMSP', version: 1 };
    const licence = {
      number: 'L-1',
      specialty: '',
      validFrom: '2026-01-01T00:00:00Z',
      validTo: '2036-01-01T00:00:00Z',
    };
    const practitioner = { id: actor.subjectId, institutionId: 'inst-north-hospital', mspId: 'HospitalMSP', licence };
    const keys = { signingKeyHash: 'a'.repeat(64), readingKey: 'R'.repeat(1622), wallet: builtIn };
    world.ledger.standings.set(actor.subjectId, {
      practitioner: { ...practitioner, role: 'doctor', status: 'active', keys, version: 2 },
      institution: { ...institution, id: 'inst-north-hospital', status: 'active' },
    });
  }
  await prove(builtIn);
});
afterEach(async () => {
  world.connector.down = false;
  world.connector.lags = false;
  world.connector.settled.length = 0;
  world.ledger.loseAnswer = false;
  await world.portal.db.delete(wallets);
  await world.portal.db.delete(sagas);
});

describe('linking a wallet', () => {
  it('is recorded on the registry by the person’s own key, and then the connector is asked', async () => {
    await prove(linked);
    const receipt = await transact(world, doctor, link(linked));
    expect(receipt.channel).toBe('registry');
    expect(receipt.saga).toMatchObject({ kind: 'linkWallet', subject: doctor.actor.subjectId, state: 'done' });
    expect(stepsOf(receipt.saga)).toEqual({ sign: 'done', grant: 'done' });
    expect(world.connector.settled).toEqual([{ subjectId: doctor.actor.subjectId, linked: [linked] }]);
  });

  it('is finished by the worker when the connector is down', async () => {
    await prove(linked);
    world.connector.down = true;
    const { saga } = await transact(world, doctor, link(linked));
    expect(saga).toMatchObject({ state: 'running' });
    expect(saga.steps.at(-1)).toMatchObject({ name: 'grant', state: 'running', error: 'CONNECTOR_UNAVAILABLE' });
    world.connector.down = false;
    expect(await workSagas(world.portal)).toBe(1);
    expect(world.connector.settled).toHaveLength(1);
    const [row] = await world.portal.db.select().from(sagas).where(eq(sagas.id, saga.id));
    expect(row).toMatchObject({ state: 'done', dueAt: null });
  });

  it('waits while the connector’s own peer has not got it', async () => {
    await prove(linked);
    world.connector.lags = true;
    const { saga } = await transact(world, doctor, link(linked));
    expect(saga.state).toBe('running');
    world.connector.lags = false;
    await workSagas(world.portal);
    const [row] = await world.portal.db.select().from(sagas).where(eq(sagas.id, saga.id));
    expect(row?.state).toBe('done');
  });

  it('is found on the registry when the answer was lost', async () => {
    await prove(linked);
    world.ledger.loseAnswer = true;
    expect(await refusal(transact(world, doctor, link(linked)))).toBe('LEDGER_UNDECIDED');
    await workSagas(world.portal);
    const [row] = await world.portal.db.select().from(sagas);
    expect(row).toMatchObject({ kind: 'linkWallet', state: 'done' });
    expect(world.connector.settled).toHaveLength(1);
  });

  it('needs the wallet’s own signature first, by this very person', async () => {
    expect(await refusal(prepare(doctor, link(linked)))).toBe('SIGNATURE_INVALID');
    await prove(linked, other);
    expect(await refusal(prepare(doctor, link(linked)))).toBe('SIGNATURE_INVALID');
  });

  it('is for the person’s own entry, and for those who have one', async () => {
    await prove(linked);
    expect(await refusal(prepare(doctor, link(linked, other)))).toBe('FORBIDDEN');
    expect(await refusal(prepare(patient, link(linked, patient)))).toBe('FORBIDDEN');
  });

  it('is refused where the registry has it', async () => {
    expect(await refusal(prepare(doctor, link(builtIn)))).toBe('ALREADY_EXISTS');
    await prove(linked);
    await transact(world, doctor, link(linked));
    expect(await refusal(prepare(doctor, link(linked)))).toBe('ALREADY_EXISTS');
  });
});

describe('unlinking a wallet', () => {
  it('is recorded on the registry; the wallet no longer signs in, its sessions end, and the connector is asked', async () => {
    await prove(linked);
    await transact(world, doctor, link(linked));
    expect(await refusal(unlinkWallet(doctor.actor, { address: linked }, world.portal))).toBe('WRONG_STATE');
    const [ending, staying] = [await signedIn(linked), await signedIn(builtIn)];
    const { saga } = await transact(world, doctor, unlink(linked));
    expect(stepsOf(saga)).toEqual({ sign: 'done', grant: 'done' });
    expect(await findActor(ending, world.portal)).toBeNull();
    expect(await findActor(staying, world.portal)).not.toBeNull();
    expect(world.connector.settled.at(-1)).toEqual({ subjectId: doctor.actor.subjectId, linked: [] });
    expect((await world.portal.db.select().from(wallets)).map((row) => row.address)).toEqual([builtIn]);
    expect(await refusal(prepare(doctor, unlink(linked)))).toBe('NOT_FOUND');
  });

  it('without an entry on the registry takes no transaction, and leaves the built-in wallet', async () => {
    await prove(linked);
    await unlinkWallet(doctor.actor, { address: linked }, world.portal);
    expect(await refusal(unlinkWallet(doctor.actor, { address: linked }, world.portal))).toBe('NOT_FOUND');
    expect(await refusal(unlinkWallet(doctor.actor, { address: builtIn }, world.portal))).toBe('WRONG_STATE');
    expect(await refusal(unlinkWallet(other.actor, { address: builtIn }, world.portal))).toBe('NOT_FOUND');
  });
});

describe('what a person sees of the own keys', () => {
  it('names certificate, fingerprints and wallets, and which of them the registry has', async () => {
    await prove(linked);
    const before = await readKeys(doctor.actor, world.portal);
    expect(before).toMatchObject({ recorded: false, certificate: { subjectId: doctor.actor.subjectId } });
    expect(before.signingKeyHash).toMatch(/^[0-9a-f]{64}$/);
    expect(before.wallets.map(({ address: at, kind, recorded }) => [at, kind, recorded])).toEqual([
      [builtIn, 'builtIn', true],
      [linked, 'linked', false],
    ]);
    await transact(world, doctor, link(linked));
    expect((await readKeys(doctor.actor, world.portal)).wallets[1]?.recorded).toBe(true);
  });

  it('says nothing of the registry where there is no entry', async () => {
    const { recorded, wallets: shown } = await readKeys(patient.actor, world.portal);
    expect([recorded, shown]).toEqual([undefined, []]);
  });
});

describe('the verdict on a token', () => {
  const { issue } = issueFor(`pt-0-${'a'.repeat(26)}`);
  const prescription = issuedState(issue);
  const keys = { signingKeyHash: '', readingKey: '', wallet: builtIn };
  const wallet = (issuer: string, more: object = {}) => {
    const expires = Math.floor(Date.parse(issue.expires) / 1000);
    const token = { issuer, holder: address(1), commitment: issue.commitment, expires };
    const state = { state: 'active' as const, version: 0 };
    return tokenCheck(prescription, { ...token, ...state }, walletsOf({ ...keys, ...more }));
  };

  it('takes it from every wallet that is or was the author’s, and from no other', () => {
    expect(wallet(builtIn)).toBe('pass');
    expect(wallet(linked)).toBe('fail');
    expect(wallet(linked, { linkedWallets: [linked] })).toBe('pass');
    expect(wallet(linked, { formerWallets: [linked] })).toBe('pass');
    expect(wallet(address(3), { linkedWallets: [linked], formerWallets: [address(2)] })).toBe('fail');
  });
});
