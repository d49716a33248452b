import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type PrescriptionIssue } from '../../model/prescription.ts';
import { createIdentity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import {
  bytesOf,
  day,
  hour,
  instant,
  institutionOf,
  issueOf,
  patientIds,
  redeemKeyOf,
  secretsOf,
  serial,
} from '../../testing/samples.ts';
import {
  Care,
  createWorld,
  expireLicence,
  practitionerIdOf,
  submitToRegistry,
  suspend,
  type World,
} from '../../testing/world.ts';

let world: World;
let care: Care;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
});
afterEach(() => {
  vi.useRealTimers();
});

function passTime(ms: number): void {
  const now = Date.now();
  vi.useFakeTimers({ toFake: ['Date'] });
  vi.setSystemTime(now + ms);
}

describe('issue', () => {
  it('writes an active prescription, its secrets apart, an event, and no result', async () => {
    const issued = issueOf(1);
    const { result, simulation } = await care.submit(world.people.doctor, 'issue', [JSON.stringify(issued)], {
      secrets: bytesOf(secretsOf()),
    });
    expect(result).toBe('');
    expect(await care.read(issued.id)).toEqual({
      ...issued,
      author: practitionerIdOf('doctor'),
      authorInstitution: institutionOf('hospital').id,
      authoredOn: expect.stringMatching(/^\d{4}-\d\d-\d\dT/),
      state: 'active',
      left: 60,
      dispenses: [],
      codeValid: true,
      version: 1,
    });
    expect(simulation.event?.name).toBe('PrescriptionChanged');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toEqual({
      id: issued.id,
      change: 'issue',
      state: 'active',
      version: 1,
      at: expect.any(String),
    });
  });

  it('refuses an id, an access code or an unknown patient that cannot be', async () => {
    await care.issue(1);
    expect(await refusal(care.issue(1, { redeemHash: redeemKeyOf(2).hash }))).toBe('ALREADY_EXISTS');
    expect(await refusal(care.issue(2, { redeemHash: redeemKeyOf(1).hash }))).toBe('ALREADY_EXISTS');
    expect(await refusal(care.issue(3, { patient: `pt-0-${serial(999)}` }))).toBe('NOT_FOUND');
  });

  it('refuses another channel’s ids, and a channel that is none of care', async () => {
    expect(await refusal(care.issue(1, { id: `rx-1-${serial(1)}` }))).toBe('WRONG_CHANNEL');
    expect(await refusal(care.issue(1, { patient: `pt-1-${serial(1)}` }))).toBe('WRONG_CHANNEL');
    expect(await refusal(new Care(world, 'care-1').issue(1))).toBe('WRONG_CHANNEL');
    expect(await refusal(new Care(world, 'claims').issue(1))).toBe('WRONG_CHANNEL');
  });

  it.each<[string, object]>([
    ['a negative quantity', { quantity: -1 }],
    ['no quantity', { quantity: 0 }],
    ['a fractional quantity', { quantity: 1.5 }],
    ['a quantity too large', { quantity: 100_001 }],
    ['a quantity in words', { quantity: '30' }],
    ['too many fills', { fills: 14 }],
    ['no fill', { fills: 0 }],
    ['a malformed CID', { cid: 'Qm123' }],
    ['a malformed hash', { contentHash: 'C'.repeat(64) }],
    ['a malformed redeeming hash', { redeemHash: 'c'.repeat(63) }],
    ['a malformed commitment', { commitment: 'd'.repeat(64) }],
    ['a malformed id', { id: 'rx-0-short' }],
    ['a channel number with a leading zero', { id: `rx-00-${serial(1)}` }],
    ['an expiry in the past', { expires: instant(-hour) }],
    ['an expiry too far ahead', { expires: instant(367 * day) }],
    ['an expiry that is no instant', { expires: 'tomorrow' }],
    ['a state of its own', { state: 'completed' }],
    ['a secret among the arguments', { releaseShare: 'x' }],
  ])('refuses %s', async (_case, change) => {
    expect(await refusal(care.issue(1, change as Partial<PrescriptionIssue>))).toBe('INVALID_ARGUMENT');
  });

  it.each<[string, Record<string, Uint8Array>]>([
    ['without secrets', {}],
    ['with empty secrets', { secrets: new Uint8Array() }],
    ['with secrets that are not JSON', { secrets: Buffer.from('{') }],
    ['with secrets over 16 KiB', { secrets: Buffer.from(JSON.stringify(secretsOf()).padEnd(16_385)) }],
    ['without a wrap', { secrets: bytesOf({ ...secretsOf(), patientWrap: undefined }) }],
    ['with a wrap that is not base64url', { secrets: bytesOf({ ...secretsOf(), authorWrap: 'a+b/=' }) }],
    ['with a share of the wrong length', { secrets: bytesOf({ ...secretsOf(), releaseShare: 'S'.repeat(42) }) }],
    ['with an unknown secret', { secrets: bytesOf({ ...secretsOf(), dataKey: 'x' }) }],
  ])('refuses a proposal %s', async (_case, transient) => {
    const call = care.submit(world.people.doctor, 'issue', [JSON.stringify(issueOf(1))], transient);
    expect(await refusal(call)).toBe('INVALID_ARGUMENT');
  });

  it('refuses a doctor without licence, suspended, of a suspended hospital, or with a stale key', async () => {
    const prepared = world.ledger;
    const branch = () => {
      world.ledger = prepared.clone();
    };
    branch();
    await expireLicence(world, 'doctor');
    expect(await refusal(care.issue(1))).toBe('LICENCE_INVALID');
    branch();
    await suspend(world, 'doctor');
    expect(await refusal(care.issue(1))).toBe('SUSPENDED');
    branch();
    await submitToRegistry(
      world,
      world.people.regulator,
      'setInstitutionStatus',
      institutionOf('hospital').id,
      'suspended',
    );
    expect(await refusal(care.issue(1))).toBe('SUSPENDED');
    branch();
    const next = await createIdentity('HospitalMSP', { role: 'doctor' });
    await submitToRegistry(
      world,
      world.people.doctor,
      'rotateKeys',
      practitionerIdOf('doctor'),
      JSON.stringify(next.keys),
    );
    expect(await refusal(care.issue(1))).toBe('NOT_REGISTERED');
    await care.issue(1, {}, next);
  });

  it('refuses a registered key under another organisation', async () => {
    expect(await refusal(care.issue(1, {}, { ...world.people.doctor, mspId: 'PharmacyMSP' }))).toBe('NOT_AUTHORISED');
  });
});

describe('cancel', () => {
  it('is the author’s, with a reason', async () => {
    const id = await care.issue(1);
    expect(await refusal(care.submit(world.people.otherDoctor, 'cancel', [id, 'wrong dose']))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.submit(world.people.doctor, 'cancel', [id, ' x ']))).toBe('REASON_REQUIRED');
    await care.submit(world.people.doctor, 'cancel', [id, 'wrong dose']);
    expect(await care.read(id)).toMatchObject({ state: 'cancelled', reason: 'wrong dose', version: 2 });
  });
});

describe('the access code', () => {
  const { codeWrap, releaseShare } = secretsOf('new');
  const renewed = { secrets: bytesOf({ codeWrap, releaseShare }) };
  let id: string;
  beforeEach(async () => {
    id = await care.issue(1);
  });

  it('is voided and renewed by the patient, whose prescription then has the new hash', async () => {
    await care.submit(world.people.patient, 'voidCode', [id]);
    expect(await care.read(id)).toMatchObject({ codeValid: false, state: 'active', version: 2 });
    expect(await refusal(care.submit(world.people.patient, 'voidCode', [id]))).toBe('CODE_VOID');
    await care.submit(world.people.patient, 'renewCode', [id, redeemKeyOf(5).hash], renewed);
    expect(await care.read(id)).toMatchObject({ codeValid: true, redeemHash: redeemKeyOf(5).hash, version: 3 });
  });

  it('is not another patient’s to void or renew, nor a suspended or unknown one’s', async () => {
    const { otherPatient, stranger } = world.people;
    const args = [id, redeemKeyOf(5).hash];
    expect(await refusal(care.submit(otherPatient, 'voidCode', [id]))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.submit(otherPatient, 'renewCode', args, renewed))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.submit(stranger, 'voidCode', [id]))).toBe('NOT_REGISTERED');
    expect(await refusal(care.submit(stranger, 'renewCode', args, renewed))).toBe('NOT_REGISTERED');
    const { state } = world.ledger.namespace('care-0', 'care');
    const key = `\u0000patient\u0000${patientIds.patient}\u0000`;
    const record = JSON.parse(Buffer.from(state.get(key)?.value ?? []).toString());
    state.set(key, { value: bytesOf({ ...record, status: 'suspended' }), version: 9 });
    expect(await refusal(care.submit(world.people.patient, 'voidCode', [id]))).toBe('SUSPENDED');
    expect(await refusal(care.submit(world.people.patient, 'renewCode', args, renewed))).toBe('SUSPENDED');
    expect(await refusal(care.issue(2))).toBe('SUSPENDED');
    expect(await refusal(care.evaluate(world.people.patient, 'readWraps', JSON.stringify([id])))).toBe('SUSPENDED');
  });

  it('is not renewed with a hash in use, without secrets, with wraps, or after the expiry', async () => {
    const { patient } = world.people;
    const renew = (hash: string, transient: Record<string, Uint8Array>) =>
      refusal(care.submit(patient, 'renewCode', [id, hash], transient));
    expect(await renew(redeemKeyOf(1).hash, renewed)).toBe('ALREADY_EXISTS');
    expect(await renew('x', renewed)).toBe('INVALID_ARGUMENT');
    expect(await renew(redeemKeyOf(5).hash, {})).toBe('INVALID_ARGUMENT');
    expect(await renew(redeemKeyOf(5).hash, { secrets: bytesOf(secretsOf()) })).toBe('INVALID_ARGUMENT');
    passTime(91 * day);
    expect(await renew(redeemKeyOf(5).hash, renewed)).toBe('EXPIRED');
  });
});
