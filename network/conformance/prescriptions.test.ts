import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Prescription, PrescriptionHistoryEntry, PrescriptionWrap } from '#chaincode/model/prescription.ts';
import {
  bytesOf,
  dispenseOf,
  institutionOf,
  institutions,
  issueOf,
  patientIds,
  redeemKeyOf,
  secretsOf,
  serial,
  validLicence,
} from '#chaincode/testing/samples.ts';
import { Consortium, gatewayRefusal, type Person } from './consortium.ts';

/** The contracts as they run: three organisations' processes behind gateways, policies, blocks and collections. */

let consortium: Consortium;
const people = {} as Record<'doctor' | 'pharmacist' | 'otherPharmacist' | 'regulatorService' | 'patient', Person>;
const withSecrets = ['HospitalMSP', 'PharmacyMSP'];

beforeAll(async () => {
  consortium = await Consortium.start();
  const registrar = {
    HospitalMSP: await consortium.enrol('HospitalMSP', { role: 'registrar' }),
    PharmacyMSP: await consortium.enrol('PharmacyMSP', { role: 'registrar' }),
    RegulatorMSP: await consortium.enrol('RegulatorMSP', { role: 'registrar' }),
    PatientMSP: await consortium.enrol('PatientMSP', { role: 'registrar' }),
  };
  for (const name of ['hospital', 'pharmacy', 'otherPharmacy'] as const) {
    const institution = institutionOf(name);
    const { mspId } = institutions[name];
    const proposal = ['proposeInstitution', JSON.stringify(institution)];
    expect(await consortium.submit(registrar[mspId], 'registry', proposal)).toBe(0);
    const admission = ['admitInstitution', institution.id];
    expect(await consortium.submit(registrar.RegulatorMSP, 'registry', admission)).toBe(0);
  }
  const staff = [
    ['doctor', 'doctor', 'hospital', 'HospitalMSP'],
    ['pharmacist', 'pharmacist', 'pharmacy', 'PharmacyMSP'],
    ['otherPharmacist', 'pharmacist', 'otherPharmacy', 'PharmacyMSP'],
  ] as const;
  for (const [index, [name, role, employer, mspId]] of staff.entries()) {
    const id = `prac-${serial(index)}`;
    people[name] = await consortium.enrol(mspId, { role, subject: id });
    const registration = { id, role, institutionId: institutionOf(employer).id, licence: validLicence() };
    const register = ['registerPractitioner', JSON.stringify(registration)];
    expect(await consortium.submit(registrar[mspId], 'registry', register)).toBe(0);
    const enrolment = ['enrolKeys', id, JSON.stringify(people[name].keys)];
    expect(await consortium.submit(registrar[mspId], 'registry', enrolment)).toBe(0);
  }
  people.regulatorService = await consortium.enrol('RegulatorMSP', { role: 'service' });
  people.patient = await consortium.enrol('PatientMSP', { role: 'patient', subject: patientIds.patient });
  const patient = JSON.stringify({ pseudonym: patientIds.patient, keys: people.patient.keys });
  expect(await consortium.submit(registrar.PatientMSP, 'care', ['patients:register', patient])).toBe(0);
}, 180_000);

afterAll(() => consortium?.close());

async function issue(seed: number): Promise<string> {
  const issued = issueOf(seed);
  const options = { transient: { secrets: bytesOf(secretsOf(`${seed}`)) }, endorsers: withSecrets };
  expect(await consortium.submit(people.doctor, 'care', ['issue', JSON.stringify(issued)], options)).toBe(0);
  return issued.id;
}
const accept = (person: Person, id: string, seed: number) =>
  consortium.endorse(person, 'care', ['accept', id], {
    transient: { redeemKey: redeemKeyOf(seed).key },
    endorsers: withSecrets,
  });
const read = (id: string) => consortium.evaluate<Prescription>(people.regulatorService, 'care', ['read', id]);

it('carries a prescription from issue to the last unit', async () => {
  const id = await issue(1);
  const wraps = await consortium.evaluate<PrescriptionWrap[]>(people.patient, 'care', [
    'readWraps',
    JSON.stringify([id]),
  ]);
  expect(wraps).toEqual([{ id, wrap: secretsOf('1').patientWrap }]);
  await consortium.commit(people.pharmacist, await accept(people.pharmacist, id, 1));
  const { codeWrap, releaseShare } = secretsOf('1');
  const release = ['readRelease', id];
  expect(await consortium.evaluate(people.pharmacist, 'care', release)).toEqual({ codeWrap, releaseShare });
  expect(await gatewayRefusal(consortium.evaluate(people.otherPharmacist, 'care', release))).toBe('HELD_BY_ANOTHER');
  for (const [seed, quantity] of [
    [1, 20],
    [2, 40],
  ] as const) {
    const call = ['dispense', id, JSON.stringify(dispenseOf(seed, quantity))];
    expect(await consortium.submit(people.pharmacist, 'care', call)).toBe(0);
  }
  expect(await read(id)).toMatchObject({ state: 'completed', left: 0, version: 4 });
  const again = ['dispense', id, JSON.stringify(dispenseOf(3, 1))];
  expect(await gatewayRefusal(consortium.submit(people.pharmacist, 'care', again))).toBe('COMPLETED');
  const history = ['history', id];
  const entries = await consortium.evaluate<PrescriptionHistoryEntry[]>(people.doctor, 'care', history);
  expect(entries.map(({ prescription }) => prescription.version)).toEqual([1, 2, 3, 4]);
}, 60_000);

it('lets one of two pharmacies win that are endorsed at the same time', async () => {
  const id = await issue(2);
  const [first, second] = await Promise.all([accept(people.pharmacist, id, 2), accept(people.otherPharmacist, id, 2)]);
  const codes = await consortium.commit(people.pharmacist, first, second);
  expect(codes.filter((code) => code === 0)).toHaveLength(1);
  expect((await read(id)).version).toBe(2);
}, 60_000);

it('refuses with the contract’s code through the gateway', async () => {
  const id = await issue(3);
  expect(await gatewayRefusal(accept(people.pharmacist, id, 9))).toBe('WRONG_CODE');
  const cancel = ['cancel', id, 'wrong dose'];
  expect(await gatewayRefusal(consortium.submit(people.pharmacist, 'care', cancel))).toBe('NOT_AUTHORISED');
  const accepting = accept(people.pharmacist, id, 3);
  await consortium.commit(people.pharmacist, await accepting);
  expect(await gatewayRefusal(consortium.submit(people.patient, 'care', cancel))).toBe('HELD_BY_ANOTHER');
  expect(await gatewayRefusal(consortium.submit(people.doctor, 'care', ['cancel', id]))).toBe('INVALID_ARGUMENT');
}, 60_000);

it('purges the release on voiding, endorsed with the regulator, which has no secrets', async () => {
  const id = await issue(4);
  const endorsers = ['HospitalMSP', 'RegulatorMSP'];
  expect(await consortium.submit(people.patient, 'care', ['voidCode', id], { endorsers })).toBe(0);
  expect(await gatewayRefusal(accept(people.pharmacist, id, 4))).toBe('CODE_VOID');
  const { codeWrap, releaseShare } = secretsOf('new');
  const renew = { transient: { secrets: bytesOf({ codeWrap, releaseShare }) }, endorsers: withSecrets };
  const call = ['renewCode', id, redeemKeyOf(40).hash];
  expect(await consortium.submit(people.patient, 'care', call, renew)).toBe(0);
  await consortium.commit(people.pharmacist, await accept(people.pharmacist, id, 40));
  const release = await consortium.evaluate(people.pharmacist, 'care', ['readRelease', id]);
  expect(release).toEqual({ codeWrap, releaseShare });
}, 60_000);

it('lists page by page and leaves no secret in any block', async () => {
  const list = (bookmark: string) => ['listByPatient', patientIds.patient, '3', bookmark];
  const first = await consortium.evaluate<{ items: Prescription[]; bookmark: string }>(
    people.regulatorService,
    'care',
    list(''),
  );
  const second = await consortium.evaluate<{ items: Prescription[]; bookmark: string }>(
    people.regulatorService,
    'care',
    list(first.bookmark),
  );
  expect([first.items.length, second.items.length]).toEqual([3, 1]);

  const network = consortium.client(people.regulatorService).gateway.getNetwork('care-0');
  const blocks = await network.getBlockEvents({ startBlock: 0n });
  const canaries = [1, 2, 3, 4].flatMap((seed) => [
    ...Object.values(secretsOf(`${seed}`)).map((text) => Buffer.from(text)),
    Buffer.from(redeemKeyOf(seed).key),
  ]);
  const args = Buffer.from(JSON.stringify(issueOf(4).cid).slice(1, -1));
  let seen = 0;
  let sawArguments = false;
  try {
    for await (const block of blocks) {
      const bytes = Buffer.from(block.serializeBinary());
      for (const canary of canaries) expect(bytes.includes(canary)).toBe(false);
      sawArguments ||= bytes.includes(args);
      seen += block.getData()?.getDataList().length ?? 0;
      if (seen >= 12) break;
    }
  } finally {
    blocks.close();
  }
  expect(sawArguments).toBe(true);
}, 60_000);
