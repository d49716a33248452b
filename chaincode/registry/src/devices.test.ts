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
