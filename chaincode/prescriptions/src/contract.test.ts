import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type {
  Patient,
  Prescription,
  PrescriptionHistoryEntry,
  PrescriptionIssue,
  PrescriptionWrap,
} from '../../model/prescription.ts';
import type { Page } from '../../model/registry.ts';
import { createIdentity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import {
  bytesOf,
  day,
  dispenseOf,
  expiredLicence,
  hour,
  instant,
  institutionOf,
  issueOf,
  patientIds,
  redeemKeyOf,
  secretsOf,
  serial,
} from '../../testing/samples.ts';
import { Care, createWorld, practitionerIdOf, type StaffName, type World } from '../../testing/world.ts';

let world: World;
let care: Care;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
});
afterEach(() => {
  vi.useRealTimers();
});

const registry = (caller: World['people']['doctor'], name: string, ...args: string[]) =>
  world.ledger.submit({ channel: 'registry', contract: 'registry', function: name, args, caller });
const suspend = (name: StaffName) =>
  registry(world.people.regulator, 'setPractitionerStatus', practitionerIdOf(name), 'suspended');

/** Ends a person's licence. */
async function expireLicence(name: StaffName): Promise<void> {
  const caller = world.registrars[name === 'doctor' ? 'HospitalMSP' : 'PharmacyMSP'];
  await registry(caller, 'renewLicence', practitionerIdOf(name), JSON.stringify(expiredLicence()));
}

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
    await expireLicence('doctor');
    expect(await refusal(care.issue(1))).toBe('LICENCE_INVALID');
    branch();
    await suspend('doctor');
    expect(await refusal(care.issue(1))).toBe('SUSPENDED');
    branch();
    await registry(world.people.regulator, 'setInstitutionStatus', institutionOf('hospital').id, 'suspended');
    expect(await refusal(care.issue(1))).toBe('SUSPENDED');
    branch();
    const next = await createIdentity('HospitalMSP', { role: 'doctor' });
    await registry(world.people.doctor, 'rotateKeys', practitionerIdOf('doctor'), JSON.stringify(next.keys));
    expect(await refusal(care.issue(1))).toBe('NOT_REGISTERED');
    await care.issue(1, {}, next);
  });

  it('refuses a registered key under another organisation', async () => {
    expect(await refusal(care.issue(1, {}, { ...world.people.doctor, mspId: 'PharmacyMSP' }))).toBe('NOT_AUTHORISED');
  });
});

describe('registerPatient', () => {
  const registration = (pseudonym: string, keys: Patient['keys']) => JSON.stringify({ pseudonym, keys });

  it('records pseudonym and keys', async () => {
    expect(await care.readPatient(patientIds.patient)).toEqual({
      pseudonym: patientIds.patient,
      keys: world.people.patient.keys,
      status: 'active',
      version: 1,
    });
  });

  it('refuses a known pseudonym, a known key, another channel and a malformed key', async () => {
    const { keys } = await createIdentity('PatientMSP');
    const act = (pseudonym: string, recorded: object) =>
      refusal(
        care.submit(world.registrars.PatientMSP, 'registerPatient', [JSON.stringify({ pseudonym, keys: recorded })]),
      );
    expect(await act(patientIds.patient, keys)).toBe('ALREADY_EXISTS');
    expect(await act(`pt-0-${serial(50)}`, world.people.patient.keys)).toBe('KEY_EXISTS');
    expect(await act(`pt-1-${serial(50)}`, keys)).toBe('WRONG_CHANNEL');
    expect(await act(`pt-0-${serial(50)}`, { ...keys, readingKey: 'short' })).toBe('INVALID_ARGUMENT');
  });

  it('is for the registrars of patients and hospitals', async () => {
    let number = 60;
    for (const [mspId, registrar] of Object.entries(world.registrars)) {
      number += 1;
      const args = [registration(`pt-0-${serial(number)}`, (await createIdentity('PatientMSP')).keys)];
      const act = care.submit(registrar, 'registerPatient', args);
      if (mspId === 'PatientMSP' || mspId === 'HospitalMSP') await act;
      else expect(await refusal(act), mspId).toBe('NOT_AUTHORISED');
    }
  });
});

describe('accept', () => {
  let id: string;
  beforeEach(async () => {
    id = await care.issue(1);
  });

  it('gives the hold to the pharmacy', async () => {
    const { result } = await care.accept(id, 1);
    expect(result).toBe('');
    expect(await care.read(id)).toMatchObject({
      state: 'accepted',
      holder: { practitionerId: practitionerIdOf('pharmacist'), institutionId: institutionOf('pharmacy').id },
      version: 2,
    });
  });

  it('refuses a wrong code, a malformed one and a missing one', async () => {
    expect(await refusal(care.accept(id, 2))).toBe('WRONG_CODE');
    for (const transient of [
      {},
      { redeemKey: new Uint8Array(31) },
      { redeemKey: new Uint8Array(33) },
      { redeemKey: new Uint8Array() },
    ]) {
      const call = care.submit(world.people.pharmacist, 'accept', [id], transient as Record<string, Uint8Array>);
      expect(await refusal(call)).toBe('INVALID_ARGUMENT');
    }
  });

  it('refuses the code of another prescription', async () => {
    await care.issue(2);
    expect(await refusal(care.accept(id, 2))).toBe('WRONG_CODE');
  });

  it('refuses a voided and a replaced code, and takes the new one', async () => {
    await care.submit(world.people.patient, 'voidCode', [id]);
    expect(await refusal(care.accept(id, 1))).toBe('CODE_VOID');
    const { codeWrap, releaseShare } = secretsOf('new');
    const renewed = { secrets: bytesOf({ codeWrap, releaseShare }) };
    await care.submit(world.people.patient, 'renewCode', [id, redeemKeyOf(9).hash], renewed);
    expect(await refusal(care.accept(id, 1))).toBe('CODE_VOID');
    await care.accept(id, 9);
  });

  it('refuses from the instant of expiry on', async () => {
    passTime(90 * day);
    expect(await refusal(care.accept(id, 1))).toBe('EXPIRED');
  });

  it('cannot be backdated to before the expiry', async () => {
    passTime(90 * day);
    const backdated = {
      ...care.order(world.people.pharmacist, 'accept', [id], { redeemKey: redeemKeyOf(1).key }),
      at: new Date(Date.now() - 3 * 60_000),
    };
    expect(await refusal(world.ledger.submit(backdated))).toBe('CLOCK_SKEW');
  });

  it('checks the author again', async () => {
    const prepared = world.ledger;
    world.ledger = prepared.clone();
    await suspend('doctor');
    expect(await refusal(care.accept(id, 1))).toBe('SUSPENDED');
    world.ledger = prepared.clone();
    await expireLicence('doctor');
    expect(await refusal(care.accept(id, 1))).toBe('LICENCE_INVALID');
  });

  it('refuses a pharmacist who is suspended or without licence', async () => {
    const prepared = world.ledger;
    world.ledger = prepared.clone();
    await suspend('pharmacist');
    expect(await refusal(care.accept(id, 1))).toBe('SUSPENDED');
    world.ledger = prepared.clone();
    await expireLicence('pharmacist');
    expect(await refusal(care.accept(id, 1))).toBe('LICENCE_INVALID');
  });

  it('refuses a second pharmacy, and the same one a second time', async () => {
    await care.accept(id, 1);
    expect(await refusal(care.accept(id, 1, world.people.otherPharmacist))).toBe('HELD_BY_ANOTHER');
    expect(await refusal(care.accept(id, 1, world.people.colleague))).toBe('WRONG_STATE');
  });

  it('lets one of two concurrent pharmacies win', async () => {
    const transient = { redeemKey: redeemKeyOf(1).key };
    const first = await world.ledger.endorse(care.order(world.people.pharmacist, 'accept', [id], transient));
    const second = await world.ledger.endorse(care.order(world.people.otherPharmacist, 'accept', [id], transient));
    expect(world.ledger.commit(second)).toBe('VALID');
    expect(world.ledger.commit(first)).toBe('MVCC_READ_CONFLICT');
    expect((await care.read(id)).holder?.institutionId).toBe(institutionOf('otherPharmacy').id);
  });
});

describe('dispense', () => {
  let id: string;
  beforeEach(async () => {
    id = await care.issue(1);
    await care.accept(id, 1);
  });

  it('records a part, then the rest, and completes', async () => {
    const { result } = await care.dispense(id, 1, 20);
    expect(result).toBe('');
    expect(await care.read(id)).toMatchObject({ state: 'partial', left: 40, version: 3 });
    await care.dispense(id, 2, 40, world.people.colleague);
    const completed = await care.read(id);
    expect(completed).toMatchObject({ state: 'completed', left: 0, version: 4 });
    expect(completed.holder).toBeUndefined();
    expect(completed.dispenses).toEqual([
      {
        ...dispenseOf(1, 20),
        practitionerId: practitionerIdOf('pharmacist'),
        institutionId: institutionOf('pharmacy').id,
        at: expect.any(String),
      },
      expect.objectContaining({ practitionerId: practitionerIdOf('colleague'), quantity: 40 }),
    ]);
  });

  it('refuses more than is left', async () => {
    expect(await refusal(care.dispense(id, 1, 61))).toBe('QUANTITY_EXCEEDED');
    await care.dispense(id, 1, 59);
    expect(await refusal(care.dispense(id, 2, 2))).toBe('QUANTITY_EXCEEDED');
  });

  it('refuses a dispense that is recorded already, on any prescription', async () => {
    await care.dispense(id, 1, 1);
    expect(await refusal(care.dispense(id, 1, 1))).toBe('ALREADY_EXISTS');
    const other = await care.issue(2);
    await care.accept(other, 2);
    expect(await refusal(care.dispense(other, 1, 1))).toBe('ALREADY_EXISTS');
  });

  it.each([
    ['a negative quantity', { quantity: -1 }],
    ['a fractional quantity', { quantity: 0.5 }],
    ['no quantity', { quantity: 0 }],
    ['a malformed id', { id: 'disp-1' }],
    ['an unknown member', { patientName: 'somebody' }],
  ])('refuses %s', async (_case, change) => {
    const argument = JSON.stringify({ ...dispenseOf(1, 1), ...change });
    expect(await refusal(care.submit(world.people.pharmacist, 'dispense', [id, argument]))).toBe('INVALID_ARGUMENT');
  });

  it('is for the pharmacy that holds it', async () => {
    expect(await refusal(care.dispense(id, 1, 1, world.people.otherPharmacist))).toBe('HELD_BY_ANOTHER');
  });

  it('goes on after the expiry, which ends only the taking hold', async () => {
    passTime(91 * day);
    await care.dispense(id, 1, 1);
  });

  it('ends after 100 dispenses', async () => {
    for (let n = 1; n <= 50; n++) await care.dispense(id, n, 1);
    const large = await care.issue(2, { quantity: 100_000 });
    await care.accept(large, 2);
    for (let n = 101; n <= 200; n++) await care.dispense(large, n, 1);
    expect(await refusal(care.dispense(large, 201, 1))).toBe('WRONG_STATE');
  });
});

describe('return and close', () => {
  let id: string;
  beforeEach(async () => {
    id = await care.issue(1);
    await care.accept(id, 1);
  });

  it('return frees it for another pharmacy, which may dispense only what is left', async () => {
    await care.dispense(id, 1, 50);
    await care.submit(world.people.colleague, 'return', [id]);
    expect(await care.read(id)).toMatchObject({ state: 'active', left: 10 });
    expect((await care.read(id)).holder).toBeUndefined();
    await care.accept(id, 1, world.people.otherPharmacist);
    expect(await refusal(care.dispense(id, 2, 11, world.people.otherPharmacist))).toBe('QUANTITY_EXCEEDED');
    await care.dispense(id, 2, 10, world.people.otherPharmacist);
  });

  it('close ends it short, with a reason', async () => {
    await care.dispense(id, 1, 5);
    await care.submit(world.people.pharmacist, 'close', [id, '  The rest is not needed  ']);
    const closed = await care.read(id);
    expect(closed).toMatchObject({ state: 'completed', left: 55, reason: 'The rest is not needed' });
    expect(closed.holder).toBeUndefined();
  });

  it('close asks a reason', async () => {
    for (const reason of ['', '  ', ' ok ']) {
      expect(await refusal(care.submit(world.people.pharmacist, 'close', [id, reason]))).toBe('REASON_REQUIRED');
    }
    for (const reason of ['x'.repeat(301), 'a\u0000bc']) {
      expect(await refusal(care.submit(world.people.pharmacist, 'close', [id, reason]))).toBe('INVALID_ARGUMENT');
    }
  });

  it('are for the pharmacy that holds it', async () => {
    const { otherPharmacist } = world.people;
    expect(await refusal(care.submit(otherPharmacist, 'return', [id]))).toBe('HELD_BY_ANOTHER');
    expect(await refusal(care.submit(otherPharmacist, 'close', [id, 'no stock']))).toBe('HELD_BY_ANOTHER');
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
    const { state } = world.ledger.namespace('care-0', 'prescriptions');
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

describe('reads', () => {
  it('find a prescription by the redeeming hash, and say what became of a replaced one', async () => {
    const id = await care.issue(1);
    const find = (hash: string) => care.evaluate<Prescription>(world.people.service, 'findByRedeemHash', hash);
    expect((await find(redeemKeyOf(1).hash)).id).toBe(id);
    expect(await refusal(find(redeemKeyOf(2).hash))).toBe('WRONG_CODE');
    expect(await refusal(find('x'))).toBe('INVALID_ARGUMENT');
    const { codeWrap, releaseShare } = secretsOf('new');
    await care.submit(world.people.patient, 'renewCode', [id, redeemKeyOf(2).hash], {
      secrets: bytesOf({ codeWrap, releaseShare }),
    });
    expect(await refusal(find(redeemKeyOf(1).hash))).toBe('CODE_VOID');
    expect((await find(redeemKeyOf(2).hash)).id).toBe(id);
  });

  it('read many in the order asked, without the unknown', async () => {
    const ids = [await care.issue(3), await care.issue(1), await care.issue(2)];
    const asked = JSON.stringify([ids[2], `rx-0-${serial(77)}`, ids[0]]);
    const found = await care.evaluate<Prescription[]>(world.people.service, 'readMany', asked);
    expect(found.map(({ id }) => id)).toEqual([ids[2], ids[0]]);
    const many = (wanted: unknown) => refusal(care.evaluate(world.people.service, 'readMany', JSON.stringify(wanted)));
    expect(await many([])).toBe('INVALID_ARGUMENT');
    expect(await many(Array.from({ length: 101 }, (_, n) => `rx-0-${serial(n)}`))).toBe('INVALID_ARGUMENT');
    expect(await many([`rx-1-${serial(1)}`])).toBe('WRONG_CHANNEL');
  });

  it('list a patient’s prescriptions page by page, and nobody else’s', async () => {
    for (let n = 1; n <= 5; n++) await care.issue(n);
    await care.issue(6, { patient: patientIds.otherPatient });
    const list = (size: string, bookmark: string) =>
      care.evaluate<Page<Prescription>>(world.people.service, 'listByPatient', patientIds.patient, size, bookmark);
    const first = await list('3', '');
    const second = await list('3', first.bookmark);
    expect(first.items).toHaveLength(3);
    expect(second.items).toHaveLength(2);
    expect(second.bookmark).toBe('');
    const seen = [...first.items, ...second.items].map(({ id }) => id);
    expect(seen.sort()).toEqual([1, 2, 3, 4, 5].map((n) => issueOf(n).id).sort());
    expect(await refusal(list('0', ''))).toBe('INVALID_ARGUMENT');
    expect(await refusal(list('3', `\u0000patientPrescription\u0000${patientIds.otherPatient}\u0000`))).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('give the history, oldest first', async () => {
    const id = await care.issue(1);
    await care.accept(id, 1);
    await care.dispense(id, 1, 60);
    const entries = await care.evaluate<PrescriptionHistoryEntry[]>(world.people.service, 'history', id);
    expect(entries.map(({ prescription }) => prescription.state)).toEqual(['active', 'accepted', 'completed']);
    expect(new Set(entries.map(({ transactionId }) => transactionId)).size).toBe(3);
    expect(entries[0]?.at).toBe(entries[0]?.prescription.authoredOn);
  });

  it.each(['read', 'history', 'readRelease'])('%s refuses what is unknown, malformed or elsewhere', async (name) => {
    const { pharmacist } = world.people;
    expect(await refusal(care.evaluate(pharmacist, name, `rx-0-${serial(77)}`))).toBe('NOT_FOUND');
    expect(await refusal(care.evaluate(pharmacist, name, 'x'))).toBe('INVALID_ARGUMENT');
    expect(await refusal(care.evaluate(pharmacist, name, `rx-1-${serial(1)}`))).toBe('WRONG_CHANNEL');
  });

  it.each(['readPatient', 'listByPatient'])('%s refuses a pseudonym that is malformed or elsewhere', async (name) => {
    const rest = name === 'listByPatient' ? ['10', ''] : [];
    const { service } = world.people;
    expect(await refusal(care.evaluate(service, name, 'x', ...rest))).toBe('INVALID_ARGUMENT');
    expect(await refusal(care.evaluate(service, name, `pt-1-${serial(1)}`, ...rest))).toBe('WRONG_CHANNEL');
  });

  it('readPatient refuses an unknown pseudonym', async () => {
    expect(await refusal(care.readPatient(`pt-0-${serial(99)}`))).toBe('NOT_FOUND');
  });
});

describe('readWraps', () => {
  it('gives patient and author each their own wrap, and nobody another’s', async () => {
    const ids = [await care.issue(1), await care.issue(2)];
    const wraps = (caller: keyof World['people'], wanted: unknown = ids) =>
      care.evaluate<PrescriptionWrap[]>(world.people[caller], 'readWraps', JSON.stringify(wanted));
    expect(await wraps('patient')).toEqual(ids.map((id, n) => ({ id, wrap: secretsOf(`${n + 1}`).patientWrap })));
    expect(await wraps('doctor')).toEqual(ids.map((id, n) => ({ id, wrap: secretsOf(`${n + 1}`).authorWrap })));
    for (const other of ['otherPatient', 'otherDoctor', 'pharmacist', 'regulator'] as const) {
      expect(await refusal(wraps(other)), other).toBe('NOT_AUTHORISED');
    }
    for (const other of ['stranger', 'impostor', 'service'] as const) {
      expect(await refusal(wraps(other)), other).toBe('NOT_REGISTERED');
    }
    expect(await refusal(wraps('patient', [`rx-0-${serial(77)}`]))).toBe('NOT_FOUND');
    expect(await refusal(wraps('patient', [`rx-1-${serial(1)}`]))).toBe('WRONG_CHANNEL');
    expect(await refusal(wraps('patient', []))).toBe('INVALID_ARGUMENT');
    expect(
      await refusal(
        wraps(
          'patient',
          Array.from({ length: 51 }, (_, n) => `rx-0-${serial(n)}`),
        ),
      ),
    ).toBe('INVALID_ARGUMENT');
  });

  it('refuses a suspended author, and keeps serving one whose licence has ended', async () => {
    const ids = JSON.stringify([await care.issue(1)]);
    await expireLicence('doctor');
    expect(await care.evaluate(world.people.doctor, 'readWraps', ids)).toHaveLength(1);
    await suspend('doctor');
    expect(await refusal(care.evaluate(world.people.doctor, 'readWraps', ids))).toBe('SUSPENDED');
  });
});

describe('readRelease', () => {
  it('is for the pharmacy that holds the prescription, while it holds it', async () => {
    const id = await care.issue(1);
    const release = (caller: keyof World['people']) => care.evaluate(world.people[caller], 'readRelease', id);
    expect(await refusal(release('pharmacist'))).toBe('WRONG_STATE');
    await care.accept(id, 1);
    const { codeWrap, releaseShare } = secretsOf('1');
    expect(await release('pharmacist')).toEqual({ codeWrap, releaseShare });
    expect(await release('colleague')).toEqual({ codeWrap, releaseShare });
    expect(await refusal(release('otherPharmacist'))).toBe('HELD_BY_ANOTHER');
    for (const other of ['doctor', 'regulator', 'insurer', 'admin'] as const) {
      expect(await refusal(release(other)), other).toBe('NOT_AUTHORISED');
    }
    for (const other of ['patient', 'stranger', 'impostor', 'service'] as const) {
      expect(await refusal(release(other)), other).toBe('NOT_REGISTERED');
    }
    await care.submit(world.people.pharmacist, 'return', [id]);
    expect(await refusal(release('pharmacist'))).toBe('WRONG_STATE');
  });

  it('judges the licence by the peer’s clock, not by the time that the proposal claims', async () => {
    const id = await care.issue(1);
    await care.accept(id, 1);
    await expireLicence('pharmacist');
    const backdated = {
      ...care.order(world.people.pharmacist, 'readRelease', [id]),
      at: new Date(Date.now() - 5 * day),
    };
    expect(await refusal(world.ledger.evaluate(backdated))).toBe('LICENCE_INVALID');
  });
});
