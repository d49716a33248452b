import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { InstitutionReading } from '../../model/registry.ts';
import type { HeldStaffWrap, OwnStaffWrap, StaffWrap } from '../../model/staffWrap.ts';
import { institutionStatement, staffWrapStatement } from '../../model/statements.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { bytesOf, institutionOf } from '../../testing/samples.ts';
import { signStatement } from '../../testing/signing.ts';
import { createWorld, hire, practitionerIdOf, submitToRegistry, suspend, type World } from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const hospital = institutionOf('hospital').id;
const adminId = practitionerIdOf('admin');
const registry = { channel: 'registry', contract: 'registry' };
const evaluate = <T>(caller: Identity, name: string, peerIsMember = true) =>
  world.ledger.evaluate<T>({ ...registry, function: name, args: [hospital], caller, peerIsMember });

function readingOf(generation: number, change: Partial<InstitutionReading> = {}): InstitutionReading {
  const ladder = generation === 1 ? {} : { ladder: 'L'.repeat(86) };
  const said = { generation, readingKey: 'I'.repeat(1622), ...ladder, by: adminId, ...change };
  return { signature: signStatement(world.people.admin, institutionStatement(hospital, said)), ...said };
}
const hashOf = (key: string) => createHash('sha256').update(Buffer.from(key, 'base64url')).digest('hex');
function wrapOf(practitioner: string, generation: number, change: Partial<StaffWrap> = {}): StaffWrap {
  const readerKeyHash = hashOf(world.people.doctor.keys.readingKey);
  const said = { practitioner, generation, readerKeyHash, wrap: 'W'.repeat(1558), ...change };
  const statement = staffWrapStatement(hospital, adminId, said);
  return { signature: signStatement(world.people.admin, statement), ...said };
}
const wrap = (wraps: StaffWrap[], caller = world.people.admin) =>
  world.ledger.submit({
    ...{ ...registry, function: 'wrapForStaff', args: [hospital], caller },
    transient: { staff: bytesOf(wraps) },
  });

/** Wrapped for the admin, and for whom is named. */
const publish = (
  generation: number,
  change: Partial<InstitutionReading> = {},
  caller = world.people.admin,
  staff = [wrapOf(adminId, generation)],
) => {
  const args = [hospital, JSON.stringify(readingOf(generation, change))];
  return world.ledger.submit({
    ...{ ...registry, function: 'putInstitutionReading', args, caller },
    transient: { staff: bytesOf(staff) },
  });
};

describe('an institution’s reading key', () => {
  it('is published wrapped for the staff, and read by each of them', async () => {
    const wraps = [wrapOf(practitionerIdOf('doctor'), 1), wrapOf(adminId, 1)];
    const { simulation } = await publish(1, {}, world.people.admin, wraps);
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ kind: 'institution', id: hospital, change: 'putInstitutionReading', status: 'active', version: 3 },
    });
    const own = await evaluate<OwnStaffWrap>(world.people.doctor, 'readStaffWrap');
    expect(own.reading.generation).toBe(1);
    expect(own.wrap).toMatchObject({ practitioner: practitionerIdOf('doctor'), wrap: 'W'.repeat(1558), by: adminId });
    expect(await refusal(evaluate(world.people.otherDoctor, 'readStaffWrap'))).toBe('NOT_FOUND');
    const held = await evaluate<HeldStaffWrap[]>(world.people.admin, 'readStaffWraps');
    expect(held.map(({ practitioner }) => practitioner).sort()).toEqual([practitionerIdOf('doctor'), adminId].sort());
    expect(held[0]).not.toHaveProperty('wrap');
  });

  it('is wrapped later for who comes later, and rotated by generations', async () => {
    await publish(1);
    await wrap([wrapOf(practitionerIdOf('doctor'), 1)]);
    expect(await evaluate(world.people.doctor, 'readStaffWrap')).toMatchObject({ reading: { generation: 1 } });
    await publish(2);
    expect(await refusal(evaluate(world.people.doctor, 'readStaffWrap'))).toBe('NOT_FOUND');
    const held = await evaluate<HeldStaffWrap[]>(world.people.admin, 'readStaffWraps');
    expect(held.map(({ practitioner, generation }) => [practitioner, generation])).toEqual([[adminId, 2]]);
    expect(await evaluate(world.people.admin, 'readStaffWrap')).toMatchObject({ reading: { generation: 2 } });
  });

  it('comes with the ladders of generations before, however many', async () => {
    const ladders = async () => (await evaluate<OwnStaffWrap>(world.people.admin, 'readStaffWrap')).ladders;
    for (const generation of [1, 2]) await publish(generation, generation === 2 ? { ladder: 'M'.repeat(86) } : {});
    expect(await ladders()).toEqual([]);
    for (const generation of [3, 4]) await publish(generation);
    expect(await ladders()).toEqual([
      { generation: 3, ladder: 'L'.repeat(86) },
      { generation: 2, ladder: 'M'.repeat(86) },
    ]);
  });

  it('leaves no wrap where everybody sees it', async () => {
    await publish(1);
    const { result } = await wrap([wrapOf(practitionerIdOf('doctor'), 1)]);
    expect(result).toBe('');
    const seen = JSON.stringify(world.ledger.publicRecords);
    expect(seen).not.toContain('W'.repeat(40));
    expect(seen).not.toContain(practitionerIdOf('doctor'));
  });

  it('is not published out of turn, without a ladder, or in another’s name', async () => {
    expect(await refusal(publish(2))).toBe('STALE_KEY');
    await publish(1);
    expect(await refusal(publish(1))).toBe('STALE_KEY');
    expect(await refusal(publish(2, { ladder: undefined }))).toBe('INVALID_ARGUMENT');
    expect(await refusal(publish(2, { by: practitionerIdOf('doctor') }))).toBe('INVALID_ARGUMENT');
    const { signature } = readingOf(2, { readingKey: 'J'.repeat(1622) });
    expect(await refusal(publish(2, { signature }))).toBe('INVALID_ARGUMENT');
  });

  it('is not published without its seed, wrapped at least for the admin', async () => {
    const { admin } = world.people;
    expect(await refusal(publish(1, {}, admin, []))).toBe('INVALID_ARGUMENT');
    expect(await refusal(publish(1, {}, admin, [wrapOf(practitionerIdOf('doctor'), 1)]))).toBe('INVALID_ARGUMENT');
    expect(await refusal(publish(1, {}, admin, [wrapOf(adminId, 2)]))).toBe('STALE_KEY');
    const args = [hospital, JSON.stringify(readingOf(1))];
    expect(await refusal(submitToRegistry(world, admin, 'putInstitutionReading', ...args))).toBe('INVALID_ARGUMENT');
  });

  it('is made and wrapped by the institution’s admin alone, in standing', async () => {
    const stranger = await hire(world, ['admin', 'pharmacy'], 801);
    const { doctor, regulator } = world.people;
    for (const caller of [stranger, doctor, regulator]) {
      expect(await refusal(publish(1, {}, caller))).toBe('NOT_AUTHORISED');
      expect(await refusal(wrap([wrapOf(adminId, 1)], caller))).toBe('NOT_AUTHORISED');
      expect(await refusal(evaluate(caller, 'readStaffWraps'))).toBe('NOT_AUTHORISED');
    }
    const registrar = world.registrars.HospitalMSP;
    expect(await refusal(publish(1, {}, registrar))).toBe('NOT_REGISTERED');
    await suspend(world, 'admin');
    expect(await refusal(publish(1))).toBe('SUSPENDED');
    expect(await refusal(wrap([wrapOf(adminId, 1)]))).toBe('SUSPENDED');
  });

  it('of an authority opens registers and reports: its staff hold it, in a collection of the regulator’s peer', async () => {
    const admin = await hire(world, ['admin', 'authority'], 802);
    const authority = institutionOf('authority').id;
    const said = { generation: 1, readingKey: 'I'.repeat(1622), by: admin.id };
    const signature = signStatement(admin, institutionStatement(authority, said));
    const args = [authority, JSON.stringify({ ...said, signature })];
    const staffWrapOf = (practitioner: string, keys: Identity['keys']) => {
      const unsigned = {
        ...{ practitioner, generation: 1, readerKeyHash: hashOf(keys.readingKey), wrap: 'W'.repeat(1558) },
      };
      return { ...unsigned, signature: signStatement(admin, staffWrapStatement(authority, admin.id, unsigned)) };
    };
    const { regulator, doctor } = world.people;
    const staff = [staffWrapOf(admin.id, admin.keys), staffWrapOf(practitionerIdOf('regulator'), regulator.keys)];
    const { simulation } = await world.ledger.submit({
      ...{ ...registry, function: 'putInstitutionReading', args, caller: admin },
      transient: { staff: bytesOf(staff) },
    });
    expect([...simulation.privateWrites.keys()].map((key) => key.split('/')[0])).toEqual([
      ...['authoritySecrets', 'authoritySecrets'],
    ]);
    const ask = (caller: Identity) =>
      world.ledger.evaluate<OwnStaffWrap>({ ...registry, function: 'readStaffWrap', args: [authority], caller });
    expect((await ask(regulator)).wrap.practitioner).toBe(practitionerIdOf('regulator'));
    expect(await refusal(ask(doctor))).toBe('NOT_AUTHORISED');
    expect(await refusal(ask(world.people.admin))).toBe('NOT_AUTHORISED');
  });
});

describe('a wrap for a member of staff', () => {
  it('is for the member’s present key, of the present generation', async () => {
    const doctor = practitionerIdOf('doctor');
    expect(await refusal(wrap([wrapOf(doctor, 1)]))).toBe('STALE_KEY');
    await publish(1);
    for (const generation of [2, 3]) expect(await refusal(wrap([wrapOf(doctor, generation)]))).toBe('STALE_KEY');
    expect(await refusal(wrap([wrapOf(doctor, 1, { readerKeyHash: 'a'.repeat(64) })]))).toBe('STALE_KEY');
    const next = await createIdentity('HospitalMSP');
    const keys = { ...next.keys, readingKey: 'S'.repeat(1622) };
    const endorsed = await world.ledger.endorse({
      ...{ ...registry, function: 'wrapForStaff', args: [hospital], caller: world.people.admin },
      transient: { staff: bytesOf([wrapOf(doctor, 1)]) },
    });
    await submitToRegistry(world, world.people.doctor, 'rotateKeys', doctor, JSON.stringify(keys));
    expect(world.ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
    expect(await refusal(wrap([wrapOf(doctor, 1)]))).toBe('STALE_KEY');
    await wrap([wrapOf(doctor, 1, { readerKeyHash: hashOf(keys.readingKey) })]);
  });

  it('is for the institution’s own staff, signed by its admin', async () => {
    await publish(1);
    expect(await refusal(wrap([wrapOf(practitionerIdOf('pharmacist'), 1)]))).toBe('NOT_FOUND');
    const { signature } = wrapOf(practitionerIdOf('otherDoctor'), 1);
    expect(await refusal(wrap([wrapOf(practitionerIdOf('doctor'), 1, { signature })]))).toBe('INVALID_ARGUMENT');
    const call = { ...registry, function: 'wrapForStaff', args: [hospital], caller: world.people.admin };
    expect(await refusal(world.ledger.submit(call))).toBe('INVALID_ARGUMENT');
    await submitToRegistry(world, world.people.admin, 'setPractitionerStatus', practitionerIdOf('doctor'), 'revoked');
    expect(await refusal(wrap([wrapOf(practitionerIdOf('doctor'), 1)]))).toBe('NOT_FOUND');
  });

  it('is read by its member alone, while active, at a peer that holds it', async () => {
    await publish(1);
    await wrap([wrapOf(practitionerIdOf('doctor'), 1)]);
    expect(await refusal(evaluate(world.people.pharmacist, 'readStaffWrap'))).toBe('NOT_AUTHORISED');
    expect(await refusal(evaluate(world.people.impostor, 'readStaffWrap'))).toBe('NOT_REGISTERED');
    await expect(evaluate(world.people.doctor, 'readStaffWrap', false)).rejects.toThrow('no member');
    await suspend(world, 'doctor');
    expect(await refusal(evaluate(world.people.doctor, 'readStaffWrap'))).toBe('SUSPENDED');
  });

  it('comes 400 at once, and no more', async () => {
    const many = (count: number) => Array.from({ length: count }, () => wrapOf(adminId, 1));
    await publish(1);
    await wrap(many(400));
    expect(await refusal(wrap(many(401)))).toBe('INVALID_ARGUMENT');
  });

  it('names its institution, so that none passes for another’s', async () => {
    await publish(1);
    const statement = staffWrapStatement('inst-elsewhere', adminId, wrapOf(adminId, 1));
    const signature = signStatement(world.people.admin, statement);
    expect(await refusal(wrap([wrapOf(adminId, 1, { signature })]))).toBe('INVALID_ARGUMENT');
  });
});
