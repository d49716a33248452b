import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { LedgerErrorCode } from '../../model/errors.ts';
import { type PrescriptionState, prescriptionStates } from '../../model/prescription.ts';
import { refusal } from '../../testing/ledger.ts';
import {
  bytesOf,
  day,
  dispenseOf,
  instant,
  institutions,
  issueOf,
  redeemKeyOf,
  reservationOf,
  secretsOf,
  serial,
} from '../../testing/samples.ts';
import { Care, createWorld, type People, peopleNames, type World } from '../../testing/world.ts';

let world: World;
let care: Care;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
});

const { codeWrap, releaseShare } = secretsOf('new');
const release = { secrets: bytesOf({ codeWrap, releaseShare }) };
const id = issueOf(1).id;

type Write =
  | ('issue' | 'accept' | 'return' | 'reserve' | 'releaseReservation' | 'dispense' | 'close' | 'cancel')
  | ('voidCode' | 'renewCode' | 'requestCancel' | 'answerCancel' | 'noticeHold' | 'endHold' | 'offerTransfer')
  | ('acceptTransfer' | 'withdrawTransfer' | 'refuseTransfer' | 'authorisePickup' | 'revokePickup');
interface Act {
  args: string[];
  transient?: Record<string, Uint8Array>;
  /** The state in which it is tried, and who may then do it. */
  from: PrescriptionState;
  allowed: (keyof People)[];
}

const acts: Record<Write, Act> = {
  issue: {
    args: [JSON.stringify(issueOf(2))],
    transient: { secrets: bytesOf(secretsOf()) },
    from: 'active',
    allowed: ['doctor', 'otherDoctor'],
  },
  accept: {
    args: [id],
    transient: { redeemKey: redeemKeyOf(1).key },
    from: 'active',
    allowed: ['pharmacist', 'colleague', 'otherPharmacist'],
  },
  return: { args: [id], from: 'accepted', allowed: ['pharmacist', 'colleague'] },
  reserve: {
    args: [id, JSON.stringify(reservationOf(9, 1))],
    from: 'accepted',
    allowed: ['pharmacist', 'colleague'],
  },
  releaseReservation: {
    args: [id, reservationOf(8, 1).dispenseId],
    from: 'partial',
    allowed: ['pharmacist', 'colleague'],
  },
  dispense: { args: [id, JSON.stringify(dispenseOf(9, 1))], from: 'partial', allowed: ['pharmacist', 'colleague'] },
  close: { args: [id, 'not needed'], from: 'accepted', allowed: ['pharmacist', 'colleague'] },
  cancel: { args: [id, 'wrong dose'], from: 'active', allowed: ['doctor', 'patient'] },
  requestCancel: { args: [id, 'wrong dose'], from: 'accepted', allowed: ['doctor', 'patient'] },
  answerCancel: { args: [id, 'cancel', 'as asked'], from: 'accepted', allowed: ['pharmacist', 'colleague'] },
  noticeHold: { args: [id], from: 'accepted', allowed: ['patient'] },
  endHold: { args: [id], from: 'accepted', allowed: ['patient'] },
  offerTransfer: {
    args: [id, JSON.stringify({ to: institutions.otherPharmacy.id })],
    transient: { transferWrap: Buffer.from('wrapped') },
    from: 'accepted',
    allowed: ['pharmacist', 'colleague'],
  },
  acceptTransfer: { args: [id], from: 'accepted', allowed: ['otherPharmacist'] },
  withdrawTransfer: { args: [id], from: 'accepted', allowed: ['pharmacist', 'colleague', 'otherPharmacist'] },
  refuseTransfer: { args: [id], from: 'accepted', allowed: ['patient'] },
  authorisePickup: {
    args: [id, JSON.stringify({ hash: redeemKeyOf(7).hash, until: instant(2 * day), kind: 'courier' })],
    from: 'accepted',
    allowed: ['patient'],
  },
  revokePickup: { args: [id], from: 'active', allowed: ['patient'] },
  voidCode: { args: [id], from: 'active', allowed: ['patient'] },
  renewCode: { args: [id, redeemKeyOf(5).hash], transient: release, from: 'active', allowed: ['patient'] },
};
const writes = Object.keys(acts) as Write[];

const about: readonly Write[] = writes.filter((name) => name !== 'issue');

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'] });
});
afterEach(() => {
  vi.useRealTimers();
});

/** Does what another action was meant for, as those who may. */
const act = (name: Write) => {
  const { args, transient, allowed } = acts[name];
  return care.submit(world.people[allowed[0] ?? 'stranger'], name, args, transient);
};
const pass = (days: number) => vi.setSystemTime(Date.now() + days * day);

/** What has to be said before an action can be. */
async function prepareFor(action: Write): Promise<void> {
  if (action === 'answerCancel') await act('requestCancel');
  if (action === 'noticeHold' || action === 'endHold') pass(1);
  if (action === 'endHold') {
    await act('noticeHold');
    pass(1);
  }
  if (['acceptTransfer', 'withdrawTransfer', 'refuseTransfer'].includes(action)) await act('offerTransfer');
}

/** Brings prescription 1 into a state; what is to be released is reserved there. */
async function reach(state: PrescriptionState, action: Write): Promise<void> {
  await care.issue(1);
  if (action === 'revokePickup') await act('authorisePickup');
  if (state === 'cancelled') await care.submit(world.people.doctor, 'cancel', [id, 'wrong dose']);
  if (state === 'active' || state === 'cancelled') return;
  await care.accept(id, 1);
  if (state === 'partial') await care.dispense(id, 1, 1);
  if (state === 'completed') await care.dispense(id, 1, 60);
  else if (action === 'releaseReservation') await care.reserve(id, 8, 1);
  if (state !== 'completed') await prepareFor(action);
}

describe('who may do what', () => {
  it.each(writes)('%s', async (name) => {
    const { args, transient, from, allowed } = acts[name];
    await reach(from, name);
    const { ledger } = world;
    const before = await care.read(id);
    for (const who of peopleNames) {
      world.ledger = ledger.clone();
      const call = care.submit(world.people[who], name, args, transient);
      if (allowed.includes(who)) {
        await call;
        continue;
      }
      const codes: LedgerErrorCode[] = ['NOT_AUTHORISED', 'NOT_REGISTERED'];
      if (who === 'otherPharmacist') codes.push('HELD_BY_ANOTHER');
      const code = await refusal(call);
      expect(codes, `${who}: ${code}`).toContain(code);
      expect(await care.read(id)).toEqual(before);
    }
    for (const registrar of Object.values(world.registrars)) {
      const code = await refusal(care.submit(registrar, name, args, transient));
      expect(['NOT_AUTHORISED', 'NOT_REGISTERED']).toContain(code);
    }
  });
});

/** For the person who could do it in the right state; written out by hand. */
const outcomes: Record<PrescriptionState, Partial<Record<Write, LedgerErrorCode>>> = {
  active: {
    return: 'WRONG_STATE',
    reserve: 'WRONG_STATE',
    releaseReservation: 'WRONG_STATE',
    dispense: 'WRONG_STATE',
    close: 'WRONG_STATE',
    requestCancel: 'WRONG_STATE',
    answerCancel: 'WRONG_STATE',
    noticeHold: 'WRONG_STATE',
    endHold: 'WRONG_STATE',
    offerTransfer: 'WRONG_STATE',
    acceptTransfer: 'WRONG_STATE',
    withdrawTransfer: 'WRONG_STATE',
    refuseTransfer: 'WRONG_STATE',
  },
  accepted: {
    accept: 'WRONG_STATE',
    cancel: 'HELD_BY_ANOTHER',
    voidCode: 'HELD_BY_ANOTHER',
    renewCode: 'HELD_BY_ANOTHER',
  },
  partial: {
    accept: 'WRONG_STATE',
    cancel: 'HELD_BY_ANOTHER',
    voidCode: 'HELD_BY_ANOTHER',
    renewCode: 'HELD_BY_ANOTHER',
  },
  completed: Object.fromEntries(about.map((action) => [action, 'COMPLETED'])),
  cancelled: Object.fromEntries(about.map((action) => [action, 'CANCELLED'])),
};

describe('what each state allows', () => {
  const cases = prescriptionStates.flatMap((state) =>
    about.map((action) => ({ state, action, outcome: outcomes[state][action] ?? 'allowed' })),
  );

  it.each(cases)('$state, $action: $outcome', async ({ state, action, outcome }) => {
    await reach(state, action);
    expect((await care.read(id)).state).toBe(state);
    const call = act(action);
    if (outcome === 'allowed') await call;
    else expect(await refusal(call)).toBe(outcome);
  });
});

describe('every function that writes', () => {
  const all = writes.map((name) => ({ name, ...acts[name] }));

  it.each(all)('$name refuses a proposal more than 2 minutes from the peer’s clock', async ({ name, args }) => {
    for (const skew of [-121_000, 121_000]) {
      const order = { ...care.order(world.people.doctor, name, args), at: new Date(Date.now() + skew) };
      expect(await refusal(world.ledger.submit(order))).toBe('CLOCK_SKEW');
    }
  });

  it.each(about)('%s refuses an id that is malformed, elsewhere or unknown', async (name) => {
    const { args, transient, allowed } = acts[name];
    const caller = world.people[allowed[0] ?? 'stranger'];
    const on = (given: string) => refusal(care.submit(caller, name, [given, ...args.slice(1)], transient));
    expect(await on('x')).toBe('INVALID_ARGUMENT');
    expect(await on(`rx-1-${serial(1)}`)).toBe('WRONG_CHANNEL');
    expect(await on(`rx-0-${serial(77)}`)).toBe('NOT_FOUND');
  });
});
