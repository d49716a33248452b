import { eq, sql } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { AppError } from '#server/errors.ts';
import { wallets } from '../gateways/db/schema/people.ts';
import { sagas } from '../gateways/db/schema/sagas.ts';
import { findPatients } from '../people/patients.ts';
import { relayOnce } from '../prescriptions/relay.ts';
import { workSagas } from '../sagas/worker.ts';
import { dispenseOf, endorse, type Issue, issueFor, reserveOf, submit, transact } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import { recordMint } from './minting.ts';
import { abandonSaga, listSagas, resumeSaga } from './resuming.ts';
import { endorseTransaction, prepareTransaction, submitTransaction } from './service.ts';

let world: World;
let doctor: Person;
let other: Person;
let patient: Person;
let pharmacist: Person;

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital');
  other = await world.person('doctor', 'inst-south-hospital');
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'], identifier: 'ID-4711' });
  pharmacist = await world.person('pharmacist', 'inst-river-pharmacy');
  await world.portal.db.insert(wallets).values({ address: `0x${'d0'.repeat(20)}`, personId: doctor.actor.personId });
}, 120_000);

afterAll(() => world?.stop());
afterEach(() => {
  world.ledger.failures.clear();
  world.ledger.loseAnswer = false;
  world.ipfs.down = false;
  world.ethereum.down = false;
  world.connector.down = false;
});

const refusal = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => {
      if (error instanceof AppError) return error.code;
      throw error;
    },
  );
const prepare = (person: Person, intent: Parameters<typeof prepareTransaction>[1]) =>
  prepareTransaction(person.actor, intent, world.portal);
const stepsOf = (view: { steps: { name: string; state: string }[] }) =>
  Object.fromEntries(view.steps.map(({ name, state }) => [name, state]));
const mintOf = (intent: Issue, issuer = `0x${'d0'.repeat(20)}`) => ({
  tokenId: world.ethereum.tokenIdOf(intent.issue.id),
  issuer,
  holder: intent.tokenHolder,
  commitment: intent.issue.commitment,
  expires: Math.floor(Date.parse(intent.issue.expires) / 1000),
});
let hashes = 0;
const mined = (intent: Issue, issuer?: string) => {
  hashes += 1;
  const hash = `0x${hashes.toString(16).padStart(64, '0')}`;
  const mint = mintOf(intent, issuer);
  world.ethereum.mints.set(hash, mint);
  return hash;
};

async function heldPrescription(quantity: number): Promise<string> {
  const intent = issueFor(patient.actor.subjectId, { quantity });
  await transact(world, doctor, intent);
  const state = world.ledger.prescriptions.get(intent.issue.id);
  if (state === undefined) throw new Error('not issued');
  const { subjectId: practitionerId } = pharmacist.actor;
  Object.assign(state, {
    state: 'accepted',
    version: 2,
    holder: { practitionerId, institutionId: 'inst-river-pharmacy', since: new Date().toISOString() },
  });
  world.ethereum.tokens.set(world.ethereum.tokenIdOf(intent.issue.id), {
    ...mintOf(intent),
    state: 'active',
    version: 0,
  });
  return intent.issue.id;
}

describe('issuing', () => {
  it('stores, signs, mints and publishes, and then keeps nothing to resume with', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const receipt = await transact(world, doctor, intent);
    // The read model follows while the doctor mints.
    expect(stepsOf(receipt.saga)).toEqual({ store: 'done', sign: 'done', mint: 'waiting', publish: 'running' });
    await vi.waitFor(async () => {
      const [open] = await listSagas(doctor.actor, { open: true }, world.portal);
      expect(open && stepsOf(open).publish).toBe('done');
      expect(open?.state).toBe('waiting');
    });
    expect([...world.ipfs.blocks.keys()]).toContain(intent.issue.cid);
    const after = await recordMint(
      doctor.actor,
      { sagaId: receipt.sagaId, transactionHash: mined(intent) },
      world.portal,
    );
    expect(after.state).toBe('done');
    const [row] = await world.portal.db.select().from(sagas).where(eq(sagas.id, receipt.sagaId));
    expect(row).toMatchObject({ envelope: null, resumePacket: null, statusSignature: null, dueAt: null });
  });

  it('asks only those organisations for endorsement that may see the secrets', async () => {
    await prepare(doctor, issueFor(patient.actor.subjectId));
    expect(world.ledger.endorsedBy.at(-1)).toEqual(['HospitalMSP', 'PharmacyMSP']);
  });

  it('writes no secret into any table', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const prepared = await prepare(doctor, intent);
    await submit(world, doctor, prepared, (await endorse(world, doctor, prepared)).transaction);
    const tables = await world.portal.db.execute<{ name: string }>(
      sql`select table_name as name from information_schema.tables where table_schema = 'public'`,
    );
    for (const secret of Object.values(intent.secrets)) {
      const forms = [secret, Buffer.from(secret, 'base64url').toString('hex'), Buffer.from(secret).toString('hex')];
      for (const { name } of tables.rows) {
        const rows = await world.portal.db.execute<{ row: string }>(sql.raw(`select t::text as row from "${name}" t`));
        for (const { row } of rows.rows) for (const form of forms) expect(row.includes(form)).toBe(false);
      }
    }
  });

  it('is for patients in reach only: treated here, or found by exact identifier', async () => {
    const intent = issueFor(patient.actor.subjectId);
    expect(await refusal(prepare(other, intent))).toBe('FORBIDDEN');
    await findPatients(other.actor, { query: 'id 4711' }, world.portal);
    expect(await refusal(prepare(other, intent))).toBeUndefined();
  });

  it.each([
    ['other bytes than the hash says', (intent: Issue) => ({ ...intent, envelope: 'AAAA' }), 'INVALID_INPUT'],
    [
      'an expiry that is past',
      (intent: Issue) => withIssue(intent, { expires: '2020-01-01T00:00:00Z' }),
      'INVALID_INPUT',
    ],
    [
      'an expiry beyond 366 days',
      (intent: Issue) => withIssue(intent, { expires: '2099-01-01T00:00:00Z' }),
      'INVALID_INPUT',
    ],
    [
      'an id of another channel than the patient’s',
      (intent: Issue) =>
        withIssue(intent, { id: intent.issue.id.replace(/^rx-(\d)/, (_, n) => `rx-${1 - Number(n)}`) }),
      'WRONG_CHANNEL',
    ],
  ] as const)('refuses %s', async (_name, change, code) => {
    expect(await refusal(prepare(doctor, change(issueFor(patient.actor.subjectId))))).toBe(code);
  });

  it('is the same flow when it is repeated, and another person’s is another', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const [first, again] = await Promise.all([prepare(doctor, intent), prepare(doctor, intent)]);
    expect(again.sagaId).toBe(first.sagaId);
    await findPatients(other.actor, { query: 'ID4711' }, world.portal);
    expect((await prepare(other, intent)).sagaId).not.toBe(first.sagaId);
  });

  it('keeps the document when the storage is down, and goes on later', async () => {
    const intent = issueFor(patient.actor.subjectId);
    world.ipfs.down = true;
    expect(await refusal(prepare(doctor, intent))).toBe('IPFS_UNAVAILABLE');
    const [open] = await listSagas(doctor.actor, { open: true }, world.portal);
    expect(open && stepsOf(open).store).toBe('waiting');
    world.ipfs.down = false;
    const receipt = await transact(world, doctor, intent);
    expect(receipt.sagaId).toBe(open?.id);
    expect(stepsOf(receipt.saga).sign).toBe('done');
  });
});

const withIssue = (intent: Issue, change: Partial<Issue['issue']>): Issue => ({
  ...intent,
  issue: { ...intent.issue, ...change },
});

describe('what was signed', () => {
  it('must be the proposal of this flow, by the registered key', async () => {
    const [one, two] = [issueFor(patient.actor.subjectId), issueFor(patient.actor.subjectId)];
    const [first, second] = [await prepare(doctor, one), await prepare(doctor, two)];
    expect(await refusal(endorse(world, doctor, { ...first, proposal: second.proposal }))).toBe('PROPOSAL_MISMATCH');
    expect(await refusal(endorse(world, { ...doctor, key: other.key }, first))).toBe('SIGNATURE_INVALID');
    const foreign = endorse(world, other, first);
    expect(await refusal(foreign)).toBe('NOT_FOUND');
    const garbage = { sagaId: first.sagaId, proposal: 'AAAA', proposalSignature: 'AAAA' };
    expect(await refusal(endorseTransaction(doctor.actor, garbage, world.portal))).toBe('PROPOSAL_MISMATCH');
  });

  it('must be the transaction that was endorsed, and its own status request', async () => {
    const [one, two] = [issueFor(patient.actor.subjectId), issueFor(patient.actor.subjectId)];
    const [first, second] = [await prepare(doctor, one), await prepare(doctor, two)];
    const [endorsed, another] = [await endorse(world, doctor, first), await endorse(world, doctor, second)];
    expect(await refusal(submit(world, doctor, first, another.transaction))).toBe('PROPOSAL_MISMATCH');
    expect(await refusal(submit(world, doctor, { ...first, status: second.status }, endorsed.transaction))).toBe(
      'PROPOSAL_MISMATCH',
    );
    expect(await refusal(submit(world, { ...doctor, key: other.key }, first, endorsed.transaction))).toBe(
      'SIGNATURE_INVALID',
    );
    const early = {
      sagaId: second.sagaId,
      transaction: endorsed.transaction,
      transactionSignature: 'AA',
      status: 'AA',
      statusSignature: 'AA',
    };
    expect(await refusal(submitTransaction(other.actor, early, world.portal))).toBe('NOT_FOUND');
  });
});

describe('a ledger that fails', () => {
  it('before the transaction is ordered: the flow waits for the same person', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const prepared = await prepare(doctor, intent);
    world.ledger.failures.set('endorse', 'LEDGER_UNAVAILABLE');
    expect(await refusal(endorse(world, doctor, prepared))).toBe('LEDGER_UNAVAILABLE');
    world.ledger.failures.clear();
    const resumed = await resumeSaga(doctor.actor, prepared.sagaId, world.portal);
    expect(resumed.intent).toEqual({
      kind: 'issue',
      issue: intent.issue,
      envelope: intent.envelope,
      tokenHolder: intent.tokenHolder,
      resumePacket: intent.resumePacket,
    });
    expect((await transact(world, doctor, intent)).sagaId).toBe(prepared.sagaId);
  });

  it('after it was ordered: the outcome is found out, and nobody signs twice', async () => {
    const intent = issueFor(patient.actor.subjectId);
    world.ledger.loseAnswer = true;
    expect(await refusal(transact(world, doctor, intent))).toBe('LEDGER_UNDECIDED');
    world.ledger.loseAnswer = false;
    const [open] = await listSagas(doctor.actor, { open: true }, world.portal);
    expect(open && stepsOf(open).sign).toBe('running');
    expect(await refusal(prepare(doctor, intent))).toBe('ALREADY_EXISTS');
    const [after] = await listSagas(doctor.actor, { open: true }, world.portal);
    expect(after && stepsOf(after)).toMatchObject({ sign: 'done', publish: 'done', mint: 'waiting' });
  });

  it('and forgot: the signature is asked for again', async () => {
    const intent = issueFor(patient.actor.subjectId);
    world.ledger.failures.set('submit', 'LEDGER_UNAVAILABLE');
    expect(await refusal(transact(world, doctor, intent))).toBe('LEDGER_UNDECIDED');
    world.ledger.failures.clear();
    const [open] = await listSagas(doctor.actor, { open: true }, world.portal);
    const sagaId = open?.id ?? '';
    await world.portal.db
      .update(sagas)
      .set({ attempts: 8, dueAt: new Date(0) })
      .where(eq(sagas.id, sagaId));
    await workSagas(world.portal);
    const resumed = await resumeSaga(doctor.actor, sagaId, world.portal);
    expect(stepsOf(resumed).sign).toBe('waiting');
    expect((await transact(world, doctor, intent)).sagaId).toBe(sagaId);
  });

  it('with a refusal: an issue stays open for another try', async () => {
    const prepared = await prepare(doctor, issueFor(patient.actor.subjectId));
    world.ledger.failures.set('endorse', 'LICENCE_INVALID');
    expect(await refusal(endorse(world, doctor, prepared))).toBe('LICENCE_INVALID');
    const view = await resumeSaga(doctor.actor, prepared.sagaId, world.portal);
    expect(view.steps.find(({ name }) => name === 'sign')).toMatchObject({
      state: 'waiting',
      error: 'LICENCE_INVALID',
    });
  });
});

describe('a mint', () => {
  it.each([
    ['another holder', { holder: `0x${'99'.repeat(20)}` }],
    ['another commitment', { commitment: `0x${'99'.repeat(32)}` }],
    ['another expiry', { expires: 1 }],
    ['another token', { tokenId: '1' }],
    ['a wallet that is not the doctor’s', { issuer: `0x${'99'.repeat(20)}` }],
  ])('with %s is refused and can be repeated', async (_name, change) => {
    const intent = issueFor(patient.actor.subjectId);
    const { sagaId } = await transact(world, doctor, intent);
    const wrong = mined(intent);
    world.ethereum.mints.set(wrong, { ...mintOf(intent), ...change });
    const record = (transactionHash: string) => recordMint(doctor.actor, { sagaId, transactionHash }, world.portal);
    expect(await refusal(record(wrong))).toBe('MINT_INVALID');
    expect(stepsOf(await record(mined(intent))).mint).toBe('done');
    // What follows a commit goes on beside the answer.
    await expect.poll(async () => (await resumeSaga(doctor.actor, sagaId, world.portal)).state).toBe('done');
  });

  it('that nobody told the portal of is found on the chain', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const { sagaId } = await transact(world, doctor, intent);
    world.ethereum.tokens.set(world.ethereum.tokenIdOf(intent.issue.id), {
      ...mintOf(intent),
      state: 'active',
      version: 0,
    });
    // What follows a commit goes on beside the answer.
    await expect.poll(async () => (await resumeSaga(doctor.actor, sagaId, world.portal)).state).toBe('done');
  });

  it('whose chain is down is taken up by the worker', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const { sagaId } = await transact(world, doctor, intent);
    const transactionHash = mined(intent);
    world.ethereum.down = true;
    const view = await recordMint(doctor.actor, { sagaId, transactionHash }, world.portal);
    expect(stepsOf(view).mint).toBe('running');
    world.ethereum.down = false;
    const listed = async () =>
      (await listSagas(doctor.actor, { open: false }, world.portal)).find(({ id }) => id === sagaId);
    // What the answer began may still have it in hand when the worker first looks.
    const work = async () => {
      await world.portal.db
        .update(sagas)
        .set({ dueAt: new Date(0) })
        .where(eq(sagas.id, sagaId));
      await workSagas(world.portal);
      return (await listed())?.state;
    };
    await expect.poll(work, { timeout: 15_000 }).toBe('done');
  });

  it('is not recorded before the signature, nor for anybody else', async () => {
    const intent = issueFor(patient.actor.subjectId);
    const { sagaId } = await prepare(doctor, intent);
    const transactionHash = mined(intent);
    expect(await refusal(recordMint(doctor.actor, { sagaId, transactionHash }, world.portal))).toBe('WRONG_STATE');
    expect(await refusal(recordMint(other.actor, { sagaId, transactionHash }, world.portal))).toBe('NOT_FOUND');
    expect(await refusal(recordMint(pharmacist.actor, { sagaId, transactionHash }, world.portal))).toBe('FORBIDDEN');
  });
});

describe('dispensing', () => {
  const workUntilDone = async (sagaId: string) => {
    await world.portal.db
      .update(sagas)
      .set({ dueAt: new Date(0) })
      .where(eq(sagas.id, sagaId));
    await workSagas(world.portal);
    await relayOnce(world.portal, 50);
    const all = await listSagas(pharmacist.actor, { open: false }, world.portal);
    return all.find(({ id }) => id === sagaId);
  };

  it('is attested to the token by the worker, once', async () => {
    const id = await heldPrescription(30);
    const receipt = await transact(world, pharmacist, dispenseOf(id, 10));
    expect(stepsOf(receipt.saga)).toEqual({ store: 'done', sign: 'done', attest: 'running', publish: 'done' });
    expect((await workUntilDone(receipt.sagaId))?.state).toBe('done');
    expect((await workUntilDone(receipt.sagaId))?.state).toBe('done');
    const tokenId = world.ethereum.tokenIdOf(id);
    expect(world.ethereum.recorded.filter((entry) => entry.tokenId === tokenId)).toHaveLength(1);
    expect(world.ethereum.tokens.get(tokenId)).toMatchObject({ state: 'partial', version: 3 });
  });

  it('waits with growing pauses while connector or chain are down', async () => {
    const id = await heldPrescription(30);
    world.connector.down = true;
    const { sagaId } = await transact(world, pharmacist, dispenseOf(id, 30));
    expect((await workUntilDone(sagaId))?.state).toBe('running');
    const [row] = await world.portal.db.select().from(sagas).where(eq(sagas.id, sagaId));
    expect(row?.dueAt?.getTime()).toBeGreaterThan(Date.now());
    world.connector.down = false;
    expect((await workUntilDone(sagaId))?.state).toBe('done');
  });

  it('refuses more than is left before anybody signs', async () => {
    const id = await heldPrescription(30);
    expect(await refusal(prepare(pharmacist, dispenseOf(id, 31)))).toBe('QUANTITY_EXCEEDED');
  });

  it('of scanned packs is reserved first, and leaves nothing of it to others', async () => {
    const id = await heldPrescription(30);
    const intent = dispenseOf(id, 20);
    const receipt = await transact(world, pharmacist, reserveOf(intent));
    expect(stepsOf(receipt.saga)).toEqual({ sign: 'done', publish: 'done' });
    expect(world.ledger.prescriptions.get(id)?.reservation?.dispenseId).toBe(intent.dispense.id);
    expect(await refusal(prepare(pharmacist, reserveOf(dispenseOf(id, 1))))).toBe('WRONG_STATE');
    expect(await refusal(prepare(pharmacist, dispenseOf(id, 11)))).toBe('QUANTITY_EXCEEDED');
    expect(await refusal(prepare(pharmacist, { kind: 'return', id }))).toBe('WRONG_STATE');
    await transact(world, pharmacist, { kind: 'releaseReservation', id, dispenseId: intent.dispense.id });
    expect(await refusal(prepare(pharmacist, { kind: 'return', id }))).toBeUndefined();
  });

  it('of scanned packs is found again where its answer was lost', async () => {
    const intent = dispenseOf(await heldPrescription(30), 20);
    world.ledger.loseAnswer = true;
    expect(await refusal(transact(world, pharmacist, reserveOf(intent)))).toBe('LEDGER_UNDECIDED');
    world.ledger.loseAnswer = false;
    expect(await refusal(prepare(pharmacist, reserveOf(intent)))).toBe('ALREADY_EXISTS');
    await transact(world, pharmacist, intent);
    const after = world.ledger.prescriptions.get(intent.id);
    expect([after?.left, after?.reservation]).toEqual([10, undefined]);
  });

  it('ends at a refusal of the ledger', async () => {
    const id = await heldPrescription(30);
    const prepared = await prepare(pharmacist, dispenseOf(id, 5));
    world.ledger.failures.set('endorse', 'QUANTITY_EXCEEDED');
    expect(await refusal(endorse(world, pharmacist, prepared))).toBe('QUANTITY_EXCEEDED');
    const all = await listSagas(pharmacist.actor, { open: false }, world.portal);
    expect(all.find(({ id: sagaId }) => sagaId === prepared.sagaId)?.state).toBe('failed');
  });
});

describe('a flow that is never signed', () => {
  it('expires with a written outcome and keeps nothing', async () => {
    const prepared = await prepare(doctor, issueFor(patient.actor.subjectId));
    await world.portal.db
      .update(sagas)
      .set({ expiresAt: new Date(0), dueAt: new Date(0) })
      .where(eq(sagas.id, prepared.sagaId));
    await workSagas(world.portal);
    const [row] = await world.portal.db.select().from(sagas).where(eq(sagas.id, prepared.sagaId));
    expect(row).toMatchObject({ state: 'expired', envelope: null, resumePacket: null });
    expect(await refusal(endorse(world, doctor, prepared))).toBe('SAGA_EXPIRED');
  });

  it('can be given up by its person, until it is signed', async () => {
    const prepared = await prepare(doctor, issueFor(patient.actor.subjectId));
    expect(await refusal(abandonSaga(other.actor, prepared.sagaId, world.portal))).toBe('NOT_FOUND');
    expect((await abandonSaga(doctor.actor, prepared.sagaId, world.portal)).state).toBe('expired');
    const { sagaId } = await transact(world, doctor, issueFor(patient.actor.subjectId));
    expect(await refusal(abandonSaga(doctor.actor, sagaId, world.portal))).toBe('WRONG_STATE');
  });

  it('is worked on by one of two workers only', async () => {
    const { sagaId } = await transact(world, pharmacist, dispenseOf(await heldPrescription(30), 30));
    await world.portal.db.update(sagas).set({ dueAt: null });
    await world.portal.db
      .update(sagas)
      .set({ dueAt: new Date(0) })
      .where(eq(sagas.id, sagaId));
    const counts = await Promise.all([workSagas(world.portal), workSagas(world.portal)]);
    expect(counts.sort()).toEqual([0, 1]);
  });
});
