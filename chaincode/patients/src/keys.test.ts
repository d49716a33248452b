import { beforeEach, describe, expect, it } from 'vitest';
import type { KeyOwner } from '../../model/registry.ts';
import { whoMay } from '../../testing/everybody.ts';
import { giveFactor, submitConfirmed } from '../../testing/factors.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { patientIds, serial } from '../../testing/samples.ts';
import { createCredential, type TestCredential } from '../../testing/signing.ts';
import { Care, createWorld, type World } from '../../testing/world.ts';

let world: World;
let care: Care;
let next: Identity;
const id = patientIds.patient;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
  next = await createIdentity('PatientMSP', { role: 'patient', subject: id });
});

const submit = (name: string, args: string[], by?: TestCredential, caller = world.people.patient) => {
  const order = care.order(caller, `patients:${name}`, args);
  return by ? submitConfirmed(world, by, order) : world.ledger.submit(order);
};
const rotate = (by?: TestCredential, caller?: Identity) =>
  submit('rotateKeys', [id, JSON.stringify(next.keys)], by, caller);
const add = (added: TestCredential, by?: TestCredential) =>
  submit('addCredential', [id, JSON.stringify(added.credential)], by);
const remove = (removed: TestCredential, by?: TestCredential) =>
  submit('removeCredential', [id, removed.credential.id], by);
const ownerOf = (hash: string) => care.evaluate<KeyOwner>(world.people.service, 'patients:readKeyOwner', hash);
const suspendPatient = () => submit('setStatus', [id, 'suspended'], undefined, world.people.regulator);

describe('patients:rotateKeys', () => {
  it('replaces the keys; the old one acts no more and stays known', async () => {
    const before = world.people.patient.keys;
    await rotate();
    expect(await care.readPatient(id)).toMatchObject({ keys: next.keys, version: 2 });
    expect(await ownerOf(before.signingKeyHash)).toEqual({ subject: id, current: false });
    expect(await ownerOf(next.keys.signingKeyHash)).toEqual({ subject: id, current: true });
    expect(await refusal(ownerOf('0'.repeat(64)))).toBe('NOT_FOUND');
    next = await createIdentity('PatientMSP');
    expect(await refusal(rotate())).toBe('NOT_REGISTERED');
  });

  it('is the patient’s alone', async () => {
    const args = [id, JSON.stringify(next.keys)];
    expect(await whoMay(world, (copy, caller) => copy.submit(caller, 'patients:rotateKeys', args))).toEqual([
      'patient',
    ]);
  });

  it('is not a representative’s', async () => {
    const factor = await giveFactor(world, 'patient');
    const appointment = { id: `rep-0-${serial(1)}`, patient: id, representative: patientIds.representative };
    await submit('appoint', [JSON.stringify(appointment)], factor);
    expect(await refusal(rotate(factor, world.people.representative))).toBe('NOT_AUTHORISED');
    const credential = JSON.stringify(createCredential().credential);
    const added = submit('addCredential', [id, credential], factor, world.people.representative);
    expect(await refusal(added)).toBe('NOT_AUTHORISED');
  });

  it('refuses a key that is or was anybody’s, and one who is suspended', async () => {
    const to = ({ keys }: Identity) => refusal(submit('rotateKeys', [id, JSON.stringify(keys)]));
    expect(await to(world.people.otherPatient)).toBe('KEY_EXISTS');
    expect(await to(world.people.patient)).toBe('KEY_EXISTS');
    await suspendPatient();
    expect(await to(next)).toBe('SUSPENDED');
  });

  it('is confirmed by a second factor as soon as there is one', async () => {
    const factor = await giveFactor(world, 'patient');
    expect(await refusal(rotate())).toBe('SECOND_FACTOR_REQUIRED');
    expect(await refusal(rotate(createCredential()))).toBe('SECOND_FACTOR_INVALID');
    await rotate(factor);
    expect(await care.readPatient(id)).toMatchObject({ keys: next.keys, credentials: [factor.credential] });
  });
});

describe('second factors of a patient', () => {
  it('are added and removed with one that there is, but for the first', async () => {
    const [first, second] = [createCredential(), createCredential('pin')];
    await add(first);
    expect(await refusal(add(second))).toBe('SECOND_FACTOR_REQUIRED');
    await add(second, first);
    expect(await refusal(add(second, first))).toBe('ALREADY_EXISTS');
    expect(await refusal(remove(first))).toBe('SECOND_FACTOR_REQUIRED');
    expect(await refusal(remove(createCredential(), first))).toBe('NOT_FOUND');
    await remove(first, second);
    const { credentials } = await care.readPatient(id);
    expect(credentials).toEqual([{ ...second.credential, addedAt: expect.any(String) }]);
    await remove(second, second);
    expect(await care.readPatient(id)).not.toHaveProperty('credentials');
  });

  it('are the patient’s alone', async () => {
    const args = [id, JSON.stringify(createCredential().credential)];
    expect(await whoMay(world, (copy, caller) => copy.submit(caller, 'patients:addCredential', args))).toEqual([
      'patient',
    ]);
    await suspendPatient();
    expect(await refusal(add(createCredential()))).toBe('SUSPENDED');
  });

  it('are keys of P-256', async () => {
    const { credential } = createCredential();
    const odd = JSON.stringify({ ...credential, publicKey: 'A'.repeat(122) });
    expect(await refusal(submit('addCredential', [id, odd]))).toBe('INVALID_ARGUMENT');
  });
});

describe('patients:setStatus', () => {
  it('suspends and restores, by the authority alone', async () => {
    const allowed = await whoMay(world, (copy, caller) => copy.submit(caller, 'patients:setStatus', [id, 'suspended']));
    expect(allowed).toEqual(['regulator', 'registrar of RegulatorMSP']);
    await suspendPatient();
    expect(await care.readPatient(id)).toMatchObject({ status: 'suspended', version: 2 });
    expect(await refusal(suspendPatient())).toBe('WRONG_STATE');
    await submit('setStatus', [id, 'active'], undefined, world.people.regulator);
    expect((await care.readPatient(id)).status).toBe('active');
  });

  it('knows no other status and nobody unknown', async () => {
    const act = (...args: string[]) => refusal(submit('setStatus', args, undefined, world.people.regulator));
    expect(await act(id, 'revoked')).toBe('INVALID_ARGUMENT');
    expect(await act(`pt-0-${serial(99)}`, 'suspended')).toBe('NOT_FOUND');
    expect(await act(`pt-1-${serial(1)}`, 'suspended')).toBe('WRONG_CHANNEL');
  });
});
