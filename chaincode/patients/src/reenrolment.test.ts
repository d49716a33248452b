import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Reenrolment } from '../../model/patient.ts';
import { whoMay } from '../../testing/everybody.ts';
import { giveFactor } from '../../testing/factors.ts';
import { createIdentity, type Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { hour, patientIds, serial } from '../../testing/samples.ts';
import { Care, createWorld, practitionerIdOf, type World } from '../../testing/world.ts';

let world: World;
let care: Care;
let found: Identity;
const id = patientIds.patient;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
  found = await createIdentity('PatientMSP', { role: 'patient', subject: id });
});
afterEach(() => {
  vi.useRealTimers();
});

const proposal = (subject: string = id) => JSON.stringify({ subject, keys: found.keys });
const propose = (caller = world.people.admin, json = proposal()) =>
  care.submit(caller, 'patients:proposeReenrolment', [json]);
const approve = (caller = world.registrars.PharmacyMSP, subject: string = id) =>
  care.submit(caller, 'patients:approveReenrolment', [subject]);
const refuse = (caller: Identity = world.people.patient, reason = 'I have my key') =>
  care.submit(caller, 'patients:refuseReenrolment', [id, reason]);
const complete = (caller = world.registrars.PatientMSP) => care.submit(caller, 'patients:completeReenrolment', [id]);
const read = () => care.evaluate<Reenrolment>(world.people.service, 'patients:readReenrolment', id);

function passTime(ms: number): void {
  vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + ms });
}

describe('a re-enrolment', () => {
  it('gives new keys after two organisations and the delay; second factors go', async () => {
    await giveFactor(world, 'patient');
    await propose();
    expect(await read()).toMatchObject({
      ...{ subject: id, keys: found.keys, state: 'proposed', version: 1 },
      ...{ proposedBy: practitionerIdOf('admin'), proposedFor: 'HospitalMSP' },
    });
    await approve();
    expect(await read()).toMatchObject({ state: 'approved', approvedFor: 'PharmacyMSP' });
    passTime(71 * hour);
    expect(await refusal(complete())).toBe('NOT_DUE');
    passTime(2 * hour);
    const { simulation } = await complete();
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toMatchObject({
      ...{ id, change: 'patients:completeReenrolment', state: 'completed', version: 3, patient: id },
    });
    const patient = await care.readPatient(id);
    expect(patient).toMatchObject({ keys: found.keys, version: 3 });
    expect(patient).not.toHaveProperty('credentials');
    expect(await refusal(refuse())).toBe('NOT_REGISTERED');
  });

  it('gives a ward the first keys', async () => {
    await propose(world.people.admin, proposal(patientIds.ward));
    await approve(world.people.regulator, patientIds.ward);
    passTime(72 * hour + 1000);
    await care.submit(world.registrars.HospitalMSP, 'patients:completeReenrolment', [patientIds.ward]);
    expect((await care.readPatient(patientIds.ward)).keys).toEqual(found.keys);
  });

  it('is proposed by those that register patients', async () => {
    const allowed = await whoMay(world, (copy, caller) =>
      copy.submit(caller, 'patients:proposeReenrolment', [proposal()]),
    );
    expect(allowed).toEqual(['admin', 'otherAdmin', 'registrar of HospitalMSP', 'registrar of PatientMSP']);
  });

  it('is approved by those that do not', async () => {
    await propose();
    const allowed = await whoMay(world, (copy, caller) => copy.submit(caller, 'patients:approveReenrolment', [id]));
    expect(allowed).toEqual(['regulator', 'registrar of PharmacyMSP', 'registrar of RegulatorMSP']);
  });

  it('is refused by the patient’s present key, who proposed, or who approves, and by no other', async () => {
    await propose();
    const act = (copy: Care, caller: Identity) =>
      copy.submit(caller, 'patients:refuseReenrolment', [id, 'I have my key']);
    expect(await whoMay(world, act)).toEqual([
      ...['admin', 'regulator', 'otherAdmin', 'patient', 'registrar of HospitalMSP'],
      ...['registrar of PharmacyMSP', 'registrar of RegulatorMSP'],
    ]);
    await approve();
    await refuse();
    expect(await read()).toMatchObject({ state: 'refused', reason: 'I have my key' });
    passTime(80 * hour);
    expect(await refusal(complete())).toBe('WRONG_STATE');
  });

  it('is completed by a registrar of the channel’s organisations', async () => {
    await propose();
    await approve();
    passTime(72 * hour + 1000);
    const allowed = await whoMay(world, (copy, caller) => copy.submit(caller, 'patients:completeReenrolment', [id]));
    expect(allowed).toEqual(
      ['HospitalMSP', 'PharmacyMSP', 'RegulatorMSP', 'PatientMSP'].map((mspId) => `registrar of ${mspId}`),
    );
  });

  it('is refused with a key in use, for nobody, twice, and for somebody suspended', async () => {
    const taken = JSON.stringify({ subject: id, keys: world.people.otherPatient.keys });
    expect(await refusal(propose(undefined, taken))).toBe('KEY_EXISTS');
    expect(await refusal(propose(undefined, proposal(`pt-0-${serial(99)}`)))).toBe('NOT_FOUND');
    expect(await refusal(propose(undefined, proposal(`pt-1-${serial(1)}`)))).toBe('WRONG_CHANNEL');
    expect(await refusal(approve())).toBe('NOT_FOUND');
    await propose();
    expect(await refusal(propose())).toBe('WRONG_STATE');
    await approve();
    await care.submit(world.people.regulator, 'patients:setStatus', [id, 'suspended']);
    passTime(72 * hour + 1000);
    expect(await refusal(complete())).toBe('SUSPENDED');
  });

  it('does not complete with a key that somebody took meanwhile', async () => {
    await propose();
    await approve();
    const args = [patientIds.otherPatient, JSON.stringify(found.keys)];
    await care.submit(world.people.otherPatient, 'patients:rotateKeys', args);
    passTime(72 * hour + 1000);
    expect(await refusal(complete())).toBe('KEY_EXISTS');
  });
});
