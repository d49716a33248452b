import { X509Certificate as NodeCertificate } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { rotationStatement } from '#chaincode/model/statements.ts';
import { createIdentity, type Identity } from '#chaincode/testing/identity.ts';
import { patientIds } from '#chaincode/testing/samples.ts';
import { signStatement } from '#chaincode/testing/signing.ts';
import {
  Care,
  createWorld,
  practitionerIdOf,
  submitToRegistry,
  suspend,
  type World,
} from '#chaincode/testing/world.ts';
import { checkCertificate } from '#crypto/certificate.ts';
import { readingKeyHash } from '#crypto/reader.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import type { Authority } from '../authority/issueCertificate.ts';
import type { ConnectorError } from '../errors.ts';
import { createAuthority } from '../testing/authority.ts';
import { connectTo } from '../testing/contracts.ts';
import { createRequest } from '../testing/requests.ts';
import { certify } from './certify.ts';
import type { EnrolmentOffice } from './enrol.ts';
import type { Certification } from './schema.ts';

let authority: Authority;
let world: World;
let offices: Map<string, EnrolmentOffice>;
let next: Awaited<ReturnType<typeof createRequest>>;
let readingKey: string;

beforeAll(async () => {
  authority = await createAuthority('HospitalMSP');
  next = await createRequest();
  readingKey = (await createReadingKey()).publicKey;
});
beforeEach(async () => {
  world = await createWorld();
  const office = (mspId: 'HospitalMSP' | 'PatientMSP'): [string, EnrolmentOffice] => [
    mspId,
    { authority, ledger: connectTo(world.ledger, world.registrars[mspId]) },
  ];
  offices = new Map([office('HospitalMSP'), office('PatientMSP')]);
});

const doctorId = practitionerIdOf('doctor');
const wallet = `0x${'ab'.repeat(20)}` as const;

/** What the holder of `present` asks for, signed by that key. */
function wantedBy(present: Identity, change: Partial<Certification> = {}, signer = present): Certification {
  const subjectId = change.subjectId ?? doctorId;
  const keys = { signingKeyHash: next.hash, readingKey, wallet };
  return {
    ...{ mspId: 'HospitalMSP', subjectId, csrPem: next.csrPem, readingKey, wallet },
    present: {
      certificatePem: present.certificatePem,
      proof: signStatement(signer, rotationStatement(subjectId, keys)),
    },
    ...change,
  };
}
const refused = (wanted: Certification) =>
  certify(offices, wanted).then(
    () => 'nothing',
    (error: ConnectorError) => error.code,
  );
const rotate = () =>
  submitToRegistry(
    world,
    world.people.doctor,
    'rotateKeys',
    doctorId,
    JSON.stringify({ signingKeyHash: next.hash, readingKey, wallet: '' }),
  );

describe('a certificate for the next keys', () => {
  it('names person, institution and reading key, and chains to the authority', async () => {
    const { certificatePem } = await certify(offices, wantedBy(world.people.doctor));
    const root = { mspId: 'HospitalMSP', pem: authority.certificate.toString('pem') };
    expect(await checkCertificate(certificatePem, [root], new Date())).toMatchObject({
      ...{ mspId: 'HospitalMSP', subject: doctorId, role: 'doctor', institution: 'inst-general-hospital' },
      ...{ reading: readingKeyHash(readingKey), keyHash: next.hash },
    });
    expect(new NodeCertificate(certificatePem).subject).toContain(doctorId);
  });

  it('is for patients too, by the key that their channel records', async () => {
    const { patient, otherPatient } = world.people;
    const of = { mspId: 'PatientMSP', subjectId: patientIds.patient };
    const { certificatePem } = await certify(offices, wantedBy(patient, of));
    expect(new NodeCertificate(certificatePem).subject).toContain(patientIds.patient);
    expect(await refused(wantedBy(otherPatient, of))).toBe('NOT_AUTHORISED');
    expect(await refused(wantedBy(patient, { ...of, mspId: 'HospitalMSP' }))).toBe('NOT_FOUND');
    const nobody = { ...of, subjectId: `${patientIds.patient.slice(0, -1)}z` };
    expect(await refused(wantedBy(patient, nobody))).toBe('NOT_FOUND');
  });

  it('is not given to anybody but the holder of the present key', async () => {
    const { doctor, otherDoctor, impostor } = world.people;
    for (const stranger of [otherDoctor, impostor, world.registrars.HospitalMSP]) {
      expect(await refused(wantedBy(stranger))).toBe('NOT_AUTHORISED');
      expect(await refused(wantedBy(doctor, {}, stranger))).toBe('NOT_AUTHORISED');
    }
    const wanted = wantedBy(doctor);
    const present = { certificatePem: 'none', proof: wanted.present?.proof ?? '' };
    expect(await refused({ ...wanted, present })).toBe('NOT_AUTHORISED');
    expect(await refused({ ...wanted, present: undefined })).toBe('NOT_AUTHORISED');
  });

  it('is for the very keys that were signed for', async () => {
    const { doctor } = world.people;
    const other = await createRequest();
    expect(await refused(wantedBy(doctor, { csrPem: other.csrPem }))).toBe('NOT_AUTHORISED');
    const foreign = (await createReadingKey()).publicKey;
    expect(await refused(wantedBy(doctor, { readingKey: foreign }))).toBe('NOT_AUTHORISED');
    expect(await refused(wantedBy(doctor, { wallet: `0x${'cd'.repeat(20)}` }))).toBe('NOT_AUTHORISED');
    expect(await refused(wantedBy(doctor, { csrPem: 'none' }))).toBe('INVALID_CSR');
  });

  it('is given again once the ledger has the keys, and then no longer for the old one', async () => {
    const wanted = wantedBy(world.people.doctor);
    await certify(offices, wanted);
    await rotate();
    await certify(offices, wanted);
    // As after a re-enrolment, when nobody has the key from before.
    await certify(offices, { ...wanted, present: undefined });
    const foreign = (await createReadingKey()).publicKey;
    expect(await refused({ ...wanted, readingKey: foreign })).toBe('KEY_EXISTS');
    const later = await createRequest();
    const keys = { signingKeyHash: later.hash, readingKey, wallet };
    const proof = signStatement(world.people.doctor, rotationStatement(doctorId, keys));
    const { certificatePem } = world.people.doctor;
    const byOld = { ...wanted, csrPem: later.csrPem, present: { certificatePem, proof } };
    expect(await refused(byOld)).toBe('NOT_AUTHORISED');
  });

  it('is not given for a key that is or was anybody’s', async () => {
    const used = await createIdentity('HospitalMSP');
    const taken = { ...used.keys, signingKeyHash: next.hash };
    await submitToRegistry(
      world,
      world.people.otherDoctor,
      'rotateKeys',
      practitionerIdOf('otherDoctor'),
      JSON.stringify(taken),
    );
    expect(await refused(wantedBy(world.people.doctor))).toBe('KEY_EXISTS');
  });

  it('is not given while somebody is suspended, or elsewhere', async () => {
    expect(await refused(wantedBy(world.people.doctor, { mspId: 'SupplyMSP' }))).toBe('NOT_SERVED');
    const pharmacist = { subjectId: practitionerIdOf('pharmacist') };
    expect(await refused(wantedBy(world.people.pharmacist, pharmacist))).toBe('NOT_AUTHORISED');
    await suspend(world, 'doctor');
    expect(await refused(wantedBy(world.people.doctor))).toBe('SUSPENDED');
    const care = new Care(world);
    await care.submit(world.people.regulator, 'patients:setStatus', [patientIds.patient, 'suspended']);
    const of = { mspId: 'PatientMSP', subjectId: patientIds.patient };
    expect(await refused(wantedBy(world.people.patient, of))).toBe('SUSPENDED');
  });
});
