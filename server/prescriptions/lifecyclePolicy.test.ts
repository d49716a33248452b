import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseLedgerError } from '#chaincode/model/errors.ts';
import type { Prescription } from '#chaincode/model/prescription.ts';
import {
  day,
  dispenseOf,
  hour,
  instant,
  institutionOf,
  institutions,
  issueOf,
  patientIds,
  redeemKeyOf,
  reservationOf,
  secretsOf,
} from '#chaincode/testing/samples.ts';
import { Care, createWorld, practitionerIdOf, type StaffName, type World } from '#chaincode/testing/world.ts';
import { AppError } from '#server/errors.ts';
import type { Actor, Role } from '../people/schema.ts';
import { allowTransaction } from '../transactions/policy.ts';
import { ledgerCall } from '../transactions/schema.ts';
import { allowLifecycle, type LifecycleChange } from './lifecyclePolicy.ts';
import { allowChange, type Change } from './policy.ts';

/**
 * What the portal tells before anybody signs is what the contract would answer: each change of a prescription, in each circumstance,
 * by each person, asked of both.
 */

const id = issueOf(1).id;
const hash = redeemKeyOf(7).hash;
type AnyChange = Change | LifecycleChange;

const wrap = Buffer.from('wrapped').toString('base64url');
const { authorWrap: _, ...renewed } = secretsOf('new');
const changesAt = (): AnyChange[] => [
  { kind: 'accept', id, redeemKey: Buffer.from(redeemKeyOf(1).key).toString('base64url') },
  { kind: 'return', id },
  { kind: 'reserve', id, reservation: reservationOf(9, 1) },
  { kind: 'dispense', id, dispense: dispenseOf(9, 1), envelope: '' },
  { kind: 'close', id, reason: 'not needed' },
  { kind: 'cancel', id, reason: 'wrong dose' },
  { kind: 'voidCode', id },
  {
    ...{ kind: 'renewCode', id, redeemHash: redeemKeyOf(5).hash },
    secrets: renewed,
  },
  { kind: 'reserve', id, reservation: reservationOf(9, 61) },
  { kind: 'dispense', id, dispense: dispenseOf(9, 61), envelope: '' },
  { kind: 'requestCancel', id, reason: 'wrong dose' },
  { kind: 'answerCancel', id, answer: 'cancel', reason: 'as asked' },
  { kind: 'answerCancel', id, answer: 'refuse', reason: 'not yet' },
  { kind: 'noticeHold', id },
  { kind: 'endHold', id },
  { kind: 'offerTransfer', id, to: institutions.otherPharmacy.id, wrap },
  { kind: 'acceptTransfer', id },
  { kind: 'withdrawTransfer', id },
  { kind: 'refuseTransfer', id },
  { kind: 'authorisePickup', id, pickup: { hash, until: instant(2 * day), kind: 'courier' } },
  { kind: 'authorisePickup', id, pickup: { hash, until: instant(40 * day), kind: 'courier' } },
  { kind: 'revokePickup', id },
];

const staff = [
  'doctor',
  'otherDoctor',
  'pharmacist',
  'colleague',
  'otherPharmacist',
  'regulator',
  'admin',
  'insurer',
  'supplier',
] as const;
const people = [...staff, 'patient', 'otherPatient'] as const;
type Person = (typeof people)[number];
const employers: Record<(typeof staff)[number], [Role, Parameters<typeof institutionOf>[0]]> = {
  doctor: ['doctor', 'hospital'],
  otherDoctor: ['doctor', 'hospital'],
  pharmacist: ['pharmacist', 'pharmacy'],
  colleague: ['pharmacist', 'pharmacy'],
  otherPharmacist: ['pharmacist', 'otherPharmacy'],
  regulator: ['regulator', 'authority'],
  admin: ['admin', 'hospital'],
  insurer: ['insurer', 'insurer'],
  supplier: ['supplier', 'maker'],
};
const isStaff = (person: Person): person is (typeof staff)[number] & StaffName =>
  person !== 'patient' && person !== 'otherPatient';

function actorOf(person: Person): Actor {
  const base = { personId: person, sessionId: 's', name: person, institutionName: null, enrolled: true };
  if (!isStaff(person)) {
    return { ...base, role: 'patient', subjectId: patientIds[person], institutionId: null, mspId: 'PatientMSP' };
  }
  const [role, employer] = employers[person];
  const { id: institutionId, mspId } = institutionOf(employer);
  return { ...base, role, subjectId: practitionerIdOf(person), institutionId, mspId };
}

let world: World;
let care: Care;
const pass = (ms: number) => vi.setSystemTime(Date.now() + ms);
const by = (person: Person, name: string, ...args: string[]) => care.submit(world.people[person], name, [id, ...args]);
const offer = () =>
  care.submit(world.people.pharmacist, 'offerTransfer', [id, JSON.stringify({ to: institutions.otherPharmacy.id })], {
    transferWrap: Buffer.from('wrapped'),
  });

/** Each begins with an active prescription. */
const circumstances: Record<string, () => Promise<unknown>> = {
  'nobody holds it': async () => undefined,
  'its code is void': () => by('patient', 'voidCode'),
  'somebody may fetch it': () =>
    by('patient', 'authorisePickup', JSON.stringify({ hash, until: instant(2 * day), kind: 'courier' })),
  'it has expired': async () => pass(Date.parse((await care.read(id)).expires) - Date.now()),
  'a pharmacy holds it': () => care.accept(id, 1),
  'and has dispensed a part': async () => {
    await care.accept(id, 1);
    await care.dispense(id, 1, 1);
  },
  'units are reserved': async () => {
    await care.accept(id, 1);
    await care.reserve(id, 2, 1);
  },
  'it was asked to be cancelled': async () => {
    await care.accept(id, 1);
    await by('doctor', 'requestCancel', 'wrong dose');
  },
  'that was refused': async () => {
    await care.accept(id, 1);
    await by('doctor', 'requestCancel', 'wrong dose');
    await by('pharmacist', 'answerCancel', 'refuse', 'not yet');
  },
  'it is offered to another pharmacy': async () => {
    await care.accept(id, 1);
    await offer();
  },
  'it is offered, and asked to be cancelled': async () => {
    await care.accept(id, 1);
    await offer();
    await by('patient', 'requestCancel', 'not needed');
  },
  'it is offered, and has expired': async () => {
    await care.accept(id, 1);
    await offer();
    pass(Date.parse((await care.read(id)).expires) - Date.now());
  },
  'it is held for more than a day': async () => {
    await care.accept(id, 1);
    pass(day + hour);
  },
  'notice was given': async () => {
    await care.accept(id, 1);
    pass(day);
    await by('patient', 'noticeHold');
  },
  'notice is over': async () => {
    await care.accept(id, 1);
    pass(day);
    await by('patient', 'noticeHold');
    pass(day);
  },
  'it is completed': async () => {
    await care.accept(id, 1);
    await care.dispense(id, 1, 60);
  },
  'it is cancelled': () => by('doctor', 'cancel', 'wrong dose'),
};

function serviceAnswer(actor: Actor, change: AnyChange, prescription: Prescription): string | undefined {
  try {
    allowTransaction(actor, change.kind);
    if (isLifecycle(change)) allowLifecycle(actor, change, prescription, new Date(), []);
    else allowChange(actor, change, prescription, new Date());
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return error.code;
    throw error;
  }
}

const plain = new Set<string>([
  'accept',
  'return',
  'reserve',
  'releaseReservation',
  'dispense',
  'close',
  'cancel',
  'voidCode',
  'renewCode',
]);
const isLifecycle = (change: AnyChange): change is LifecycleChange => !plain.has(change.kind);

async function ledgerAnswer(person: Person, change: AnyChange): Promise<string | undefined> {
  const { function: name, args, transient } = ledgerCall(change);
  try {
    await world.ledger.endorse(care.order(world.people[person], name, args, transient));
    return undefined;
  } catch (error) {
    const refused = error instanceof Error ? parseLedgerError(error.message) : undefined;
    if (!refused) throw error;
    return refused.code;
  }
}

describe.each(Object.keys(circumstances))('%s', (name) => {
  beforeAll(async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    world = await createWorld();
    care = new Care(world);
    await care.issue(1);
    await circumstances[name]?.();
  }, 60_000);
  afterAll(() => {
    vi.useRealTimers();
  });

  it('portal and contract answer alike', async () => {
    const prescription = await care.read(id);
    const differing: string[] = [];
    let allowed = 0;
    for (const change of changesAt())
      for (const person of people) {
        const [told, decided] = [
          serviceAnswer(actorOf(person), change, prescription),
          await ledgerAnswer(person, change),
        ];
        if (decided === undefined) allowed += 1;
        // Whose role it is not is FORBIDDEN to the portal, whatever the ledger calls it.
        const alike = told === 'FORBIDDEN' ? decided !== undefined : told === decided;
        if (!alike)
          differing.push(`${person} ${change.kind}: portal ${told ?? 'allows'}, contract ${decided ?? 'allows'}`);
      }
    expect(differing).toEqual([]);
    // What has ended is changed by nobody; in all else somebody may do something.
    expect(allowed > 0).toBe(!['it is completed', 'it is cancelled'].includes(name));
  });
});
