import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Patient } from '#chaincode/model/patient.ts';
import type { Practitioner } from '#chaincode/model/registry.ts';
import { createIdentity } from '#chaincode/testing/identity.ts';
import { hour, patientIds } from '#chaincode/testing/samples.ts';
import { Care, createWorld, practitionerIdOf, submitToRegistry, type World } from '#chaincode/testing/world.ts';
import { connectTo } from '../testing/contracts.ts';
import { completeReenrolments } from './completeReenrolments.ts';

let world: World;
let care: Care;
let warned: unknown[];

beforeEach(async () => {
  world = await createWorld();
  care = new Care(world);
  warned = [];
});
afterEach(() => void vi.useRealTimers());

const doctorId = practitionerIdOf('doctor');
const later = (hours: number) => vi.useFakeTimers({ toFake: ['Date'], now: Date.now() + hours * hour });
function complete(mspId: 'HospitalMSP' | 'PharmacyMSP' | 'PatientMSP') {
  const ledger = connectTo(world.ledger, world.registrars[mspId]);
  const log = { info: () => undefined, warn: (entry: unknown) => void warned.push(entry) };
  return completeReenrolments(mspId, ledger, ['registry', 'care-0'], log);
}
const practitioner = () =>
  world.ledger.evaluate<Practitioner>({
    ...{ channel: 'registry', contract: 'registry', function: 'readPractitioner', args: [doctorId] },
    caller: world.people.service,
  });
async function proposeFor(subject: string) {
  const { keys } = await createIdentity('HospitalMSP');
  await submitToRegistry(world, world.people.admin, 'proposeReenrolment', JSON.stringify({ subject, keys }));
  await submitToRegistry(world, world.people.regulator, 'approveReenrolment', subject);
  return keys;
}

it('puts a practitioner’s new keys in force when they are due, once, and for its own organisation', async () => {
  const keys = await proposeFor(doctorId);
  await complete('HospitalMSP');
  expect((await practitioner()).keys).toEqual(world.people.doctor.keys);
  later(73);
  await complete('PharmacyMSP');
  expect((await practitioner()).keys).toEqual(world.people.doctor.keys);
  await complete('HospitalMSP');
  await complete('HospitalMSP');
  expect(await practitioner()).toMatchObject({ keys, version: 3 });
  expect(warned).toEqual([]);
});

it('puts a patient’s new keys in force on the care channel', async () => {
  const { keys } = await createIdentity('PatientMSP');
  const subject = patientIds.patient;
  const proposal = JSON.stringify({ subject, keys });
  await care.submit(world.registrars.PatientMSP, 'patients:proposeReenrolment', [proposal]);
  await care.submit(world.people.regulator, 'patients:approveReenrolment', [subject]);
  later(73);
  await complete('HospitalMSP');
  expect((await care.evaluate<Patient>(world.people.service, 'patients:read', subject)).keys).toEqual(
    world.people.patient.keys,
  );
  await complete('PatientMSP');
  expect((await care.evaluate<Patient>(world.people.service, 'patients:read', subject)).keys).toEqual(keys);
});

it('goes on with the others where the ledger refuses one', async () => {
  await proposeFor(practitionerIdOf('otherDoctor'));
  const keys = await proposeFor(doctorId);
  await submitToRegistry(
    world,
    world.people.regulator,
    'setPractitionerStatus',
    practitionerIdOf('otherDoctor'),
    'revoked',
  );
  later(73);
  await complete('HospitalMSP');
  expect((await practitioner()).keys).toEqual(keys);
  expect(warned).toMatchObject([{ subject: practitionerIdOf('otherDoctor') }]);
});
