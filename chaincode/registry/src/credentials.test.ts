import { beforeEach, describe, expect, it } from 'vitest';
import type { Practitioner } from '../../model/registry.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { confirmed, createCredential, type TestCredential } from '../../testing/signing.ts';
import { createWorld, practitionerIdOf, suspend, type World } from '../../testing/world.ts';

let world: World;

beforeEach(async () => {
  world = await createWorld();
});

const id = practitionerIdOf('doctor');
const called = { channel: 'registry', contract: 'registry' };
/** Submits as the doctor; with a second factor where one is given. */
function submit(name: string, args: string[], by?: TestCredential, caller: Identity = world.people.doctor) {
  const call = { ...called, function: name, args };
  return world.ledger.submit({ ...call, caller, ...(by && { transient: confirmed(by, call) }) });
}
const add = (added: TestCredential, by?: TestCredential, caller?: Identity) =>
  submit('addCredential', [id, JSON.stringify(added.credential)], by, caller);
const remove = (removed: TestCredential, by?: TestCredential) =>
  submit('removeCredential', [id, removed.credential.id], by);
const read = () =>
  world.ledger.evaluate<Practitioner>({
    ...{ ...called, function: 'readPractitioner', args: [id] },
    caller: world.people.service,
  });

describe('a second factor', () => {
  it('is added by the person, the first one without another', async () => {
    const [passkey, pin] = [createCredential(), createCredential('pin')];
    await add(passkey);
    await add(pin, passkey);
    const { credentials } = await read();
    const addedAt = expect.any(String);
    expect(credentials).toEqual([
      { ...passkey.credential, addedAt },
      { ...pin.credential, addedAt },
    ]);
  });

  it('after the first is added and removed only with one that there is', async () => {
    const [first, second, third] = [createCredential(), createCredential('pin'), createCredential()];
    await add(first);
    expect(await refusal(add(second))).toBe('SECOND_FACTOR_REQUIRED');
    expect(await refusal(add(second, second))).toBe('SECOND_FACTOR_INVALID');
    await add(second, first);
    expect(await refusal(remove(first))).toBe('SECOND_FACTOR_REQUIRED');
    expect(await refusal(remove(first, third))).toBe('SECOND_FACTOR_INVALID');
    await remove(first, second);
    await remove(second, second);
    expect(await read()).not.toHaveProperty('credentials');
  });

  it('confirms one call and no other', async () => {
    const [first, second, third] = [createCredential(), createCredential(), createCredential()];
    await add(first);
    const call = { ...called, function: 'addCredential', args: [id, JSON.stringify(second.credential)] };
    const transient = confirmed(first, call);
    const other = { ...call, args: [id, JSON.stringify(third.credential)], caller: world.people.doctor, transient };
    expect(await refusal(world.ledger.submit(other))).toBe('SECOND_FACTOR_INVALID');
    await world.ledger.submit({ ...call, caller: world.people.doctor, transient });
  });

  it('is one of eight at most, and each only once', async () => {
    const first = createCredential();
    await add(first);
    expect(await refusal(add(first, first))).toBe('ALREADY_EXISTS');
    for (let count = 1; count < 8; count += 1) await add(createCredential(), first);
    expect(await refusal(add(createCredential(), first))).toBe('WRONG_STATE');
    expect(await refusal(remove(createCredential(), first))).toBe('NOT_FOUND');
  });

  it('is nobody else’s business, nor of somebody suspended', async () => {
    const added = createCredential();
    for (const caller of [world.people.otherDoctor, world.people.admin, world.people.regulator]) {
      expect(await refusal(add(added, undefined, caller))).toBe('NOT_AUTHORISED');
    }
    for (const caller of [world.registrars.HospitalMSP, world.people.impostor]) {
      expect(await refusal(add(added, undefined, caller))).toBe('NOT_REGISTERED');
    }
    await suspend(world, 'doctor');
    expect(await refusal(add(added))).toBe('SUSPENDED');
  });

  it.each([
    ['no P-256 key', { publicKey: 'A'.repeat(122) }],
    ['another kind', { kind: 'sms' }],
    ['a time of its own', { addedAt: '2026-01-01T00:00:00Z' }],
  ])('with %s is refused', async (_case, change) => {
    const { credential } = createCredential();
    const changed = JSON.stringify({ ...credential, ...change });
    expect(await refusal(submit('addCredential', [id, changed]))).toBe('INVALID_ARGUMENT');
  });

  it('is asked for when the keys of somebody who has one are rotated', async () => {
    const [passkey, stranger] = [createCredential(), createCredential()];
    const next = await createIdentity('HospitalMSP');
    const args = [id, JSON.stringify(next.keys)];
    await add(passkey);
    expect(await refusal(submit('rotateKeys', args))).toBe('SECOND_FACTOR_REQUIRED');
    expect(await refusal(submit('rotateKeys', args, stranger))).toBe('SECOND_FACTOR_INVALID');
    await submit('rotateKeys', args, passkey);
    expect(await read()).toMatchObject({ keys: next.keys, credentials: [passkey.credential] });
  });
});
