import { beforeEach, describe, expect, it } from 'vitest';
import type { Appointment, Representation } from '../../model/patient.ts';
import type { Page } from '../../model/registry.ts';
import { whoMay } from '../../testing/everybody.ts';
import { giveFactor, submitConfirmed } from '../../testing/factors.ts';
import type { Identity } from '../../testing/identity.ts';
import { refusal } from '../../testing/ledger.ts';
import { day, instant, institutions, patientIds, serial } from '../../testing/samples.ts';
import { confirmed, type TestCredential } from '../../testing/signing.ts';
import { Care, createWorld, practitionerIdOf, suspend, type World } from '../../testing/world.ts';

let world: World;
let care: Care;
let factor: TestCredential;

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
  factor = await giveFactor(world, 'patient');
});

const appointment = (number: number, change: Partial<Appointment> = {}): Appointment => ({
  id: `rep-0-${serial(number)}`,
  patient: patientIds.patient,
  representative: patientIds.representative,
  ...change,
});
const ofWard = (change: Partial<Appointment> = {}) =>
  appointment(1, { patient: patientIds.ward, documentHash: 'a'.repeat(64), until: instant(30 * day), ...change });
const appoint = (given: Appointment, caller = world.people.patient) =>
  submitConfirmed(world, factor, care.order(caller, 'patients:appoint', [JSON.stringify(given)]));
const appointAsHospital = (given: Appointment, caller = world.people.admin) =>
  care.submit(caller, 'patients:appoint', [JSON.stringify(given)]);
const end = (id: string, caller: Identity, reason = 'no longer needed') =>
  care.submit(caller, 'patients:endRepresentation', [id, reason]);
const read = (id: string) => care.evaluate<Representation>(world.people.service, 'patients:readRepresentation', id);
const suspendPatient = (id: string, channel = 'care-0') =>
  new Care(world, channel).submit(world.registrars.RegulatorMSP, 'patients:setStatus', [id, 'suspended']);

describe('an appointment by the patient', () => {
  it('is confirmed by a second factor, and announced', async () => {
    const given = appointment(1, { until: instant(day) });
    const { simulation } = await appoint(given);
    const recorded = await read(given.id);
    expect(recorded).toMatchObject({ ...given, state: 'active', by: patientIds.patient, version: 1 });
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toEqual({
      ...{ id: given.id, change: 'patients:appoint', state: 'active', version: 1 },
      ...{ at: recorded.since, patient: patientIds.patient },
    });
    const bare = care.submit(world.people.patient, 'patients:appoint', [JSON.stringify(appointment(2))]);
    expect(await refusal(bare)).toBe('SECOND_FACTOR_REQUIRED');
  });

  it('may name somebody of another care channel', async () => {
    await appoint(appointment(1, { representative: patientIds.distantRepresentative }));
    await end(appointment(1).id, world.people.distantRepresentative);
    expect((await read(appointment(1).id)).state).toBe('ended');
  });

  it('is nobody else’s, the representative’s included', async () => {
    await appoint(appointment(1));
    const args = [JSON.stringify(appointment(2, { representative: patientIds.otherPatient }))];
    const call = { channel: 'care-0', contract: 'care', function: 'patients:appoint', args };
    const outcomes = await Promise.all(
      (['otherPatient', 'representative', 'distantRepresentative', 'stranger'] as const).map((name) =>
        refusal(care.submit(world.people[name], call.function, args, confirmed(factor, call))),
      ),
    );
    expect(outcomes).toEqual(['NOT_AUTHORISED', 'NOT_AUTHORISED', 'NOT_AUTHORISED', 'NOT_REGISTERED']);
  });

  it.each<[string, Partial<Appointment>, string]>([
    ['of oneself', { representative: patientIds.patient }, 'INVALID_ARGUMENT'],
    ['that has ended', { until: instant(-1000) }, 'INVALID_ARGUMENT'],
    ['with a document', { documentHash: 'a'.repeat(64) }, 'INVALID_ARGUMENT'],
    ['of nobody', { representative: `pt-0-${serial(99)}` }, 'NOT_FOUND'],
    ['of nobody elsewhere', { representative: `pt-1-${serial(99)}` }, 'NOT_FOUND'],
    ['of somebody without keys', { representative: patientIds.ward }, 'WRONG_STATE'],
    ['with an id of another channel', { id: `rep-1-${serial(1)}` }, 'WRONG_CHANNEL'],
  ])('%s is refused', async (_what, change, code) => {
    expect(await refusal(appoint(appointment(1, change)))).toBe(code);
  });

  it('is one at a time between two people, and each id once', async () => {
    await appoint(appointment(1));
    expect(await refusal(appoint(appointment(2)))).toBe('ALREADY_EXISTS');
    expect(await refusal(appoint(appointment(1, { representative: patientIds.otherPatient })))).toBe('ALREADY_EXISTS');
    await end(appointment(1).id, world.people.patient);
    await appoint(appointment(2));
    const list = await care.evaluate<Page<Representation>>(
      ...[world.people.service, 'patients:listRepresentations', patientIds.patient, '10', ''],
    );
    expect(list.items.map(({ id, state }) => [id, state])).toEqual([
      [appointment(1).id, 'ended'],
      [appointment(2).id, 'active'],
    ]);
  });

  it('is refused where the patient or the representative is suspended', async () => {
    await suspendPatient(patientIds.distantRepresentative, 'care-1');
    const distant = appointment(1, { representative: patientIds.distantRepresentative });
    expect(await refusal(appoint(distant))).toBe('SUSPENDED');
    await suspendPatient(patientIds.patient);
    expect(await refusal(appoint(appointment(1)))).toBe('SUSPENDED');
  });
});

describe('an appointment by a hospital', () => {
  it('is an admin’s of a hospital', async () => {
    const args = [JSON.stringify(ofWard())];
    const allowed = await whoMay(world, (copy, caller) =>
      caller.mspId === 'PatientMSP'
        ? copy.submit(caller, 'patients:appoint', [JSON.stringify(appointment(1, { patient: patientIds.ward }))])
        : copy.submit(caller, 'patients:appoint', args),
    );
    expect(allowed).toEqual(['admin', 'otherAdmin']);
    await appointAsHospital(ofWard());
    expect(await read(ofWard().id)).toMatchObject({
      by: practitionerIdOf('admin'),
      institution: institutions.hospital.id,
    });
  });

  it('names a document and an end, and a patient who is active', async () => {
    const { documentHash: _document, ...bare } = ofWard();
    const { until: _until, ...endless } = ofWard();
    expect(await refusal(appointAsHospital(bare))).toBe('INVALID_ARGUMENT');
    expect(await refusal(appointAsHospital(endless))).toBe('INVALID_ARGUMENT');
    expect(await refusal(appointAsHospital(ofWard({ patient: `pt-0-${serial(99)}` })))).toBe('NOT_FOUND');
    await suspendPatient(patientIds.ward);
    expect(await refusal(appointAsHospital(ofWard()))).toBe('SUSPENDED');
    await suspend(world, 'admin');
    expect(await refusal(appointAsHospital(ofWard()))).toBe('SUSPENDED');
  });
});

describe('a representation', () => {
  it('of a hospital is ended by the ward’s representative or that hospital’s admin', async () => {
    await appointAsHospital(ofWard());
    expect(
      await whoMay(world, (copy, caller) =>
        copy.submit(caller, 'patients:endRepresentation', [ofWard().id, 'grown up']),
      ),
    ).toEqual(['admin', 'representative']);
  });

  it('of the patient is ended by either of both, and not by another representative', async () => {
    await appoint(appointment(1));
    await appoint(appointment(2, { representative: patientIds.distantRepresentative }));
    const allowed = await whoMay(world, (copy, caller) =>
      copy.submit(caller, 'patients:endRepresentation', [appointment(1).id, 'no longer needed']),
    );
    expect(allowed).toEqual(['patient', 'representative']);
  });

  it('ends once, with a reason', async () => {
    await appoint(appointment(1));
    expect(await refusal(end(appointment(1).id, world.people.patient, ' x '))).toBe('REASON_REQUIRED');
    await end(appointment(1).id, world.people.patient, 'moved away');
    expect(await read(appointment(1).id)).toMatchObject({ state: 'ended', reason: 'moved away', version: 2 });
    expect(await refusal(end(appointment(1).id, world.people.patient))).toBe('WRONG_STATE');
    expect(await refusal(end(appointment(9).id, world.people.patient))).toBe('NOT_FOUND');
  });
});
