import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Prescription } from '../../model/prescription.ts';
import { refusal } from '../../testing/ledger.ts';
import {
  bytesOf,
  day,
  dispenseOf,
  hour,
  instant,
  institutions,
  issueOf,
  packedDispenseOf,
  redeemKeyOf,
  reservationOf,
  secretsOf,
  serial,
} from '../../testing/samples.ts';
import { Care, createWorld, suspend, type World } from '../../testing/world.ts';

let world: World;
let care: Care;
const id = issueOf(1).id;
const other = institutions.otherPharmacy.id;
const wrap = { transferWrap: Buffer.from('for-the-other-pharmacy') };
const offer = () => care.submit(world.people.pharmacist, 'offerTransfer', [id, JSON.stringify({ to: other })], wrap);
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
const by = (who: 'patient' | 'doctor' | 'pharmacist' | 'otherPharmacist', name: string, ...args: string[]) =>
  care.submit(world.people[who], name, [id, ...args]);

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  world = await createWorld();
  care = new Care(world);
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a request to cancel', () => {
  beforeEach(async () => {
    await care.issue(1);
    await care.accept(id, 1);
    await by('doctor', 'requestCancel', 'wrong dose');
  });

  it('keeps anything new from being dispensed, until the holder refuses it', async () => {
    expect(await refusal(care.reserve(id, 1, 10))).toBe('CANCEL_REQUESTED');
    expect(await refusal(care.dispense(id, 1, 10))).toBe('CANCEL_REQUESTED');
    expect(await refusal(offer())).toBe('CANCEL_REQUESTED');
    expect(await refusal(by('patient', 'requestCancel', 'not wanted'))).toBe('ALREADY_EXISTS');
    await by('pharmacist', 'answerCancel', 'refuse', 'handed over already');
    expect((await care.read(id)).cancelRequest?.refused).toMatchObject({ reason: 'handed over already' });
    await care.dispense(id, 1, 10);
    await by('patient', 'requestCancel', 'not wanted');
  });

  it('ends it with what was dispensed, once the holder agrees', async () => {
    await by('pharmacist', 'answerCancel', 'cancel', 'as asked');
    const ended = await care.read(id);
    expect(ended).toMatchObject({ state: 'cancelled', reason: 'as asked' });
    expect(ended.holder).toBeUndefined();
    const release = care.evaluate(world.people.pharmacist, 'readRelease', id);
    expect(await refusal(release)).toBe('WRONG_STATE');
  });

  it('takes effect when the holder gives it back without an answer', async () => {
    await by('pharmacist', 'return');
    expect(await care.read(id)).toMatchObject({ state: 'cancelled', reason: 'wrong dose' });
  });

  it('lets what was reserved before be dispensed, and waits for that', async () => {
    await by('pharmacist', 'answerCancel', 'refuse', 'not yet');
    await care.reserve(id, 1, 10);
    await by('doctor', 'requestCancel', 'wrong dose');
    expect(await refusal(by('pharmacist', 'answerCancel', 'cancel', 'as asked'))).toBe('WRONG_STATE');
    await care.complete(id, 1, 10);
    await by('pharmacist', 'answerCancel', 'cancel', 'as asked');
    expect(await care.read(id)).toMatchObject({ state: 'cancelled', left: 50 });
  });
});

describe('a hold', () => {
  beforeEach(async () => {
    await care.issue(1);
    await care.accept(id, 1);
  });

  it('is ended by the patient after a day and the notice of another, and by no clock alone', async () => {
    pass(day - 1);
    expect(await refusal(by('patient', 'noticeHold'))).toBe('NOT_DUE');
    expect(await refusal(by('patient', 'endHold'))).toBe('WRONG_STATE');
    pass(1);
    await by('patient', 'noticeHold');
    expect(await refusal(by('patient', 'noticeHold'))).toBe('ALREADY_EXISTS');
    pass(day - 1);
    expect(await refusal(by('patient', 'endHold'))).toBe('NOT_DUE');
    pass(30 * day);
    expect((await care.read(id)).state).toBe('accepted');
    await by('patient', 'endHold');
    const free = await care.read(id);
    expect([free.state, free.holder, free.holdNotice]).toEqual(['active', undefined, undefined]);
    await care.accept(id, 1, world.people.otherPharmacist);
  });

  it.each(['packs', 'none'] as const)(
    'is kept by a pharmacy that goes on, with scanned packs or without: %s',
    async (packs) => {
      pass(day);
      await by('patient', 'noticeHold');
      if (packs === 'none') await care.dispense(id, 1, 10);
      else {
        await care.reserve(id, 1, 10);
        await care.complete(id, 1, 10);
      }
      expect((await care.read(id)).holdNotice).toBeUndefined();
      pass(day);
      expect(await refusal(by('patient', 'endHold'))).toBe('WRONG_STATE');
    },
  );

  it('is not kept by reserving and releasing: the notice stands until something is dispensed', async () => {
    pass(day);
    await by('patient', 'noticeHold');
    await care.reserve(id, 1, 10);
    expect((await care.read(id)).holdNotice).toBeDefined();
    pass(day);
    expect(await refusal(by('patient', 'endHold'))).toBe('WRONG_STATE');
    await care.release(id, 1);
    await by('patient', 'endHold');
    expect((await care.read(id)).state).toBe('active');
  });
});

describe('a transfer', () => {
  beforeEach(async () => {
    await care.issue(1);
    await care.accept(id, 1);
  });
  const keys = (who: 'pharmacist' | 'otherPharmacist') => care.evaluate(world.people[who], 'readTransfer', id);

  it('gives the other pharmacy the keys and then the hold', async () => {
    expect(await refusal(keys('otherPharmacist'))).toBe('NOT_AUTHORISED');
    await offer();
    expect(await keys('otherPharmacist')).toEqual({ wrap: 'for-the-other-pharmacy' });
    expect(await refusal(keys('pharmacist'))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.dispense(id, 1, 10))).toBe('TRANSFER_PENDING');
    expect(await refusal(care.reserve(id, 1, 10))).toBe('TRANSFER_PENDING');
    await by('otherPharmacist', 'acceptTransfer');
    const { holder, transfer, state } = await care.read(id);
    expect([state, holder?.institutionId, holder?.from, transfer]).toEqual([
      ...['accepted', other, institutions.pharmacy.id, undefined],
    ]);
    expect(await keys('otherPharmacist')).toEqual({ wrap: 'for-the-other-pharmacy' });
    expect(await refusal(care.dispense(id, 1, 10))).toBe('HELD_BY_ANOTHER');
    await care.dispense(id, 1, 60, world.people.otherPharmacist);
    expect(await refusal(keys('otherPharmacist'))).toBe('NOT_AUTHORISED');
    const kept = [...world.ledger.namespace('care-0', 'care').privateData.keys()];
    expect(kept.filter((key) => key.includes('transfer:'))).toEqual([]);
  });

  it('begins no hold of what has expired', async () => {
    await offer();
    pass(Date.parse((await care.read(id)).expires) - Date.parse(instant(0)));
    expect(await refusal(by('otherPharmacist', 'acceptTransfer'))).toBe('EXPIRED');
    await by('pharmacist', 'withdrawTransfer');
  });

  it.each([
    ['pharmacist', 'withdrawTransfer'],
    ['otherPharmacist', 'withdrawTransfer'],
    ['patient', 'refuseTransfer'],
    ['pharmacist', 'return'],
  ] as const)('is ended by %s, %s, and its keys are gone', async (who, name) => {
    await offer();
    await by(who, name);
    expect((await care.read(id)).transfer).toBeUndefined();
    expect(await refusal(keys('otherPharmacist'))).toBe('NOT_AUTHORISED');
    expect(await refusal(by('otherPharmacist', 'acceptTransfer'))).toBe('WRONG_STATE');
    const kept = [...world.ledger.namespace('care-0', 'care').privateData.keys()];
    expect(kept.filter((key) => key.includes('transfer:'))).toEqual([]);
  });

  it('goes to an active pharmacy, and to no other institution', async () => {
    const to = (institution: string) =>
      care.submit(world.people.pharmacist, 'offerTransfer', [id, JSON.stringify({ to: institution })], wrap);
    expect(await refusal(to(institutions.hospital.id))).toBe('INVALID_ARGUMENT');
    expect(await refusal(to(institutions.pharmacy.id))).toBe('INVALID_ARGUMENT');
    expect(await refusal(to('inst-nobody-knows'))).toBe('NOT_FOUND');
    await offer();
    await suspend(world, 'doctor');
    expect(await refusal(by('otherPharmacist', 'acceptTransfer'))).toBe('SUSPENDED');
  });

  it('is found by the pharmacy that it is offered to, as long as it is', async () => {
    const offered = async (institution: string) => {
      const page = await care.evaluate<{ items: { id: string }[] }>(
        world.people.service,
        'listOffered',
        institution,
        '10',
        '',
      );
      return page.items.map((one) => one.id);
    };
    expect(await offered(other)).toEqual([]);
    await offer();
    expect([await offered(other), await offered(institutions.pharmacy.id)]).toEqual([[id], []]);
    await by('pharmacist', 'withdrawTransfer');
    expect(await offered(other)).toEqual([]);
    await offer();
    await by('otherPharmacist', 'acceptTransfer');
    expect(await offered(other)).toEqual([]);
  });

  it('leaves nothing of the keys where everybody sees it', async () => {
    await offer();
    expect(JSON.stringify(world.ledger.publicRecords)).not.toContain('for-the-other-pharmacy');
  });
});

describe('a pickup', () => {
  const code = redeemKeyOf(70);
  const authorise = (until = instant(day)) =>
    by('patient', 'authorisePickup', JSON.stringify({ hash: code.hash, until, kind: 'courier' }));
  const handOver = (seed: number, change: object, key?: Uint8Array) =>
    care.submit(
      world.people.pharmacist,
      'dispense',
      [id, JSON.stringify({ ...dispenseOf(seed, 10), ...change })],
      key ? { pickupKey: key } : {},
    );
  beforeEach(async () => {
    await care.issue(1);
    await authorise();
    await care.accept(id, 1);
  });

  it('counts once, for whom it is, until its end', async () => {
    const courier = { handedTo: 'courier' };
    expect(await refusal(handOver(1, courier))).toBe('PICKUP_REFUSED');
    expect(await refusal(handOver(1, {}, code.key))).toBe('PICKUP_REFUSED');
    expect(await refusal(handOver(1, courier, redeemKeyOf(71).key))).toBe('PICKUP_REFUSED');
    expect(await refusal(handOver(1, { handedTo: 'representative' }, code.key))).toBe('PICKUP_REFUSED');
    expect(await refusal(handOver(1, courier, new Uint8Array(31)))).toBe('INVALID_ARGUMENT');
    await handOver(1, courier, code.key);
    const { dispenses, pickup } = await care.read(id);
    expect([dispenses[0]?.handedTo, pickup?.used?.dispenseId]).toEqual(['courier', dispenseOf(1, 1).id]);
    expect(await refusal(handOver(2, courier, code.key))).toBe('PICKUP_REFUSED');
    await handOver(2, {});
    await authorise(instant(hour));
    pass(hour);
    expect(await refusal(handOver(3, courier, code.key))).toBe('PICKUP_REFUSED');
    expect(await refusal(authorise(instant(40 * day)))).toBe('INVALID_ARGUMENT');
  });

  it('counts with the reservation, and again where that is released', async () => {
    const reserve = () =>
      care.submit(
        world.people.pharmacist,
        'reserve',
        [id, JSON.stringify({ ...reservationOf(1, 10), handedTo: 'courier' })],
        { pickupKey: code.key },
      );
    await reserve();
    expect((await care.read(id)).pickup?.used).toBeDefined();
    await care.release(id, 1);
    expect((await care.read(id)).pickup?.used).toBeUndefined();
    await reserve();
    const packed = { withoutPacks: undefined };
    expect(await refusal(handOver(1, { ...packed, handedTo: 'representative' }))).toBe('PICKUP_REFUSED');
    await handOver(1, packed);
    expect((await care.read(id)).dispenses[0]?.handedTo).toBe('courier');
  });

  it('is nobody’s after it was revoked', async () => {
    await by('patient', 'revokePickup');
    expect(await refusal(by('patient', 'revokePickup'))).toBe('NOT_FOUND');
    expect(await refusal(handOver(1, { handedTo: 'courier' }, code.key))).toBe('PICKUP_REFUSED');
  });
});

describe('the terms of a prescription', () => {
  const series = { id: `rs-0-${serial(1)}`, part: 1, of: 3 };

  it('begin when they say', async () => {
    await care.issue(1, { validFrom: instant(hour) });
    expect(await refusal(care.accept(id, 1))).toBe('NOT_YET_VALID');
    pass(hour);
    await care.accept(id, 1);
  });

  it('release one fill after the other', async () => {
    await care.issue(1, { quantity: 10, fills: 3, fillEveryDays: 7 });
    await care.accept(id, 1);
    expect(await refusal(care.dispense(id, 1, 11))).toBe('NOT_YET_VALID');
    await care.dispense(id, 1, 10);
    expect(await refusal(care.reserve(id, 2, 1))).toBe('NOT_YET_VALID');
    pass(7 * day - 1000);
    expect(await refusal(care.dispense(id, 2, 1))).toBe('NOT_YET_VALID');
    pass(1000);
    await care.reserve(id, 2, 6);
    expect(await refusal(care.dispense(id, 3, 5))).toBe('NOT_YET_VALID');
    await care.dispense(id, 3, 4);
    await care.complete(id, 2, 6);
    pass(90 * day);
    expect(await refusal(care.dispense(id, 4, 11))).toBe('QUANTITY_EXCEEDED');
    await care.dispense(id, 4, 10);
    expect((await care.read(id)).state).toBe('completed');
  });

  it('have each part of a series once, and each is redeemed for itself', async () => {
    await care.issue(1, { series });
    await care.issue(2, { series: { ...series, part: 2 } });
    expect(await refusal(care.issue(3, { series: { ...series, part: 2 } }))).toBe('ALREADY_EXISTS');
    const { otherDoctor } = world.people;
    const third = { series: { ...series, part: 3 } };
    expect(await refusal(care.issue(3, third, otherDoctor))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.issue(3, { series: { ...third.series, of: 4 } }))).toBe('NOT_AUTHORISED');
    await care.accept(issueOf(2).id, 2);
    await care.accept(id, 1, world.people.otherPharmacist);
  });

  it.each([
    { series: { ...series, part: 4 } },
    { series: { ...series, of: 1 } },
    { series: { ...series, id: `rs-1-${serial(1)}` } },
    { fillEveryDays: 7, fills: 1 },
    { fillEveryDays: 0, fills: 2 },
    { validFrom: instant(100 * day) },
    { replaces: id },
  ])('are refused: %j', async (change) => {
    expect(['INVALID_ARGUMENT', 'WRONG_CHANNEL']).toContain(await refusal(care.issue(1, change)));
  });

  it('say of a dispense without packs why, and never of one that was reserved', async () => {
    await care.issue(1);
    await care.accept(id, 1);
    const dispense = (seed: number) =>
      by('pharmacist', 'dispense', JSON.stringify({ ...dispenseOf(seed, 10), withoutPacks: 'downtime' }));
    await dispense(1);
    await care.reserve(id, 2, 10);
    expect(await refusal(dispense(2))).toBe('INVALID_ARGUMENT');
    // Nor is it left out by silence.
    const silent = JSON.stringify(packedDispenseOf(3, 10));
    expect(await refusal(by('pharmacist', 'dispense', silent))).toBe('INVALID_ARGUMENT');
    expect((await care.read(id)).dispenses[0]?.withoutPacks).toBe('downtime');
  });
});

describe('a correction', () => {
  const replace = (change: object = {}, caller = world.people.doctor) =>
    care.issue(2, { replaces: id, ...change }, caller);
  const next = issueOf(2).id;

  it('cancels what it replaces in the same transaction, by a doctor of the same hospital', async () => {
    await care.issue(1);
    await replace({}, world.people.otherDoctor);
    expect(await care.read(id)).toMatchObject({ state: 'cancelled', reason: 'replaced', replacedBy: next });
    expect(world.ledger.publicRecords.at(-1)?.event).toContain(`"replaced":"${id}"`);
    expect(await refusal(care.accept(id, 1))).toBe('CANCELLED');
    await care.accept(next, 2);
  });

  it('is refused of what a pharmacy holds, of another patient, and twice', async () => {
    await care.issue(1);
    expect(await refusal(replace({ patient: `pt-0-${serial(2)}` }))).toBe('NOT_AUTHORISED');
    await care.accept(id, 1);
    expect(await refusal(replace())).toBe('HELD_BY_ANOTHER');
    await by('pharmacist', 'return');
    await replace();
    expect(await refusal(care.issue(3, { replaces: id }))).toBe('CANCELLED');
  });
});

describe('who was endorsed at the same time', () => {
  const redeemKey = redeemKeyOf(1).key;
  type Call = [who: 'patient' | 'doctor' | 'pharmacist' | 'otherPharmacist', name: string, args?: string[]];
  const accept: Call = ['otherPharmacist', 'accept'];
  const free: Call[] = [['doctor', 'cancel', ['wrong dose']], ['patient', 'cancel', ['not wanted']], accept];
  const held: Call[] = [
    ['doctor', 'requestCancel', ['wrong dose']],
    ['pharmacist', 'return'],
    ['pharmacist', 'close', ['not needed']],
    ['pharmacist', 'reserve', [JSON.stringify(reservationOf(1, 60))]],
    ['pharmacist', 'dispense', [JSON.stringify(dispenseOf(2, 60))]],
    ['pharmacist', 'offerTransfer', [JSON.stringify({ to: other })]],
    ['patient', 'noticeHold'],
    [
      'patient',
      'authorisePickup',
      [JSON.stringify({ hash: 'a'.repeat(64), until: instant(3 * day), kind: 'courier' })],
    ],
  ];
  const offered: Call[] = [
    ['otherPharmacist', 'acceptTransfer'],
    ['pharmacist', 'withdrawTransfer'],
    ['patient', 'refuseTransfer'],
    ['pharmacist', 'return'],
    ['doctor', 'requestCancel', ['wrong dose']],
  ];
  const asked: Call[] = [
    ['pharmacist', 'answerCancel', ['cancel', 'as asked']],
    ['pharmacist', 'answerCancel', ['refuse', 'not now']],
    ['pharmacist', 'return'],
    ['patient', 'endHold'],
  ];
  const pairs = [
    ...[free, held, offered, asked].flatMap((calls, at) =>
      calls.flatMap((first, index) => calls.slice(index + 1).map((second) => ({ at, first, second }))),
    ),
  ].map(({ at, first, second }) => ({
    at,
    first,
    second,
    names: `${first[0]} ${first[1]}, ${second[0]} ${second[1]}`,
  }));

  it.each(pairs)('comes second to one of them: $names', async ({ at, first, second }) => {
    await care.issue(1);
    if (at > 0) await care.accept(id, 1);
    if (at > 0) pass(day);
    if (at === 2) await offer();
    if (at === 3) {
      await by('patient', 'noticeHold');
      pass(day);
      await by('doctor', 'requestCancel', 'wrong dose');
    }
    const endorse = ([who, name, args = []]: Call) =>
      world.ledger.endorse(care.order(world.people[who], name, [id, ...args], { redeemKey, ...wrap }));
    const both = [await endorse(first), await endorse(second)];
    const before = await care.read(id);
    expect(both.map((endorsed) => world.ledger.commit(endorsed))).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
    const after: Prescription = await care.read(id);
    expect(after.version).toBe(before.version + 1);
    expect(after.holder !== undefined).toBe(after.state === 'accepted' || after.state === 'partial');
  });

  it('two parts of a series, and a correction and an acceptance', async () => {
    const order = (seed: number, change: object) =>
      care.order(world.people.doctor, 'issue', [JSON.stringify(issueOf(seed, change))], {
        secrets: bytesOf(secretsOf(`${seed}`)),
      });
    const series = { id: `rs-0-${serial(1)}`, part: 1, of: 2 };
    const same = [await world.ledger.endorse(order(3, { series })), await world.ledger.endorse(order(4, { series }))];
    expect(same.map((endorsed) => world.ledger.commit(endorsed))).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
    await care.issue(1);
    const replacing = await world.ledger.endorse(order(2, { replaces: id }));
    const accepting = await world.ledger.endorse(care.order(world.people.pharmacist, 'accept', [id], { redeemKey }));
    expect([accepting, replacing].map((endorsed) => world.ledger.commit(endorsed))).toEqual([
      'VALID',
      'MVCC_READ_CONFLICT',
    ]);
  });
});
