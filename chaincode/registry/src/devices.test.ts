import { beforeEach, describe, expect, it } from 'vitest';
import type { Device, KeyOwner, Page } from '../../model/registry.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { institutionOf, serial } from '../../testing/samples.ts';
import { createWorld, hire, practitionerIdOf, submitToRegistry, type World } from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const hospital = institutionOf('hospital').id;
const id = `dev-${serial(1)}`;
const submit = (caller: Identity, name: string, ...args: string[]) => submitToRegistry(world, caller, name, ...args);
const evaluate = <T>(name: string, ...args: string[]) =>
  world.ledger.evaluate<T>({
    ...{ channel: 'registry', contract: 'registry', function: name, args },
    caller: world.people.service,
  });
async function newKeys() {
  const { signingKeyHash, readingKey } = (await createIdentity('HospitalMSP')).keys;
  return { signingKeyHash, readingKey };
}
async function register(change: object = {}, caller = world.people.admin) {
  const keys = await newKeys();
  const device = { id, institutionId: hospital, model: 'Bedside monitor', serialHash: 'a'.repeat(64), keys, ...change };
  const { simulation } = await submit(caller, 'registerDevice', JSON.stringify(device));
  return { device, event: JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString()) };
}

describe('a device', () => {
  it('is registered by its institution’s admin, and found by id, key and institution', async () => {
    const { device, event } = await register();
    expect(event).toMatchObject({ kind: 'device', id, change: 'registerDevice', status: 'active', version: 1 });
    const registered = { ...device, mspId: 'HospitalMSP', status: 'active', version: 1 };
    expect(await evaluate('readDevice', id)).toEqual(registered);
    expect(await evaluate('readDeviceByKey', device.keys.signingKeyHash)).toEqual(registered);
    expect(await evaluate<Page<Device>>('listDevices', hospital, '10', '')).toEqual({
      items: [registered],
      bookmark: '',
    });
    const elsewhere = await evaluate<Page<Device>>('listDevices', institutionOf('pharmacy').id, '10', '');
    expect(elsewhere.items).toEqual([]);
  });

  it('is registered once, with a key that nobody has or had', async () => {
    const { device } = await register();
    const registrar = world.registrars.HospitalMSP;
    expect(await refusal(register({}, registrar))).toBe('ALREADY_EXISTS');
    const other = { id: `dev-${serial(2)}` };
    expect(await refusal(register({ ...other, keys: device.keys }))).toBe('KEY_EXISTS');
    const { signingKeyHash, readingKey } = world.people.doctor.keys;
    expect(await refusal(register({ ...other, keys: { signingKeyHash, readingKey } }))).toBe('KEY_EXISTS');
    expect(await refusal(register({ ...other, institutionId: 'inst-nowhere-at-all' }))).toBe('NOT_FOUND');
    expect(await refusal(register({ ...other, serialHash: 'SN-4711' }))).toBe('INVALID_ARGUMENT');
  });

  it('rotates its keys, after which the old one is nobody’s', async () => {
    const { device } = await register();
    const next = await newKeys();
    await submit(world.people.admin, 'rotateDeviceKeys', id, JSON.stringify(next));
    expect(await refusal(evaluate('readDeviceByKey', device.keys.signingKeyHash))).toBe('NOT_REGISTERED');
    expect(await evaluate('readDeviceByKey', next.signingKeyHash)).toMatchObject({ keys: next, version: 2 });
    const back = submit(world.people.admin, 'rotateDeviceKeys', id, JSON.stringify(device.keys));
    expect(await refusal(back)).toBe('KEY_EXISTS');
    expect(await evaluate<KeyOwner>('readKeyOwner', device.keys.signingKeyHash)).toEqual({
      subject: id,
      current: false,
    });
  });

  it('is suspended and restored, and rotates nothing meanwhile; revoked it stays', async () => {
    await register();
    const set = (status: string) => submit(world.people.admin, 'setDeviceStatus', id, status);
    await set('suspended');
    const rotate = submit(world.people.admin, 'rotateDeviceKeys', id, JSON.stringify(await newKeys()));
    expect(await refusal(rotate)).toBe('SUSPENDED');
    await set('active');
    await set('revoked');
    expect(await refusal(set('active'))).toBe('WRONG_STATE');
    expect(await refusal(submit(world.people.admin, 'setDeviceStatus', `dev-${serial(9)}`, 'active'))).toBe(
      'NOT_FOUND',
    );
  });

  it('is none of another institution’s business, nor of one that is suspended', async () => {
    const stranger = await hire(world, ['admin', 'pharmacy'], 801);
    expect(await refusal(register({}, stranger))).toBe('NOT_AUTHORISED');
    await register();
    expect(await refusal(submit(stranger, 'setDeviceStatus', id, 'suspended'))).toBe('NOT_AUTHORISED');
    expect(await refusal(submit(world.people.regulator, 'setDeviceStatus', id, 'suspended'))).toBe('NOT_AUTHORISED');
    await submit(world.people.regulator, 'setInstitutionStatus', hospital, 'suspended');
    expect(await refusal(submit(world.people.admin, 'setDeviceStatus', id, 'suspended'))).toBe('SUSPENDED');
    const registrar = submit(world.registrars.HospitalMSP, 'setDeviceStatus', id, 'suspended');
    expect(await refusal(registrar)).toBe('SUSPENDED');
  });

  it('acts as nobody: its key is no practitioner’s', async () => {
    const monitor = await createIdentity('HospitalMSP');
    const { signingKeyHash, readingKey } = monitor.keys;
    await register({ keys: { signingKeyHash, readingKey } });
    expect(await refusal(evaluate('readPractitionerByKey', signingKeyHash))).toBe('NOT_REGISTERED');
    expect(await refusal(submit(monitor, 'setInstitutionStatus', hospital, 'suspended'))).toBe('NOT_REGISTERED');
  });
});

describe('what a device is for', () => {
  it('stands in its entry, with firmware and attestation where there are some', async () => {
    const attestation = { format: 'tpm', hash: 'b'.repeat(64) };
    await register({ purpose: 'sensor', firmware: '2.4.1', attestation });
    expect(await evaluate('readDevice', id)).toMatchObject({ purpose: 'sensor', firmware: '2.4.1', attestation });
    expect(await refusal(register({ id: `dev-${serial(2)}`, purpose: 'toaster' }))).toBe('INVALID_ARGUMENT');
    expect(await refusal(register({ id: `dev-${serial(2)}`, status: 'active' }))).toBe('INVALID_ARGUMENT');
  });
});

describe('a device that passes to another institution', () => {
  const other = institutionOf('otherHospital').id;
  const pharmacy = institutionOf('pharmacy').id;
  const offer = (to = other, by = world.people.admin) => submit(by, 'transferDevice', id, to);
  const accept = async (by = world.people.otherAdmin, keys?: object) =>
    submit(by, 'acceptDevice', id, JSON.stringify(keys ?? (await newKeys())));
  const read = () => evaluate<Device>('readDevice', id);
  const listed = async (institution: string) =>
    (await evaluate<Page<Device>>('listDevices', institution, '10', '')).items.map((device) => device.id);

  it('is suspended until that accepts it, with keys of its own', async () => {
    const { device } = await register({ purpose: 'sensor' });
    const { simulation } = await offer();
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ kind: 'device', id, change: 'transferDevice', status: 'suspended', version: 2 },
    });
    expect(await read()).toMatchObject({ institutionId: hospital, status: 'suspended', transferTo: other });
    const keys = await newKeys();
    await accept(undefined, keys);
    const accepted = { institutionId: other, formerInstitution: hospital, keys, status: 'active', version: 3 };
    expect(await read()).toMatchObject({ ...accepted, purpose: 'sensor' });
    expect((await read()).transferTo).toBeUndefined();
    expect([await listed(hospital), await listed(other)]).toEqual([[], [id]]);
    expect(await refusal(evaluate('readDeviceByKey', device.keys.signingKeyHash))).toBe('NOT_REGISTERED');
    expect(await refusal(submit(world.people.admin, 'setDeviceStatus', id, 'suspended'))).toBe('NOT_AUTHORISED');
    await submit(world.people.otherAdmin, 'setDeviceStatus', id, 'suspended');
  });

  it('is offered by who has it, and accepted by whom it is offered to', async () => {
    await register();
    expect(await refusal(accept())).toBe('WRONG_STATE');
    for (const by of [world.people.otherAdmin, world.people.regulator, world.people.doctor]) {
      expect(await refusal(offer(other, by))).toBe('NOT_AUTHORISED');
    }
    expect(await refusal(offer('inst-nowhere-at-all'))).toBe('NOT_FOUND');
    expect(await refusal(offer(hospital))).toBe('WRONG_STATE');
    await offer(pharmacy);
    for (const by of [world.people.otherAdmin, world.people.admin, world.people.pharmacist]) {
      expect(await refusal(accept(by))).toBe('NOT_AUTHORISED');
    }
    expect(await refusal(accept(world.registrars.HospitalMSP))).toBe('NOT_REGISTERED');
    await accept(world.people.pharmacyAdmin);
    expect(await read()).toMatchObject({ mspId: 'PharmacyMSP', institutionId: pharmacy });
    expect(await refusal(accept(world.people.pharmacyAdmin))).toBe('WRONG_STATE');
  });

  it('comes back by the offer to oneself, and can be offered to somebody else', async () => {
    const { device } = await register();
    await offer(pharmacy);
    await offer(other);
    expect(await refusal(accept(world.people.pharmacyAdmin))).toBe('NOT_AUTHORISED');
    await offer(hospital);
    expect(await read()).toMatchObject({ status: 'active', keys: device.keys });
    expect(await refusal(accept())).toBe('WRONG_STATE');
  });

  it('is neither what is suspended, nor what is revoked, and goes to nobody who is', async () => {
    await register();
    const set = (status: string) => submit(world.people.admin, 'setDeviceStatus', id, status);
    await set('suspended');
    expect(await refusal(offer())).toBe('SUSPENDED');
    await set('active');
    await offer();
    for (const status of ['active', 'suspended']) expect(await refusal(set(status))).toBe('WRONG_STATE');
    await submit(world.people.regulator, 'setInstitutionStatus', other, 'suspended');
    expect(await refusal(accept())).toBe('SUSPENDED');
    expect(await refusal(offer(other))).toBe('SUSPENDED');
    await submit(world.people.regulator, 'setInstitutionStatus', other, 'active');
    await set('revoked');
    expect(await refusal(accept())).toBe('WRONG_STATE');
    expect(await refusal(offer())).toBe('SUSPENDED');
  });

  it('has no key that anybody has or had', async () => {
    const { device } = await register();
    await offer();
    expect(await refusal(accept(world.people.otherAdmin, device.keys))).toBe('KEY_EXISTS');
  });
});

describe('a key’s owner', () => {
  it('is known for good, and whether it is the present key', async () => {
    const { signingKeyHash } = world.people.doctor.keys;
    const subject = practitionerIdOf('doctor');
    expect(await evaluate('readKeyOwner', signingKeyHash)).toEqual({ subject, current: true });
    const next = await createIdentity('HospitalMSP');
    await submit(world.people.doctor, 'rotateKeys', subject, JSON.stringify(next.keys));
    expect(await evaluate('readKeyOwner', signingKeyHash)).toEqual({ subject, current: false });
    expect(await evaluate('readKeyOwner', next.keys.signingKeyHash)).toEqual({ subject, current: true });
    expect(await refusal(evaluate('readKeyOwner', 'b'.repeat(64)))).toBe('NOT_FOUND');
    expect(await refusal(evaluate('readKeyOwner', 'x'))).toBe('INVALID_ARGUMENT');
  });
});
