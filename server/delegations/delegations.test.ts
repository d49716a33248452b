import { eq } from 'drizzle-orm';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { NewDelegation } from '#chaincode/model/delegation.ts';
import { giveFactor } from '#chaincode/testing/factors.ts';
import type { Identity } from '#chaincode/testing/identity.ts';
import { refusal } from '#chaincode/testing/ledger.ts';
import {
  bytesOf,
  day,
  instant,
  institutionOf,
  institutions,
  issueOf,
  redeemKeyOf,
  secretsOf,
  serial,
} from '#chaincode/testing/samples.ts';
import { confirmed, type TestCredential } from '#chaincode/testing/signing.ts';
import {
  Care,
  createWorld,
  equip,
  type World as LedgerWorld,
  practitionerIdOf,
  submitToRegistry,
} from '#chaincode/testing/world.ts';
import type { Portal } from '#server/portal.ts';
import * as db from '../gateways/db/schema/people.ts';
import type { Actor, Role } from '../people/schema.ts';
import { project } from '../prescriptions/readModel.ts';
import { ContractsLedger } from '../testing/contractsLedger.ts';
import { World } from '../testing/world.ts';
import { listDelegations, listStaffDelegations } from './service.ts';

/** What people see of their delegations, and an admin of those of the staff, in front of the real contracts. */

const people = {
  doctor: ['doctor', 'hospital'],
  pharmacist: ['pharmacist', 'pharmacy'],
  admin: ['admin', 'hospital'],
  otherAdmin: ['admin', 'otherHospital'],
  pharmacyAdmin: ['admin', 'pharmacy'],
  insurer: ['insurer', 'insurer'],
  supplier: ['supplier', 'maker'],
  regulator: ['regulator', 'authority'],
  patient: ['patient', undefined],
} as const satisfies Record<string, [Role, keyof typeof institutions | undefined]>;
type Who = keyof typeof people;
const all = Object.keys(people) as Who[];

let world: World;
let actors: Record<Who, Actor>;
let ledger: LedgerWorld;
let portal: Portal;
let ward: Identity & { id: string };
let till: Identity & { id: string };
let factors: Record<'doctor' | 'pharmacist', TestCredential>;

beforeAll(async () => {
  world = await World.start();
  const houses = (Object.keys(institutions) as (keyof typeof institutions)[]).map(institutionOf);
  await world.portal.db.insert(db.institutions).values(houses).onConflictDoNothing();
  actors = {} as typeof actors;
  for (const who of all) {
    const [role, house] = people[who];
    const { actor } = await world.person(role, house === undefined ? null : institutions[house].id);
    const subjectId = who === 'patient' ? actor.subjectId : practitionerIdOf(who);
    await world.portal.db.update(db.people).set({ subjectId }).where(eq(db.people.id, actor.personId));
    actors[who] = { ...actor, subjectId };
  }
}, 120_000);
afterAll(() => world?.stop());

beforeEach(async () => {
  ledger = await createWorld();
  portal = {
    ...world.portal,
    ledger: new ContractsLedger(ledger.ledger, Object.values(ledger.people), ledger.people.service),
  };
  ward = await equip(ledger, 'hospital', 700, 'system');
  till = await equip(ledger, 'pharmacy', 701, 'system');
  factors = { doctor: await giveFactor(ledger, 'doctor'), pharmacist: await giveFactor(ledger, 'pharmacist') };
});

const ofDoctor = (change: Partial<NewDelegation> = {}): NewDelegation => ({
  ...{ id: `dlg-${serial(1)}`, device: ward.id, functions: ['issue'], until: instant(30 * day) },
  ...change,
});
const ofPharmacist = (): NewDelegation => ({
  ...{ id: `dlg-${serial(2)}`, device: till.id, functions: ['accept'], until: instant(30 * day) },
});
function give(who: 'doctor' | 'pharmacist', given: NewDelegation) {
  const call = { channel: 'registry', contract: 'registry', function: 'delegate', args: [JSON.stringify(given)] };
  return ledger.ledger.submit({ ...call, caller: ledger.people[who], transient: confirmed(factors[who], call) });
}
const end = (id: string, who: 'doctor' | 'admin') => submitToRegistry(ledger, ledger.people[who], 'endDelegation', id);
const issueBy = (delegation: string, seed: number) =>
  new Care(ledger).submit(ward, 'issue', [JSON.stringify(issueOf(seed))], {
    ...{ secrets: bytesOf(secretsOf(`${seed}`)), delegation: Buffer.from(delegation) },
  });
const codeOf = (work: Promise<unknown>) =>
  work.then(
    () => 'allowed',
    (error: unknown) => (error instanceof Error ? Reflect.get(error, 'code') : error),
  );

describe('what somebody has delegated', () => {
  it.each(all)('is listed for those who may delegate alone: %s', async (who) => {
    await give('doctor', ofDoctor());
    const mayDelegate = who === 'doctor' || who === 'pharmacist';
    expect(await codeOf(listDelegations(actors[who], portal))).toBe(mayDelegate ? 'allowed' : 'FORBIDDEN');
  });

  it('is the own, with the systems of the own institution', async () => {
    await give('doctor', ofDoctor());
    const own = await listDelegations(actors.doctor, portal);
    expect(own.given).toMatchObject([
      { id: `dlg-${serial(1)}`, device: ward.id, functions: ['issue'], state: 'inForce' },
    ]);
    expect(own.systems.map(({ id }) => id)).toEqual([ward.id]);
    const other = await listDelegations(actors.pharmacist, portal);
    expect(other).toMatchObject({ given: [], acts: [] });
    expect(other.systems.map(({ id }) => id)).toEqual([till.id]);
    await submitToRegistry(ledger, ledger.people.admin, 'setDeviceStatus', ward.id, 'suspended');
    expect((await listDelegations(actors.doctor, portal)).systems).toEqual([]);
  });

  it('is over at its day', async () => {
    await give('doctor', ofDoctor({ until: instant(day) }));
    const later = new Date(Date.now() + 2 * day);
    expect((await listDelegations(actors.doctor, portal, later)).given).toMatchObject([{ state: 'over' }]);
  });

  it('is ended once it is revoked, and of no use by then', async () => {
    await give('doctor', ofDoctor());
    await issueBy(`dlg-${serial(1)}`, 1);
    await end(`dlg-${serial(1)}`, 'doctor');
    expect((await listDelegations(actors.doctor, portal)).given).toMatchObject([
      { state: 'ended', endedAt: expect.any(String) },
    ]);
    expect(await refusal(issueBy(`dlg-${serial(1)}`, 2))).toBe('DELEGATION_ENDED');
    expect(await refusal(give('doctor', ofDoctor()))).toBe('ALREADY_EXISTS');
    await give('doctor', ofDoctor({ id: `dlg-${serial(3)}` }));
    await issueBy(`dlg-${serial(3)}`, 2);
    const { given } = await listDelegations(actors.doctor, portal);
    expect(given.map(({ state }) => state).sort()).toEqual(['ended', 'inForce']);
  });

  it('shows what was signed by it, and in whose name', async () => {
    await give('doctor', ofDoctor());
    await give('pharmacist', ofPharmacist());
    await issueBy(`dlg-${serial(1)}`, 1);
    const care = new Care(ledger);
    const { id } = issueOf(1);
    const delegation = Buffer.from(`dlg-${serial(2)}`);
    await care.submit(till, 'accept', [id], { redeemKey: redeemKeyOf(1).key, delegation });
    await project(world.portal.db, 'care-0', [await care.read(id)]);
    const [mine] = (await listDelegations(actors.doctor, portal)).acts;
    expect(mine).toMatchObject({ prescription: id, version: 1, state: 'active' });
    const [theirs] = (await listDelegations(actors.pharmacist, portal)).acts;
    expect(theirs).toMatchObject({ prescription: id, version: 2, state: 'accepted' });
  });
});

describe('what the staff have delegated', () => {
  it.each(all)('is for admins alone: %s', async (who) => {
    const isAdmin = people[who][0] === 'admin';
    expect(await codeOf(listStaffDelegations(actors[who], portal))).toBe(isAdmin ? 'allowed' : 'FORBIDDEN');
  });

  it('is told to the admin of their institution with names, and ended by that admin', async () => {
    await give('doctor', ofDoctor());
    await give('pharmacist', ofPharmacist());
    const [seen, ...more] = await listStaffDelegations(actors.admin, portal);
    expect(more).toEqual([]);
    expect(seen).toMatchObject({
      id: `dlg-${serial(1)}`,
      state: 'inForce',
      practitioner: { id: actors.doctor.subjectId },
    });
    expect(seen?.practitioner.name).not.toBe(actors.doctor.subjectId);
    const pharmacy = await listStaffDelegations(actors.pharmacyAdmin, portal);
    expect(pharmacy.map(({ id }) => id)).toEqual([`dlg-${serial(2)}`]);
    expect(await listStaffDelegations(actors.otherAdmin, portal)).toEqual([]);

    await end(`dlg-${serial(1)}`, 'admin');
    expect(await listStaffDelegations(actors.admin, portal)).toMatchObject([{ state: 'ended' }]);
    expect(await refusal(issueBy(`dlg-${serial(1)}`, 1))).toBe('DELEGATION_ENDED');
  });
});
