import { createHash, generateKeyPairSync, type KeyObject } from 'node:crypto';
import type { NewCommit } from '#chaincode/model/circle.ts';
import { createCredential, type TestCredential } from '#chaincode/testing/signing.ts';
import { type Authority, issueCertificate, readAuthority } from '#connector/authority/issueCertificate.ts';
import { openGateway } from '#connector/ledger/connection.ts';
import { readIdentity } from '#connector/ledger/identity.ts';
import { readProfile } from '#connector/profile.ts';
import { type Bytes, toBase64Url } from '#crypto/bytes.ts';
import { createCircle } from '#crypto/circle/join.ts';
import type { Member } from '#crypto/circle/member.ts';
import { newIdentifier } from '#crypto/identifier.ts';
import { importSigningKey } from '#crypto/signingKey.ts';
import { signStatement } from '#crypto/statement.ts';
import { createReadingKey } from '#crypto/wrap.ts';
import { circleKinds } from '#server/circles/kinds.ts';
import { Connections, gatewayFor } from '#server/gateways/ledger/connections.ts';
import { readLedgerProfile } from '#server/gateways/ledger/profile.ts';
import { patientKinds } from '#server/patients/kinds.ts';
import type { LedgerCall } from '#server/transactions/kind.ts';
import { openRegistrars } from '../../registrars.ts';
import type { RunFile } from '../../runFile.ts';
import type { LightIdentity } from './lightDevice.ts';

/** People and devices of the benchmark, whose keys it holds itself. */

const hospital = {
  id: 'inst-bench-hospital',
  kind: 'hospital',
  name: 'Benchmark Hospital',
  mspId: 'HospitalMSP',
} as const;
/** So many seats one patient may give. */
export const seatsOfPatient = 15;
const atOnce = 64;

export interface BenchPatient {
  pseudonym: string;
  channel: string;
  member: Member;
  /** Submits in the patient's name, with a second factor where `confirm` says so. */
  submit(call: LedgerCall, confirm?: 'confirmed'): Promise<void>;
  key: Bytes;
}

interface KeyAndCertificate {
  certificatePem: string;
  privateKey: KeyObject;
  hash: string;
}

/** Opens what is needed to make people and devices. */
/** The half of a benchmark's world that the demonstration has not. */
export type Population = Awaited<ReturnType<typeof openPopulation>>;

export async function openPopulation(
  run: Pick<RunFile, 'connectorProfile' | 'ledgerProfile'>,
  say: (text: string) => void,
) {
  const profile = readProfile(run.connectorProfile);
  const ledger = readLedgerProfile(run.ledgerProfile);
  const connections = new Connections(() => ledger);
  const registrars = openRegistrars(run.connectorProfile);
  const hospitalGateway = openGateway(required(profile.ledger().organisations.HospitalMSP, 'HospitalMSP').gateway);
  const patientFiles = required(profile.organisations.PatientMSP, 'PatientMSP');
  const [ca, hospitalCa] = await Promise.all([
    readAuthority('PatientMSP', required(patientFiles.ca, 'ca')),
    readAuthority('HospitalMSP', required(profile.organisations.HospitalMSP?.ca, 'ca')),
  ]);
  const registrar = hospitalGateway.as(readIdentity('PatientMSP', required(patientFiles.registrar, 'registrar')));
  const { publicKey: readingKey } = await createReadingKey();
  await registrars.admit(hospital);
  const channels = ledger.channels.filter(({ kind }) => kind === 'care').map(({ name }) => name);

  const newPatient = async (index: number): Promise<BenchPatient> => {
    const channel = channels[index % channels.length] ?? 'care-0';
    const pseudonym = newIdentifier(`pt-${channel.split('-')[1]}`);
    const identity = await certified(ca, { subjectId: pseudonym, role: 'patient', readingKey });
    const keys = { signingKeyHash: identity.hash, readingKey, wallet: '' };
    const registration = JSON.stringify({ pseudonym, keys });
    await registrar.submit({ channel, contract: 'care', function: 'patients:register', args: [registration] });
    const factor = createCredential('pin');
    const { client } = connections.of('HospitalMSP');
    const pem = identity.privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    const gateway = gatewayFor(client, { mspId: 'PatientMSP', certificatePem: identity.certificatePem }, pem);
    const submit = (call: LedgerCall, confirm?: 'confirmed') =>
      submitAs(gateway, call, confirm === 'confirmed' ? factor : undefined);
    const { credential } = factor;
    await submit(
      patientKinds['patients:addCredential'].call({ kind: 'patients:addCredential', pseudonym, credential }),
    );
    const signing = await importSigningKey(identity.privateKey.export({ format: 'der', type: 'pkcs8' }));
    const { member, pending } = await createCircle({
      ...{ patient: pseudonym, generation: 1, authenticate: async () => undefined },
      signer: {
        ...{ subject: pseudonym, certificatePem: identity.certificatePem },
        sign: (statement) => signStatement(signing.privateKey, statement),
      },
    });
    const { generation, epoch, cid, contentHash, keyCommitment, added, removed } = pending;
    const commit: NewCommit = {
      patient: pseudonym,
      generation,
      epoch,
      cid,
      contentHash,
      keyCommitment,
      added,
      removed,
    };
    await submit(circleKinds['circles:commit'].call({ kind: 'circles:commit', commit }));
    await pending.apply();
    return { pseudonym, channel, member, submit, key: member.exportKey() };
  };

  const newDevice = async (): Promise<LightIdentity> => {
    const device = newIdentifier('dev');
    const { certificatePem, privateKey, hash } = await certified(hospitalCa, {
      ...{ subjectId: device, role: 'device', readingKey, institutionId: hospital.id },
    });
    await registrars.registerDevice({
      ...{ id: device, institutionId: hospital.id, mspId: 'HospitalMSP', model: 'Benchmark', purpose: 'hub' },
      ...{ serialHash: createHash('sha256').update(device).digest('hex'), keys: { signingKeyHash: hash, readingKey } },
    });
    const privateKeyPem = privateKey.export({ format: 'pem', type: 'pkcs8' }).toString();
    return { device, certificatePem, privateKeyPem };
  };

  const registerAll = async (count: number): Promise<LightIdentity[]> => {
    const devices: LightIdentity[] = [];
    await sideBySide(count, async () => void devices.push(await newDevice()));
    return devices;
  };

  return {
    /** Patients with so many seated devices in all, each of which knows its patient's key. */
    async populate(count: number): Promise<{ patients: BenchPatient[]; devices: LightIdentity[] }> {
      const needed = Math.ceil(count / seatsOfPatient);
      const patients: BenchPatient[] = [];
      await sideBySide(needed, async (index) => void patients.push(await newPatient(index)));
      say(`${patients.length} patients have a circle.`);
      const registered = await registerAll(count);
      const devices: LightIdentity[] = [];
      // One after another of one patient: each reads how many there are.
      await sideBySide(patients.length, async (place) => {
        const patient = required(patients[place], 'patient');
        const { generation, epoch } = patient.member;
        const circle = { patient: patient.pseudonym, generation, epoch, key: toBase64Url(patient.key) };
        for (const device of registered.filter((_, index) => index % patients.length === place)) {
          const seat = { patient: patient.pseudonym, subject: device.device };
          await patient.submit(circleKinds['circles:seat'].call({ kind: 'circles:seat', seat }), 'confirmed');
          devices.push({ ...device, circle });
        }
      });
      say(`${devices.length} devices have a seat.`);
      return { patients, devices };
    },

    register: registerAll,

    close() {
      registrars.close();
      hospitalGateway.close();
      connections.close();
    },
  };
}

async function certified(
  authority: Authority,
  holder: { subjectId: string; role: string; readingKey: string; institutionId?: string },
): Promise<KeyAndCertificate> {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const spki = publicKey.export({ format: 'der', type: 'spki' });
  const hash = createHash('sha256').update(spki).digest('hex');
  return { certificatePem: await issueCertificate(authority, holder, { spki, hash }), privateKey, hash };
}

/** Submits, and again where another transaction of the same patient was first. */
async function submitAs(
  gateway: ReturnType<typeof gatewayFor>,
  call: LedgerCall,
  factor: TestCredential | undefined,
): Promise<void> {
  const assertion = factor && Buffer.from(JSON.stringify(factor.assert(call)));
  const options = {
    arguments: call.args,
    transientData: { ...call.transient, ...(assertion && { assertion }) },
  };
  for (let attempt = 1; ; attempt += 1) {
    try {
      await gateway.getNetwork(call.channel).getContract(call.contract).submit(call.function, options);
      return;
    } catch (error) {
      if (attempt >= 8) throw error;
    }
  }
}

async function sideBySide(count: number, work: (index: number) => Promise<void>): Promise<void> {
  const indexes = Array.from({ length: count }, (_, index) => index).values();
  const place = async () => {
    for (const index of indexes) await work(index);
  };
  await Promise.all(Array.from({ length: Math.min(atOnce, count) }, place));
}

function required<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`The profile names no ${what}.`);
  return value;
}
