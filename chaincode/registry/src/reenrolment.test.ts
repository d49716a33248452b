import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reenrolment } from '../../model/patient.ts';
import type { Practitioner } from '../../model/registry.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { hour, serial } from '../../testing/samples.ts';
import { createCredential } from '../../testing/signing.ts';
import { createWorld, hire, practitionerIdOf, submitToRegistry, suspend, type World } from '../../testing/world.ts';

let world: World;
let next: Identity;

beforeEach(async () => {
  world = await createWorld();
  next = await createIdentity('HospitalMSP', { role: 'doctor' });
});
afterEach(() => void vi.useRealTimers());

const subject = practitionerIdOf('doctor');
const submit = (caller: Identity, name: string, ...args: string[]) => submitToRegistry(world, caller, name, ...args);
const propose = (caller: Identity = world.people.admin, keys = next.keys) =>
  submit(caller, 'proposeReenrolment', JSON.stringify({ subject, keys }));
const approve = (caller: Identity = world.people.regulator) => submit(caller, 'approveReenrolment', subject);
const refuse = (caller: Identity) => submit(caller, 'refuseReenrolment', subject, 'I still have my keys.');
const complete = (caller: Identity = world.registrars.HospitalMSP) => submit(caller, 'completeReenrolment', subject);
const evaluate = <T>(name: string, ...args: string[]) =>
  world.ledger.evaluate<T>({
    ...{ channel: 'registry', contract: 'registry', function: name, args },
    caller: world.people.service,
  });
const read = () => evaluate<Reenrolment>('readReenrolment', subject);
const later = (hours: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * hour });
const eventOf = ({ simulation }: Awaited<ReturnType<typeof propose>>) =>
  JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString());

describe('new keys for who has lost the old ones', () => {
  it('are proposed by the institution, approved by the authority, and count after three days', async () => {
    const credential = JSON.stringify(createCredential().credential);
    await submit(world.people.doctor, 'addCredential', subject, credential);
    expect(eventOf(await propose())).toMatchObject({ kind: 'reenrolment', id: subject, status: 'proposed' });
    expect(await read()).toMatchObject({ proposedBy: practitionerIdOf('admin'), proposedFor: 'HospitalMSP' });
    expect(await evaluate('listReenrolments', '10', '')).toEqual({ items: [await read()], bookmark: '' });
    expect(eventOf(await approve())).toMatchObject({ kind: 'reenrolment', id: subject, status: 'approved' });
    later(71.9);
    expect(await refusal(complete())).toBe('NOT_DUE');
    later(0.2);
    expect(eventOf(await complete())).toMatchObject({
      kind: 'practitioner',
      id: subject,
      change: 'completeReenrolment',
    });
    expect(await read()).toMatchObject({ state: 'completed', approvedFor: 'RegulatorMSP', version: 3 });
    const person = await evaluate<Practitioner>('readPractitioner', subject);
    expect(person).toMatchObject({ keys: next.keys, version: 4 });
    expect(person).not.toHaveProperty('credentials');
    const old = world.people.doctor.keys.signingKeyHash;
    expect(await evaluate('readKeyOwner', old)).toEqual({ subject, current: false });
    expect(await refusal(complete())).toBe('WRONG_STATE');
  });

  it('are refused by the present key, the institution or the authority, also once they are approved', async () => {
    for (const who of ['doctor', 'admin', 'regulator'] as const) {
      await propose();
      await approve();
      await refuse(world.people[who]);
      expect(await read()).toMatchObject({ state: 'refused', reason: 'I still have my keys.' });
      later(73);
      expect(await refusal(complete())).toBe('WRONG_STATE');
      vi.useRealTimers();
    }
    await propose(world.registrars.HospitalMSP);
    expect(await read()).toMatchObject({ proposedBy: 'registrar:HospitalMSP', version: 10 });
  });

  it('are not stopped by a key that is suspended, since it may be stolen', async () => {
    await suspend(world, 'doctor');
    await propose();
    expect(await refusal(refuse(world.people.doctor))).toBe('SUSPENDED');
    await approve();
    later(73);
    await complete();
    const person = await evaluate<Practitioner>('readPractitioner', subject);
    expect(person).toMatchObject({ status: 'suspended', keys: next.keys });
  });

  it('are proposed one at a time, for somebody who has keys, over a key that nobody had', async () => {
    await propose();
    expect(await refusal(propose())).toBe('WRONG_STATE');
    const taken = JSON.stringify({ subject: practitionerIdOf('otherDoctor'), keys: world.people.doctor.keys });
    expect(await refusal(submit(world.people.admin, 'proposeReenrolment', taken))).toBe('KEY_EXISTS');
    const id = `prac-${serial(900)}`;
    const { institutionId, licence } = await evaluate<Practitioner>('readPractitioner', subject);
    const registration = JSON.stringify({ id, institutionId, role: 'doctor', licence });
    await submit(world.people.admin, 'registerPractitioner', registration);
    const first = JSON.stringify({ subject: id, keys: (await createIdentity('HospitalMSP')).keys });
    expect(await refusal(submit(world.people.admin, 'proposeReenrolment', first))).toBe('WRONG_STATE');
    expect(await refusal(evaluate('readReenrolment', id))).toBe('NOT_FOUND');
    await submit(world.people.regulator, 'setPractitionerStatus', practitionerIdOf('otherDoctor'), 'revoked');
    const revoked = JSON.stringify({
      subject: practitionerIdOf('otherDoctor'),
      keys: (await createIdentity('x')).keys,
    });
    expect(await refusal(submit(world.people.admin, 'proposeReenrolment', revoked))).toBe('SUSPENDED');
  });

  it('that somebody enrolled meanwhile are not put in force', async () => {
    await propose();
    await approve();
    await submit(world.people.doctor, 'rotateKeys', subject, JSON.stringify(next.keys));
    later(73);
    expect(await refusal(complete())).toBe('KEY_EXISTS');
  });

  it('need the institution, then another organisation', async () => {
    const stranger = await hire(world, ['admin', 'pharmacy'], 801);
    const { people, registrars } = world;
    for (const caller of [stranger, people.doctor, people.otherDoctor, people.regulator]) {
      expect(await refusal(propose(caller))).toBe('NOT_AUTHORISED');
    }
    expect(await refusal(propose(registrars.PharmacyMSP))).toBe('NOT_REGISTERED');
    await propose();
    for (const caller of [people.admin, people.doctor, stranger])
      expect(await refusal(approve(caller))).toBe('NOT_AUTHORISED');
    expect(await refusal(approve(registrars.HospitalMSP))).toBe('NOT_REGISTERED');
    for (const caller of [stranger, people.otherDoctor]) expect(await refusal(refuse(caller))).toBe('NOT_AUTHORISED');
    await approve(registrars.RegulatorMSP);
    later(73);
    for (const caller of [people.admin, people.regulator, registrars.RegulatorMSP, registrars.PharmacyMSP]) {
      expect(await refusal(complete(caller))).toBe('NOT_AUTHORISED');
    }
  });

  it('of an admin are not proposed by herself; of a regulator another organisation approves', async () => {
    const own = JSON.stringify({ subject: practitionerIdOf('admin'), keys: next.keys });
    expect(await refusal(submit(world.people.admin, 'proposeReenrolment', own))).toBe('NOT_AUTHORISED');
    const regulator = practitionerIdOf('regulator');
    const proposal = JSON.stringify({ subject: regulator, keys: next.keys });
    await submit(world.registrars.RegulatorMSP, 'proposeReenrolment', proposal);
    const approved = (caller: Identity) => submit(caller, 'approveReenrolment', regulator);
    expect(await refusal(approved(world.registrars.RegulatorMSP))).toBe('NOT_AUTHORISED');
    expect(await refusal(approved(world.people.regulator))).toBe('NOT_AUTHORISED');
    await approved(world.registrars.InsurerMSP);
  });
});
