import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { refusal } from '../../testing/ledger.ts';
import {
  bytesOf,
  day,
  dispenseOf,
  institutionOf,
  redeemKeyOf,
  reservationOf,
  secretsOf,
} from '../../testing/samples.ts';
import { Care, createWorld, expireLicence, practitionerIdOf, suspend, type World } from '../../testing/world.ts';

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

const checked = { tableVersion: 'medloom-2', outcome: 'incomplete', hash: 'a'.repeat(64) };

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
    await suspend(world, 'doctor');
    expect(await refusal(care.accept(id, 1))).toBe('SUSPENDED');
    world.ledger = prepared.clone();
    await expireLicence(world, 'doctor');
    expect(await refusal(care.accept(id, 1))).toBe('LICENCE_INVALID');
  });

  it('refuses a pharmacist who is suspended or without licence', async () => {
    const prepared = world.ledger;
    world.ledger = prepared.clone();
    await suspend(world, 'pharmacist');
    expect(await refusal(care.accept(id, 1))).toBe('SUSPENDED');
    world.ledger = prepared.clone();
    await expireLicence(world, 'pharmacist');
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
    ['a clinical check with words in it', { safety: { ...checked, findings: ['allergy'] } }],
    ['a clinical check without its hash', { safety: { tableVersion: 'medloom-2', outcome: 'clear' } }],
  ])('refuses %s', async (_case, change) => {
    const argument = JSON.stringify({ ...dispenseOf(1, 1), ...change });
    expect(await refusal(care.submit(world.people.pharmacist, 'dispense', [id, argument]))).toBe('INVALID_ARGUMENT');
  });

  it('keeps that the pharmacist made a clinical check, and what came of it', async () => {
    const argument = JSON.stringify({ ...dispenseOf(1, 1), safety: checked });
    await care.submit(world.people.pharmacist, 'dispense', [id, argument]);
    expect((await care.read(id)).dispenses[0]?.safety).toEqual(checked);
  });

  it('is for the pharmacy that holds it', async () => {
    expect(await refusal(care.dispense(id, 1, 1, world.people.otherPharmacist))).toBe('HELD_BY_ANOTHER');
  });

  it('goes on after the expiry, which ends only the taking hold', async () => {
    passTime(91 * day);
    await care.dispense(id, 1, 1);
  });

  it('ends after 100 dispenses', async () => {
    const large = await care.issue(2, { quantity: 100_000 });
    await care.accept(large, 2);
    for (let n = 1; n <= 100; n++) await care.dispense(large, n, 1);
    expect(await refusal(care.dispense(large, 101, 1))).toBe('WRONG_STATE');
  }, 30_000);
});

describe('reserve and releaseReservation', () => {
  let id: string;
  beforeEach(async () => {
    id = await care.issue(1);
    await care.accept(id, 1);
  });

  it('keeps the units for the dispense, which any colleague completes', async () => {
    const { result } = await care.reserve(id, 1, 20);
    expect(result).toBe('');
    expect(await care.read(id)).toMatchObject({
      state: 'accepted',
      left: 60,
      reservation: {
        ...reservationOf(1, 20),
        practitionerId: practitionerIdOf('pharmacist'),
        institutionId: institutionOf('pharmacy').id,
      },
    });
    await care.complete(id, 1, 20, world.people.colleague);
    const after = await care.read(id);
    expect(after).toMatchObject({ state: 'partial', left: 40, dispenses: [{ packs: 2, packsHash: '9'.repeat(64) }] });
    expect(after.reservation).toBeUndefined();
    expect(await refusal(care.reserve(id, 1, 20))).toBe('ALREADY_EXISTS');
  });

  it('refuses return and close until it is released, by a colleague too', async () => {
    await care.reserve(id, 1, 20);
    expect(await refusal(care.submit(world.people.pharmacist, 'return', [id]))).toBe('WRONG_STATE');
    expect(await refusal(care.submit(world.people.pharmacist, 'close', [id, 'no stock']))).toBe('WRONG_STATE');
    expect(await refusal(care.submit(world.people.doctor, 'cancel', [id, 'a reason']))).toBe('HELD_BY_ANOTHER');
    await care.release(id, 1, world.people.colleague);
    expect(await refusal(care.release(id, 1))).toBe('NOT_FOUND');
    await care.submit(world.people.pharmacist, 'return', [id]);
  });

  it('is for pharmacists of the pharmacy that holds it', async () => {
    const { otherPharmacist, doctor, patient, admin, regulator, stranger } = world.people;
    await care.reserve(id, 1, 20);
    for (const [caller, code] of [
      [otherPharmacist, 'HELD_BY_ANOTHER'],
      [doctor, 'NOT_AUTHORISED'],
      [admin, 'NOT_AUTHORISED'],
      [regulator, 'NOT_AUTHORISED'],
      [patient, 'NOT_REGISTERED'],
      [stranger, 'NOT_REGISTERED'],
    ] as const) {
      expect(await refusal(care.reserve(id, 2, 1, caller))).toBe(code);
      expect(await refusal(care.release(id, 1, caller))).toBe(code);
    }
    const prepared = world.ledger;
    world.ledger = prepared.clone();
    await suspend(world, 'pharmacist');
    expect(await refusal(care.release(id, 1))).toBe('SUSPENDED');
    world.ledger = prepared.clone();
    await expireLicence(world, 'pharmacist');
    expect(await refusal(care.reserve(id, 2, 1))).toBe('LICENCE_INVALID');
  });

  it.each([
    ['no pack', { packs: 0 }],
    ['too many packs', { packs: 101 }],
    ['a number of a pack in clear', { packsHash: '09506000134352' }],
    ['an unknown member', { gtin: '09506000134352' }],
    ['no quantity', { quantity: 0 }],
  ])('refuses %s', async (_case, change) => {
    const argument = JSON.stringify({ ...reservationOf(1, 1), ...change });
    expect(await refusal(care.submit(world.people.pharmacist, 'reserve', [id, argument]))).toBe('INVALID_ARGUMENT');
  });

  it('lets one of two concurrent reservations win', async () => {
    const { pharmacist, colleague } = world.people;
    const order = (caller: typeof pharmacist, seed: number) =>
      care.order(caller, 'reserve', [id, JSON.stringify(reservationOf(seed, 40))]);
    const first = await world.ledger.endorse(order(pharmacist, 1));
    const second = await world.ledger.endorse(order(colleague, 2));
    expect(world.ledger.commit(first)).toBe('VALID');
    expect(world.ledger.commit(second)).toBe('MVCC_READ_CONFLICT');
    expect((await care.read(id)).reservation?.dispenseId).toBe(dispenseOf(1, 1).id);
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
