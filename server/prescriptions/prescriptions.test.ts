import { eq } from 'drizzle-orm';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Standing } from '#chaincode/model/registry.ts';
import { AppError } from '#server/errors.ts';
import { tokens } from '../gateways/db/schema/ledger.ts';
import { type Actor, roles } from '../people/schema.ts';
import { dispenseOf, issueFor, transact } from '../testing/intents.ts';
import { type Person, World } from '../testing/world.ts';
import { listPrescriptions, readDocument, readPrescription } from './service.ts';
import { lookupPrescription, refreshVerdict } from './verdict.ts';

let world: World;
let doctor: Person;
let patient: Person;
let stranger: Person;
let pharmacist: Person;
let second: Person;
const wallet = `0x${'d0'.repeat(20)}`;

beforeAll(async () => {
  world = await World.start();
  doctor = await world.person('doctor', 'inst-north-hospital', { name: 'Ada Berg' });
  patient = await world.person('patient', null, { treatedAt: ['inst-north-hospital'], name: 'Pat Ient' });
  stranger = await world.person('patient', null, { treatedAt: ['inst-north-hospital'] });
  pharmacist = await world.person('pharmacist', 'inst-river-pharmacy');
  second = await world.person('pharmacist', 'inst-hill-pharmacy');
}, 120_000);
afterAll(() => world?.stop());
afterEach(() => {
  world.ledger.failures.clear();
  world.ethereum.down = false;
});

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );

const standing = (change: Partial<Standing['practitioner']> = {}): Standing => ({
  practitioner: {
    id: doctor.actor.subjectId,
    institutionId: 'inst-north-hospital',
    mspId: 'HospitalMSP',
    role: 'doctor',
    licence: {
      number: 'L-1',
      specialty: 'Cardiology',
      validFrom: '2020-01-01T00:00:00Z',
      validTo: '2090-01-01T00:00:00Z',
    },
    status: 'active',
    keys: { signingKeyHash: 'a'.repeat(64), readingKey: 'A'.repeat(1622), wallet },
    version: 2,
    ...change,
  },
  institution: {
    id: 'inst-north-hospital',
    kind: 'hospital',
    name: 'North Hospital',
    mspId: 'HospitalMSP',
    status: 'active',
    version: 1,
  },
});

async function issued() {
  world.ledger.author = doctor.actor.subjectId;
  const intent = issueFor(patient.actor.subjectId);
  await transact(world, doctor, intent);
  const state = world.ledger.prescriptions.get(intent.issue.id);
  if (state === undefined) throw new Error('not issued');
  world.ledger.standings.set(doctor.actor.subjectId, standing());
  const token = {
    issuer: wallet,
    holder: intent.tokenHolder,
    commitment: intent.issue.commitment,
    expires: Math.floor(Date.parse(intent.issue.expires) / 1000),
    state: 'active' as const,
    version: 0,
  };
  world.ethereum.tokens.set(world.ethereum.tokenIdOf(intent.issue.id), token);
  const lookup = (person: Person = pharmacist) =>
    lookupPrescription(person.actor, { redeemHash: intent.issue.redeemHash }, world.portal);
  const hold = (person: Person) => {
    state.state = 'accepted';
    state.version += 1;
    const { subjectId: practitionerId, institutionId } = person.actor;
    state.holder = { practitionerId, institutionId: institutionId ?? '', since: new Date().toISOString() };
  };
  return { intent, id: intent.issue.id, state, token, lookup, hold };
}

describe('the verdict', () => {
  it('is acceptable when ledger, issuer and token agree', async () => {
    const { lookup } = await issued();
    const verdict = await lookup();
    expect(verdict).toMatchObject({
      outcome: 'acceptable',
      checks: { ledger: 'pass', issuer: 'pass', token: 'pass' },
      issuer: { name: 'Ada Berg', institution: 'North Hospital', licence: 'L-1', status: 'active' },
    });
    expect(verdict.prescription.patient).toBeUndefined();
  });

  it('asks every care channel for the code', async () => {
    const { lookup } = await issued();
    world.ledger.evaluated.length = 0;
    await lookup();
    const asked = world.ledger.evaluated
      .filter((call) => call.function === 'findByRedeemHash')
      .map(({ channel }) => channel);
    expect(asked.sort()).toEqual(['care-0', 'care-1']);
  });

  it('waits for no token: one that is missing is pending, and a chain that is down unreachable', async () => {
    const { id, lookup } = await issued();
    world.ethereum.tokens.delete(world.ethereum.tokenIdOf(id));
    expect(await lookup()).toMatchObject({ outcome: 'acceptable', checks: { token: 'pending' } });
    world.ethereum.down = true;
    expect(await lookup()).toMatchObject({ outcome: 'acceptable', checks: { token: 'unreachable' } });
  });

  it.each([
    ['another commitment', { commitment: `0x${'00'.repeat(32)}` }],
    ['another issuer', { issuer: `0x${'00'.repeat(20)}` }],
    ['another expiry', { expires: 5 }],
    ['a state that the ledger has not got', { state: 'dispensed' as const, version: 99 }],
  ])('fails the token with %s', async (_name, change) => {
    const { token, lookup } = await issued();
    Object.assign(token, change);
    expect((await lookup()).checks.token).toBe('fail');
  });

  it('says pending for a token whose attestation is on its way', async () => {
    const { state, lookup, hold } = await issued();
    hold(pharmacist);
    Object.assign(state, { state: 'partial', left: 10 });
    expect((await lookup()).checks.token).toBe('pending');
  });

  it('passes the token of a prescription that was returned after a part was dispensed', async () => {
    const { state, token, lookup } = await issued();
    Object.assign(state, { left: 10, version: 4 });
    Object.assign(token, { state: 'partial', version: 3 });
    expect((await lookup()).checks.token).toBe('pass');
  });

  it.each([
    ['COMPLETED', { state: 'completed' as const }],
    ['CANCELLED', { state: 'cancelled' as const }],
    ['EXPIRED', { expires: '2020-01-01T00:00:00.000Z' }],
    ['CODE_VOID', { codeValid: false }],
  ])('is refused as %s', async (refusal, change) => {
    const { state, lookup } = await issued();
    Object.assign(state, change);
    expect(await lookup()).toMatchObject({ outcome: 'refused', refusal, checks: { ledger: 'fail' } });
  });

  it('is refused to a second pharmacy and stays the first one’s', async () => {
    const { lookup, hold } = await issued();
    hold(pharmacist);
    expect((await lookup()).outcome).toBe('yours');
    expect(await lookup(second)).toMatchObject({ outcome: 'refused', refusal: 'HELD_BY_ANOTHER' });
  });

  it('says whose it is to the pharmacy that holds it alone', async () => {
    const { lookup, hold, state } = await issued();
    expect((await lookup()).patient).toBeUndefined();
    hold(pharmacist);
    expect((await lookup()).patient).toBe(state.patient);
    expect((await lookup(second)).patient).toBeUndefined();
  });

  it('is refused while the issuer is suspended or without licence', async () => {
    const { lookup } = await issued();
    world.ledger.standings.set(doctor.actor.subjectId, standing({ status: 'suspended' }));
    expect(await lookup()).toMatchObject({ refusal: 'SUSPENDED', checks: { issuer: 'fail' } });
    const licence = { number: 'L', specialty: '', validFrom: '2020-01-01T00:00:00Z', validTo: '2021-01-01T00:00:00Z' };
    world.ledger.standings.set(doctor.actor.subjectId, standing({ licence }));
    expect(await lookup()).toMatchObject({ refusal: 'LICENCE_INVALID', checks: { issuer: 'fail' } });
  });

  it('names a forged code, and a ledger that is down', async () => {
    const ask = () => lookupPrescription(pharmacist.actor, { redeemHash: '0'.repeat(64) }, world.portal);
    expect(await code(ask())).toBe('WRONG_CODE');
    world.ledger.failures.set('evaluate', 'LEDGER_UNAVAILABLE');
    expect(await code(ask())).toBe('LEDGER_UNAVAILABLE');
  });

  it.each(roles.filter((role) => role !== 'pharmacist'))('is not for a %s', async (role) => {
    const { lookup, id } = await issued();
    const actor: Actor = { ...pharmacist.actor, role };
    expect(await code(lookup({ ...pharmacist, actor }))).toBe('FORBIDDEN');
    expect(await code(refreshVerdict(actor, id, world.portal))).toBe('FORBIDDEN');
  });

  it('is given anew only to the pharmacy that holds the prescription', async () => {
    const { id, hold } = await issued();
    expect(await code(refreshVerdict(pharmacist.actor, id, world.portal))).toBe('NOT_FOUND');
    hold(pharmacist);
    expect((await refreshVerdict(pharmacist.actor, id, world.portal)).outcome).toBe('yours');
    expect(await code(refreshVerdict(second.actor, id, world.portal))).toBe('NOT_FOUND');
  });
});

describe('who sees a prescription', () => {
  it('author, patient and the pharmacy that holds it', async () => {
    const { id, hold } = await issued();
    const read = (person: Person) => readPrescription(person.actor, id, world.portal);
    expect(await read(doctor)).toMatchObject({ id, patient: { name: 'Pat Ient' } });
    expect((await read(patient)).patient).toBeUndefined();
    expect(await code(read(stranger))).toBe('NOT_FOUND');
    expect(await code(read(pharmacist))).toBe('NOT_FOUND');
    hold(pharmacist);
    expect((await read(pharmacist)).holder?.institution).toBe('River Pharmacy');
    expect(await code(read(second))).toBe('NOT_FOUND');
    for (const role of ['regulator', 'insurer', 'supplier', 'admin'] as const) {
      expect(await code(read({ ...doctor, actor: { ...doctor.actor, role } }))).toBe('NOT_FOUND');
    }
  });

  it('is the same for its documents, of which a stranger does not even learn that they exist', async () => {
    const { id, intent, hold } = await issued();
    const read = (person: Person, cid: string) => readDocument(person.actor, cid, world.portal);
    await readPrescription(doctor.actor, id, world.portal);
    expect(Buffer.from(await read(doctor, intent.issue.cid)).toString('base64url')).toBe(intent.envelope);
    expect(await code(read(pharmacist, intent.issue.cid))).toBe('NOT_FOUND');
    hold(pharmacist);
    const dispense = dispenseOf(id, 10);
    await transact(world, pharmacist, dispense);
    expect(Buffer.from(await read(pharmacist, intent.issue.cid)).toString('base64url')).toBe(intent.envelope);
    expect(Buffer.from(await read(patient, dispense.dispense.cid)).toString('base64url')).toBe(dispense.envelope);
    for (const person of [second, stranger]) {
      expect(await code(read(person, intent.issue.cid))).toBe('NOT_FOUND');
      expect(await code(read(person, dispense.dispense.cid))).toBe('NOT_FOUND');
    }
  });

  it('holds for lists', async () => {
    const { id, hold } = await issued();
    const ids = async (person: Person, scope: 'patient' | 'author' | 'held', patientPersonId?: string) => {
      const input = { scope, ...(patientPersonId === undefined ? {} : { patientPersonId }) };
      return (await listPrescriptions(person.actor, input, world.portal)).map((summary) => summary.id);
    };
    await readPrescription(doctor.actor, id, world.portal);
    expect(await ids(doctor, 'author')).toContain(id);
    expect(await ids(patient, 'patient')).toContain(id);
    expect(await ids(doctor, 'patient', patient.actor.personId)).toContain(id);
    expect(await ids(stranger, 'patient')).toEqual([]);
    expect(await ids(pharmacist, 'held')).not.toContain(id);
    hold(pharmacist);
    await refreshVerdict(pharmacist.actor, id, world.portal);
    expect(await ids(pharmacist, 'held')).toContain(id);
    expect(await ids(second, 'held')).toEqual([]);
    const foreign = await world.person('patient', null, { treatedAt: ['inst-south-hospital'] });
    expect(await code(ids(doctor, 'patient', foreign.actor.personId))).toBe('FORBIDDEN');
  });

  it.each([
    ['patient', ['patient', 'doctor']],
    ['author', ['doctor']],
    ['held', ['pharmacist']],
  ] as const)('lists %s for %j only', async (scope, allowed) => {
    for (const role of roles) {
      if ((allowed as readonly string[]).includes(role)) continue;
      expect(await code(listPrescriptions({ ...doctor.actor, role }, { scope }, world.portal))).toBe('FORBIDDEN');
    }
  });

  it('is answered from the read model while the ledger is down', async () => {
    const { id } = await issued();
    await readPrescription(doctor.actor, id, world.portal);
    world.ledger.failures.set('evaluate', 'LEDGER_UNAVAILABLE');
    expect((await readPrescription(doctor.actor, id, world.portal)).id).toBe(id);
  });
});

it('says that what software issued has no token, and not that one is pending', async () => {
  const { intent, state } = await issued();
  const { redeemHash, id } = intent.issue;
  const view = async () =>
    (await lookupPrescription(pharmacist.actor, { redeemHash }, world.portal)).prescription.token.state;
  expect(await view()).toBe('active');
  world.ethereum.tokens.delete(world.ethereum.tokenIdOf(id));
  expect(await view()).toBe('pending');
  await world.portal.db.delete(tokens).where(eq(tokens.prescriptionId, id));
  world.ledger.prescriptions.set(id, { ...state, issuedVia: `dev-${'a'.repeat(26)}`, version: state.version + 1 });
  expect(await view()).toBe('none');
});
