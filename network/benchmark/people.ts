import { createHash, X509Certificate } from 'node:crypto';
import { bytesOf, institutionOf, serial, validLicence } from '#chaincode/testing/samples.ts';
import { connectClient, type TestClient } from '../devnet/testing/client.ts';
import { type Credential, enrol } from '../devnet/testing/organisations.ts';
import type { WorkloadArguments } from './caliper/arguments.ts';
import { prescriptionFor, secrets } from './caliper/issue.ts';
import { type BenchMsp, type CarePlan, careName } from './carePlan.ts';

const registry = ['registry', 'registry'] as const;
const mspOf = { hospital: 'HospitalMSP', pharmacy: 'PharmacyMSP' } as const;
const doctorCount = 4;
const patientsPerChannel = 16;

export interface People {
  /** Doctors by the name under which Caliper calls as them. */
  doctors: Record<string, Credential>;
  /** Who may follow the clinic's peer. */
  clinic: Credential;
  hospital: Credential;
  /** Of a pharmacy, on every care channel. */
  pharmacist: Credential;
  workload: WorkloadArguments;
}

/** Registers a hospital with doctors, a pharmacy with a pharmacist, and patients with a prescription each on every care channel, as the portal's services do. */
export async function registerPeople(
  plan: CarePlan,
  gateways: Record<string, string>,
  chains: number,
): Promise<People> {
  const officers = new Map<BenchMsp, Credential>();
  for (const mspId of ['RegulatorMSP', 'HospitalMSP', 'PharmacyMSP', 'PatientMSP'] as const)
    officers.set(mspId, await enrol(plan.organisations[mspId], 'client', { role: 'registrar' }));
  await using clients = new Clients(plan, gateways);
  const by = (mspId: BenchMsp) => clients.of(officers.get(mspId) ?? missing(mspId));

  const admit = async (name: 'hospital' | 'pharmacy') => {
    const institution = institutionOf(name);
    await submit(by(mspOf[name]), registry, 'proposeInstitution', [json(institution)]);
    await submit(by('RegulatorMSP'), registry, 'admitInstitution', [institution.id]);
  };
  const employ = async (id: string, role: 'doctor' | 'pharmacist', at: 'hospital' | 'pharmacy') => {
    const credential = await enrol(plan.organisations[mspOf[at]], 'client', { role, subject: id });
    const registration = { id, role, institutionId: institutionOf(at).id, licence: validLicence() };
    await submit(by(mspOf[at]), registry, 'registerPractitioner', [json(registration)]);
    await submit(by(mspOf[at]), registry, 'enrolKeys', [id, json(keysOf(credential))]);
    return credential;
  };
  await admit('hospital');
  const doctors: Record<string, Credential> = {};
  for (let index = 0; index < doctorCount; index += 1)
    doctors[`doctor-${index}`] = await employ(`prac-${serial(index)}`, 'doctor', 'hospital');
  await admit('pharmacy');
  const pharmacist = await employ(`prac-${serial(doctorCount)}`, 'pharmacist', 'pharmacy');
  const author = clients.of(doctors['doctor-0'] ?? missing('a doctor'));
  const channels: WorkloadArguments['channels'] = [];
  // One chain after the other: a machine that is busy would let too many at once run into the peers' time limits.
  for (let channel = 0; channel < chains; channel += 1) {
    const contract = [careName(channel), 'care'] as const;
    const patients = Array.from({ length: patientsPerChannel }, (_, index) => `pt-${channel}-${serial(index)}`);
    await Promise.all(
      patients.map(async (pseudonym) => {
        const patient = await enrol(plan.organisations.PatientMSP, 'client', { role: 'patient', subject: pseudonym });
        await submit(by('PatientMSP'), contract, 'patients:register', [json({ pseudonym, keys: keysOf(patient) })]);
      }),
    );
    const issued = patients.map((patient) => prescriptionFor(channel, patient));
    await Promise.all(issued.map((item) => submit(author, contract, 'issue', [json(item)], secrets)));
    channels.push({ patients, prescriptions: issued.map(({ id }) => id) });
  }
  return {
    ...{ doctors, pharmacist, workload: { doctors: Object.keys(doctors), channels } },
    clinic: await enrol(plan.organisations.ClinicMSP, 'client'),
    hospital: await enrol(plan.organisations.HospitalMSP, 'client'),
  };
}

/** Clients of the organisations' gateways; patients, who have no peer, use the hospital's. */
export class Clients implements AsyncDisposable {
  readonly #plan: CarePlan;
  readonly #gateways: Record<string, string>;
  readonly #open = new Map<Credential, TestClient>();

  constructor(plan: CarePlan, gateways: Record<string, string>) {
    this.#plan = plan;
    this.#gateways = gateways;
  }

  of(credential: Credential): TestClient {
    const known = this.#open.get(credential);
    if (known) return known;
    const mspId = credential.mspId === 'PatientMSP' ? 'HospitalMSP' : credential.mspId;
    const address = this.#gateways[mspId] ?? missing(`a gateway of ${mspId}`);
    const organisation = Object.values(this.#plan.organisations).find((candidate) => candidate.mspId === mspId);
    const client = connectClient({ address, tlsCa: (organisation ?? missing(mspId)).tlsCa, credential });
    this.#open.set(credential, client);
    return client;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const client of this.#open.values()) client.close();
  }
}

async function submit(
  client: TestClient,
  [channel, name]: readonly [channel: string, contract: string],
  call: string,
  args: string[],
  transient?: string,
): Promise<void> {
  const contract = client.gateway.getNetwork(channel).getContract(name);
  await contract.submit(call, {
    arguments: args,
    ...(transient !== undefined && { transientData: { secrets: Buffer.from(transient) } }),
  });
}

function keysOf({ certPem }: Credential) {
  const spki = new X509Certificate(certPem).publicKey.export({ type: 'spki', format: 'der' });
  return { signingKeyHash: createHash('sha256').update(spki).digest('hex'), readingKey: 'R'.repeat(1622), wallet: '' };
}

const json = (value: unknown) => bytesOf(value).toString();

function missing(what: string): never {
  throw new Error(`There is no ${what}.`);
}

/** Issues one more prescription on a care chain and gives its transaction id, so that a reader knows where to stop. */
export async function markEnd(clients: Clients, people: People, channel: number): Promise<string> {
  const [patient] = people.workload.channels[channel]?.patients ?? [];
  const author = clients.of(people.doctors['doctor-0'] ?? missing('a doctor'));
  const proposal = author.gateway
    .getNetwork(careName(channel))
    .getContract('care')
    .newProposal('issue', {
      arguments: [json(prescriptionFor(channel, patient ?? missing('a patient')))],
      transientData: { secrets: Buffer.from(secrets) },
    });
  const transaction = await proposal.endorse();
  await (await transaction.submit()).getStatus();
  return transaction.getTransactionId();
}
