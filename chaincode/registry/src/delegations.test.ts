import { beforeEach, describe, expect, it } from 'vitest';
import type { Delegation, NewDelegation } from '../../model/delegation.ts';
import type { Prescription, PrescriptionHistoryEntry } from '../../model/prescription.ts';
import type { Page } from '../../model/registry.ts';
import { giveFactor } from '../../testing/factors.ts';
import type { Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { controlledTerms } from '../../testing/register.ts';
import {
  bytesOf,
  day,
  instant,
  issueOf,
  packedDispenseOf,
  redeemKeyOf,
  reservationOf,
  secretsOf,
  serial,
} from '../../testing/samples.ts';
import { confirmed, type TestCredential } from '../../testing/signing.ts';
import {
  Care,
  createWorld,
  equip,
  expireLicence,
  peopleNames,
  practitionerIdOf,
  submitToRegistry,
  suspend,
  type World,
} from '../../testing/world.ts';

let world: World;
let care: Care;
let ward: Identity & { id: string };
let till: Identity & { id: string };
let factors: Record<'doctor' | 'pharmacist', TestCredential>;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
  ward = await equip(world, 'hospital', 700);
  till = await equip(world, 'pharmacy', 701, 'system');
  factors = { doctor: await giveFactor(world, 'doctor'), pharmacist: await giveFactor(world, 'pharmacist') };
});

const registry = { channel: 'registry', contract: 'registry' };
const ofDoctor = (change: Partial<NewDelegation> = {}): NewDelegation => ({
  ...{ id: `dlg-${serial(1)}`, device: ward.id, functions: ['issue', 'cancel'], until: instant(30 * day) },
  ...change,
});
const ofPharmacist = (): NewDelegation => ({
  ...{ id: `dlg-${serial(2)}`, device: till.id, until: instant(30 * day) },
  functions: ['accept', 'reserve', 'dispense', 'close', 'return', 'releaseReservation'],
});

function give(given: object, who: keyof World['people'] = 'doctor', factor?: TestCredential) {
  const call = { ...registry, function: 'delegate', args: [JSON.stringify(given)] };
  const by = factor ?? (who === 'pharmacist' ? factors.pharmacist : factors.doctor);
  return world.ledger.submit({ ...call, caller: world.people[who], transient: confirmed(by, call) });
}
const end = (id: string, caller: Identity) => submitToRegistry(world, caller, 'endDelegation', id);
const read = (id: string) =>
  world.ledger.evaluate<Delegation>({
    ...{ ...registry, function: 'readDelegation', args: [id] },
    caller: world.people.service,
  });
const by = (id: string) => ({ delegation: Buffer.from(id) });
const issue = (device: Identity, delegation: string, seed = 1, change: Parameters<typeof issueOf>[1] = {}) =>
  care.submit(device, 'issue', [JSON.stringify(issueOf(seed, change))], {
    ...{ secrets: bytesOf(secretsOf(`${seed}`)), ...by(delegation) },
  });

describe('a delegation', () => {
  it('is given with a second factor, read, listed by both, and ended once', async () => {
    const given = ofDoctor();
    await give(given);
    const expected = { ...given, practitioner: practitionerIdOf('doctor'), status: 'active', version: 1 };
    expect(await read(given.id)).toMatchObject(expected);
    for (const subject of [practitionerIdOf('doctor'), ward.id]) {
      const list = { ...registry, function: 'listDelegations', args: [subject, '10', ''] };
      const { items } = await world.ledger.evaluate<Page<Delegation>>({ ...list, caller: world.people.service });
      expect(items.map(({ id }) => id)).toEqual([given.id]);
    }
    expect(await refusal(give(given))).toBe('ALREADY_EXISTS');
    await end(given.id, world.people.doctor);
    expect(await read(given.id)).toMatchObject({ status: 'revoked', endedAt: expect.any(String), version: 2 });
    expect(await refusal(end(given.id, world.people.doctor))).toBe('WRONG_STATE');
    expect(await refusal(end(`dlg-${serial(9)}`, world.people.doctor))).toBe('NOT_FOUND');
  });

  it('needs the second factor, a function of the role, an end, and a system of the own institution', async () => {
    const plain = submitToRegistry(world, world.people.doctor, 'delegate', JSON.stringify(ofDoctor()));
    expect(await refusal(plain)).toBe('SECOND_FACTOR_REQUIRED');
    expect(await refusal(give(ofDoctor(), 'doctor', factors.pharmacist))).toBe('SECOND_FACTOR_INVALID');
    expect(await refusal(give(ofDoctor({ functions: ['issue', 'dispense'] })))).toBe('NOT_AUTHORISED');
    expect(await refusal(give({ ...ofDoctor(), functions: ['consents:grant'] }))).toBe('INVALID_ARGUMENT');
    expect(await refusal(give(ofDoctor({ functions: ['issue', 'issue'] })))).toBe('INVALID_ARGUMENT');
    expect(await refusal(give(ofDoctor({ until: instant(-day) })))).toBe('INVALID_ARGUMENT');
    expect(await refusal(give(ofDoctor({ until: instant(367 * day) })))).toBe('INVALID_ARGUMENT');
    expect(await refusal(give(ofDoctor({ device: till.id })))).toBe('NOT_AUTHORISED');
    const { id: monitor } = await equip(world, 'hospital', 702, 'monitor');
    expect(await refusal(give(ofDoctor({ device: monitor })))).toBe('NOT_AUTHORISED');
    await submitToRegistry(world, world.people.admin, 'setDeviceStatus', ward.id, 'suspended');
    expect(await refusal(give(ofDoctor()))).toBe('SUSPENDED');
    await expireLicence(world, 'doctor');
    expect(await refusal(give(ofDoctor()))).toBe('LICENCE_INVALID');
  });

  it.each(peopleNames)('is given and ended by nobody it is not for: %s', async (who) => {
    await give(ofDoctor());
    if (who !== 'doctor' && who !== 'otherDoctor') {
      const code = await refusal(give(ofDoctor({ id: `dlg-${serial(3)}` }), who));
      expect(['NOT_AUTHORISED', 'NOT_REGISTERED']).toContain(code);
    }
    if (who === 'doctor' || who === 'admin') return void (await end(`dlg-${serial(1)}`, world.people[who]));
    expect(['NOT_AUTHORISED', 'NOT_REGISTERED']).toContain(await refusal(end(`dlg-${serial(1)}`, world.people[who])));
  });
});

describe('a system that acts by a delegation', () => {
  beforeEach(async () => {
    await give(ofDoctor());
    await give(ofPharmacist(), 'pharmacist');
  });

  it('prescribes and dispenses in the names of those who let it, and each version says so', async () => {
    await issue(ward, `dlg-${serial(1)}`);
    const { id } = issueOf(1);
    const issued = await care.read(id);
    expect(issued).toMatchObject({ author: practitionerIdOf('doctor'), via: ward.id, state: 'active' });
    const tillBy = by(`dlg-${serial(2)}`);
    await care.submit(till, 'accept', [id], { redeemKey: redeemKeyOf(1).key, ...tillBy });
    const release = { ...care.order(till, 'readRelease', [id], tillBy) };
    expect(await world.ledger.evaluate(release)).toHaveProperty('codeWrap');
    await care.submit(till, 'reserve', [id, JSON.stringify(reservationOf(1, 10))], tillBy);
    await care.submit(till, 'dispense', [id, JSON.stringify(packedDispenseOf(1, 10))], tillBy);
    expect((await care.read(id)).dispenses).toMatchObject([{ practitionerId: practitionerIdOf('pharmacist') }]);
    await care.submit(world.people.colleague, 'close', [id, 'nothing more is needed']);
    expect((await care.read(id)).issuedVia).toBe(ward.id);
    expect((await care.read(await care.issue(9))).issuedVia).toBeUndefined();
    const history = await care.evaluate<PrescriptionHistoryEntry[]>(world.people.service, 'history', id);
    expect(history.map(({ prescription }) => prescription.via)).toEqual([
      ward.id,
      till.id,
      till.id,
      till.id,
      undefined,
    ]);
  });

  it('does what it is for, and nothing else', async () => {
    await issue(ward, `dlg-${serial(1)}`);
    const { id } = issueOf(1);
    const asWard = by(`dlg-${serial(1)}`);
    expect(await refusal(care.submit(ward, 'accept', [id], { redeemKey: redeemKeyOf(1).key, ...asWard }))).toBe(
      'NOT_AUTHORISED',
    );
    expect(await refusal(care.submit(till, 'cancel', [id, 'wrong dose'], asWard))).toBe('NOT_AUTHORISED');
    expect(await refusal(care.submit(ward, 'cancel', [id, 'wrong dose']))).toBe('NOT_REGISTERED');
    expect(await refusal(care.submit(ward, 'cancel', [id, 'wrong dose'], by('dlg-x')))).toBe('INVALID_ARGUMENT');
    expect(await refusal(care.submit(ward, 'cancel', [id, 'wrong dose'], by(`dlg-${serial(9)}`)))).toBe('NOT_FOUND');
    // A person's own key is nobody's device, whatever delegation it names.
    expect(await refusal(care.submit(world.people.otherDoctor, 'cancel', [id, 'wrong dose'], asWard))).toBe(
      'NOT_AUTHORISED',
    );
    await care.submit(ward, 'cancel', [id, 'wrong dose'], asWard);
    expect(await care.read(id)).toMatchObject({ state: 'cancelled', via: ward.id });
  });

  it('never touches a controlled medicine', async () => {
    const call = care.order(ward, 'issue', [JSON.stringify(issueOf(1, controlledTerms()))]);
    const secrets = { secrets: bytesOf(secretsOf('1')), ...by(`dlg-${serial(1)}`) };
    const transient = confirmed(factors.doctor, { ...call, transient: secrets });
    expect(['NOT_AUTHORISED', 'CONTROLLED_INCOMPLETE']).toContain(
      await refusal(world.ledger.submit({ ...call, transient })),
    );
  });

  it('is refused once it is ended, over, or one of those that it rests on is suspended', async () => {
    const dlg = `dlg-${serial(1)}`;
    const { ledger } = world;
    const tried = async (change: () => Promise<unknown>, at?: Date) => {
      world.ledger = ledger.clone();
      await change();
      if (!at) return refusal(issue(ward, dlg));
      const order = { ...care.order(ward, 'issue', [JSON.stringify(issueOf(1))], by(dlg)), at };
      return refusal(world.ledger.endorse(order));
    };
    expect(await tried(() => end(dlg, world.people.doctor))).toBe('DELEGATION_ENDED');
    expect(await tried(() => suspend(world, 'doctor'))).toBe('SUSPENDED');
    expect(await tried(() => expireLicence(world, 'doctor'))).toBe('LICENCE_INVALID');
    const setDevice = (status: string) =>
      submitToRegistry(world, world.people.admin, 'setDeviceStatus', ward.id, status);
    expect(await tried(() => setDevice('suspended'))).toBe('SUSPENDED');
    const setHospital = () =>
      submitToRegistry(world, world.people.regulator, 'setInstitutionStatus', 'inst-general-hospital', 'suspended');
    expect(await tried(setHospital)).toBe('SUSPENDED');
    world.ledger = ledger.clone();
    await issue(ward, dlg);
    expect((await care.read(issueOf(1).id)) satisfies Prescription).toMatchObject({ via: ward.id });
  });

  it('is over by its date, to the second', async () => {
    const soon = ofDoctor({ id: `dlg-${serial(4)}`, until: instant(60_000) });
    await give(soon);
    const order = care.order(ward, 'cancel', [issueOf(1).id, 'wrong dose'], by(soon.id));
    const at = (offset: number) => refusal(world.ledger.endorse({ ...order, at: new Date(Date.now() + offset) }));
    expect(await at(0)).toBe('NOT_FOUND');
    expect(await at(61_000)).toBe('DELEGATION_ENDED');
  });

  it('fails at commit where its end was mirrored meanwhile, and is refused where a peer’s registry is behind', async () => {
    const dlg = `dlg-${serial(1)}`;
    const order = care.order(ward, 'issue', [JSON.stringify(issueOf(1))], {
      ...{ secrets: bytesOf(secretsOf('1')), ...by(dlg) },
    });
    const endorsed = await world.ledger.endorse(order);
    await end(dlg, world.people.doctor);
    await care.submit(world.registrars.RegulatorMSP, 'standings:mirror', [dlg]);
    expect(world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
    expect(await care.evaluate(world.people.service, 'standings:read', dlg)).toMatchObject({ status: 'revoked' });
  });
});
