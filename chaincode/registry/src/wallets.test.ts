import { beforeEach, describe, expect, it } from 'vitest';
import type { Practitioner } from '../../model/registry.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { createWorld, practitionerIdOf, submitToRegistry, suspend, type World } from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const doctorId = practitionerIdOf('doctor');
const address = (seed: number) => `0x${seed.toString(16).padStart(40, '0')}`;
const submit = (name: string, caller: Identity, ...args: string[]) => submitToRegistry(world, caller, name, ...args);
const link = (seed: number, caller = world.people.doctor) => submit('linkWallet', caller, doctorId, address(seed));
const unlink = (seed: number, caller = world.people.doctor) => submit('unlinkWallet', caller, doctorId, address(seed));
const keysNow = async () => {
  const call = { channel: 'registry', contract: 'registry', function: 'readPractitioner', args: [doctorId] };
  return (await world.ledger.evaluate<Practitioner>({ ...call, caller: world.people.service })).keys;
};

describe('linkWallet', () => {
  it('records further wallets beside the person’s own', async () => {
    const { simulation, result } = await link(1);
    expect(result).toBe('');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      kind: 'practitioner',
      id: doctorId,
      change: 'linkWallet',
      version: 3,
    });
    await link(2);
    expect(await keysNow()).toEqual({ ...world.people.doctor.keys, linkedWallets: [address(1), address(2)] });
  });

  it('refuses a wallet that is linked, or is the person’s own', async () => {
    const wallet = address(9);
    const next = await createIdentity('HospitalMSP', { role: 'doctor' });
    await submit('rotateKeys', world.people.doctor, doctorId, JSON.stringify({ ...next.keys, wallet }));
    expect(await refusal(link(9, next))).toBe('ALREADY_EXISTS');
    await link(1, next);
    expect(await refusal(link(1, next))).toBe('ALREADY_EXISTS');
  });

  it('refuses a wallet that is or was somebody else’s', async () => {
    const other = practitionerIdOf('otherDoctor');
    await submit('linkWallet', world.people.otherDoctor, other, address(1));
    expect(await refusal(link(1))).toBe('ALREADY_EXISTS');
    await submit('unlinkWallet', world.people.otherDoctor, other, address(1));
    expect(await refusal(link(1))).toBe('ALREADY_EXISTS');
    await link(2);
    const next = await createIdentity('HospitalMSP', { role: 'doctor' });
    const keys = JSON.stringify({ ...next.keys, wallet: address(2) });
    expect(await refusal(submit('rotateKeys', world.people.otherDoctor, other, keys))).toBe('KEY_EXISTS');
  });

  it('refuses a sixth', async () => {
    for (const seed of [1, 2, 3, 4, 5]) await link(seed);
    expect(await refusal(link(6))).toBe('WRONG_STATE');
    await unlink(3);
    await link(6);
    expect((await keysNow())?.linkedWallets).toEqual([1, 2, 4, 5, 6].map(address));
  });

  it.each([address(10).toUpperCase(), '0x12', '', `${address(1)}0`, address(0xabcdef).replace('abcdef', 'ABCDEF')])(
    'refuses %j as an address',
    async (malformed) => {
      expect(await refusal(submit('linkWallet', world.people.doctor, doctorId, malformed))).toBe('INVALID_ARGUMENT');
    },
  );

  it('is for the person alone, by the registered key, while active', async () => {
    expect(await refusal(link(1, world.people.otherDoctor))).toBe('NOT_AUTHORISED');
    expect(await refusal(link(1, world.people.regulator))).toBe('NOT_AUTHORISED');
    expect(await refusal(link(1, world.registrars.HospitalMSP))).toBe('NOT_REGISTERED');
    expect(await refusal(link(1, world.people.impostor))).toBe('NOT_REGISTERED');
    expect(await refusal(link(1, { ...world.people.doctor, mspId: 'PharmacyMSP' }))).toBe('NOT_AUTHORISED');
    await link(2);
    await suspend(world, 'doctor');
    expect(await refusal(link(1))).toBe('SUSPENDED');
    expect(await refusal(unlink(2))).toBe('SUSPENDED');
  });

  it('cannot be passed by: enrolled and rotated keys bring no wallet but their own', async () => {
    const keys = JSON.stringify({ ...(await createIdentity('HospitalMSP')).keys, linkedWallets: [address(1)] });
    expect(await refusal(submit('rotateKeys', world.people.doctor, doctorId, keys))).toBe('INVALID_ARGUMENT');
    expect(await refusal(submit('enrolKeys', world.registrars.HospitalMSP, doctorId, keys))).toBe('INVALID_ARGUMENT');
  });
});

describe('unlinkWallet', () => {
  it('remembers the wallet as a former one, until it is linked again', async () => {
    await link(1);
    await unlink(1);
    expect(await keysNow()).toEqual({ ...world.people.doctor.keys, formerWallets: [address(1)] });
    await link(1);
    expect(await keysNow()).toEqual({ ...world.people.doctor.keys, linkedWallets: [address(1)] });
  });

  it('refuses what is not linked, and others than the person', async () => {
    await link(1);
    expect(await refusal(unlink(2))).toBe('NOT_FOUND');
    expect(await refusal(unlink(1, world.people.otherDoctor))).toBe('NOT_AUTHORISED');
  });

  it('remembers the last twenty', async () => {
    for (let seed = 1; seed <= 22; seed += 1) {
      await link(seed);
      await unlink(seed);
    }
    expect((await keysNow())?.formerWallets).toEqual(Array.from({ length: 20 }, (_, at) => address(at + 3)));
  });
});

it('new keys keep the linked wallets, and a replaced wallet becomes a former one', async () => {
  const [first, second] = await Promise.all([createIdentity('HospitalMSP'), createIdentity('HospitalMSP')]);
  await link(1);
  await submit('rotateKeys', world.people.doctor, doctorId, JSON.stringify({ ...first.keys, wallet: address(8) }));
  await submit('rotateKeys', first, doctorId, JSON.stringify({ ...second.keys, wallet: address(9) }));
  expect(await keysNow()).toEqual({
    ...second.keys,
    wallet: address(9),
    linkedWallets: [address(1)],
    formerWallets: [address(8)],
  });
});
