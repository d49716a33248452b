import { careChannelOf } from '../care/channel.ts';
import type { Patient } from '../model/patient.ts';
import type { Prescription, PrescriptionIssue } from '../model/prescription.ts';
import type { DevicePurpose, PractitionerRole, PublicKeys } from '../model/registry.ts';
import { createIdentity, type Identity } from './identity.ts';
import { TestLedger } from './ledger.ts';
import {
  bytesOf,
  dispenseOf,
  expiredLicence,
  type InstitutionName,
  institutionOf,
  institutions,
  issueOf,
  packedDispenseOf,
  patientIds,
  redeemKeyOf,
  reservationOf,
  secretsOf,
  serial,
  validLicence,
} from './samples.ts';

const staff = {
  doctor: ['doctor', 'hospital'],
  otherDoctor: ['doctor', 'hospital'],
  admin: ['admin', 'hospital'],
  pharmacist: ['pharmacist', 'pharmacy'],
  colleague: ['pharmacist', 'pharmacy'],
  otherPharmacist: ['pharmacist', 'otherPharmacy'],
  insurer: ['insurer', 'insurer'],
  supplier: ['supplier', 'maker'],
  regulator: ['regulator', 'authority'],
  otherAdmin: ['admin', 'otherHospital'],
  pharmacyAdmin: ['admin', 'pharmacy'],
  wholesaler: ['supplier', 'wholesaler'],
} as const satisfies Record<string, [PractitionerRole, InstitutionName]>;
export type StaffName = keyof typeof staff;
export const staffNames = Object.keys(staff) as StaffName[];
export const practitionerIdOf = (name: StaffName) => `prac-${serial(100 + staffNames.indexOf(name))}`;

export const registrarMsps = [
  'HospitalMSP',
  'PharmacyMSP',
  'InsurerMSP',
  'SupplyMSP',
  'RegulatorMSP',
  'PatientMSP',
] as const;
export type RegistrarMsp = (typeof registrarMsps)[number];

/** Everybody who may sign something in a test. */
export const patientNames = ['patient', 'otherPatient', 'representative', 'distantRepresentative'] as const;
export type PatientName = (typeof patientNames)[number];
export const peopleNames = [...staffNames, ...patientNames, 'stranger', 'impostor', 'service'] as const;
export type People = Record<(typeof peopleNames)[number], Identity>;

export type Enrol = (mspId: string, attributes: Record<string, string>) => Promise<Identity>;

export interface World {
  ledger: TestLedger;
  people: People;
  registrars: Record<RegistrarMsp, Identity>;
}

/** Registers everybody on a ledger, with certificates of whoever issues them for its organisations. */
export async function populate<L extends TestLedger>(ledger: L, createIdentity: Enrol): Promise<World & { ledger: L }> {
  const registrarOf = Object.fromEntries(
    await Promise.all(registrarMsps.map(async (mspId) => [mspId, await createIdentity(mspId, { role: 'registrar' })])),
  ) as Record<RegistrarMsp, Identity>;
  const people = {} as People;
  const registry = (caller: Identity, name: string, ...args: string[]) =>
    ledger.submit({ channel: 'registry', contract: 'registry', function: name, args, caller });

  for (const name of Object.keys(institutions) as InstitutionName[]) {
    const institution = institutionOf(name);
    await registry(registrarOf[institutions[name].mspId], 'proposeInstitution', JSON.stringify(institution));
    await registry(registrarOf.RegulatorMSP, 'admitInstitution', institution.id);
  }
  for (const name of staffNames) {
    const [role, employer] = staff[name];
    const { id: institutionId, mspId } = institutions[employer];
    const id = practitionerIdOf(name);
    people[name] = await createIdentity(mspId, { role, subject: id });
    const registration = { id, institutionId, role, licence: validLicence() };
    await registry(registrarOf[mspId], 'registerPractitioner', JSON.stringify(registration));
    await registry(registrarOf[mspId], 'enrolKeys', id, JSON.stringify(people[name].keys));
  }
  const register = (patient: { pseudonym: string; keys?: PublicKeys }) =>
    ledger.submit({
      ...{ channel: careChannelOf(patient.pseudonym), contract: 'care', function: 'patients:register' },
      ...{ args: [JSON.stringify(patient)], caller: registrarOf.PatientMSP },
    });
  for (const name of patientNames) {
    people[name] = await createIdentity('PatientMSP', { role: 'patient', subject: patientIds[name] });
    await register({ pseudonym: patientIds[name], keys: people[name].keys });
  }
  await register({ pseudonym: patientIds.ward });
  // A certificate that its CA made out to a registered doctor, over a key that the registry does not record.
  people.impostor = await createIdentity('HospitalMSP', { role: 'doctor', subject: practitionerIdOf('doctor') });
  people.stranger = await createIdentity('PatientMSP', { role: 'patient', subject: patientIds.patient });
  people.service = await createIdentity('PharmacyMSP', { role: 'service' });
  return { ledger, people, registrars: registrarOf };
}

let prepared: Promise<World> | undefined;

/** A network with institutions, staff and patients; every call gives a ledger of its own with the same people. */
export async function createWorld(): Promise<World> {
  prepared ??= populate(new TestLedger(), createIdentity);
  const world = await prepared;
  return { ...world, ledger: world.ledger.clone() };
}

/** The functions of `prescriptions` as people call them on a care channel. */
export class Care {
  readonly world: World;
  readonly channel: string;

  constructor(world: World, channel = 'care-0') {
    this.world = world;
    this.channel = channel;
  }

  order(caller: Identity, name: string, args: string[], transient: Record<string, Uint8Array> = {}) {
    return { channel: this.channel, contract: 'care', function: name, args, caller, transient };
  }

  submit(caller: Identity, name: string, args: string[], transient: Record<string, Uint8Array> = {}) {
    return this.world.ledger.submit(this.order(caller, name, args, transient));
  }

  evaluate<T>(caller: Identity, name: string, ...args: string[]): Promise<T> {
    return this.world.ledger.evaluate<T>(this.order(caller, name, args));
  }

  read(id: string): Promise<Prescription> {
    return this.evaluate(this.world.people.service, 'read', id);
  }

  readPatient(pseudonym: string): Promise<Patient> {
    return this.evaluate(this.world.people.service, 'patients:read', pseudonym);
  }

  /** Issues prescription number `seed` and gives its id. */
  async issue(
    seed: number,
    change: Partial<PrescriptionIssue> = {},
    caller = this.world.people.doctor,
  ): Promise<string> {
    const issued = issueOf(seed, change);
    await this.submit(caller, 'issue', [JSON.stringify(issued)], { secrets: bytesOf(secretsOf(`${seed}`)) });
    return issued.id;
  }

  accept(id: string, seed: number, caller = this.world.people.pharmacist) {
    return this.submit(caller, 'accept', [id], { redeemKey: redeemKeyOf(seed).key });
  }

  reserve(id: string, seed: number, quantity: number, caller = this.world.people.pharmacist) {
    return this.submit(caller, 'reserve', [id, JSON.stringify(reservationOf(seed, quantity))]);
  }

  release(id: string, seed: number, caller = this.world.people.pharmacist) {
    return this.submit(caller, 'releaseReservation', [id, dispenseOf(seed, 1).id]);
  }

  dispense(id: string, seed: number, quantity: number, caller = this.world.people.pharmacist) {
    return this.submit(caller, 'dispense', [id, JSON.stringify(dispenseOf(seed, quantity))]);
  }

  /** Dispenses what was reserved by `reserve` with the same seed. */
  complete(id: string, seed: number, quantity: number, caller = this.world.people.pharmacist) {
    return this.submit(caller, 'dispense', [id, JSON.stringify(packedDispenseOf(seed, quantity))]);
  }
}

/** Submits to the registry. */
export function submitToRegistry(world: World, caller: Identity, name: string, ...args: string[]) {
  return world.ledger.submit({ channel: 'registry', contract: 'registry', function: name, args, caller });
}

/** Suspends a person on the registry. */
export function suspend(world: World, name: StaffName) {
  return submitToRegistry(world, world.people.regulator, 'setPractitionerStatus', practitionerIdOf(name), 'suspended');
}

/** Ends a person's licence on the registry. */
export function expireLicence(world: World, name: 'doctor' | 'pharmacist') {
  const caller = world.registrars[name === 'doctor' ? 'HospitalMSP' : 'PharmacyMSP'];
  const licence = JSON.stringify(expiredLicence());
  return submitToRegistry(world, caller, 'renewLicence', practitionerIdOf(name), licence);
}

/** A person whom an institution hires in a test: registered, with keys, as member of staff number `seed`. */
export async function hire(
  world: World,
  [role, employer]: [PractitionerRole, InstitutionName],
  seed: number,
): Promise<Identity & { id: string }> {
  const { id: institutionId, mspId } = institutions[employer];
  const id = `prac-${serial(seed)}`;
  const identity = await createIdentity(mspId, { role, subject: id });
  const registration = JSON.stringify({ id, institutionId, role, licence: validLicence() });
  await submitToRegistry(world, world.registrars[mspId], 'registerPractitioner', registration);
  await submitToRegistry(world, world.registrars[mspId], 'enrolKeys', id, JSON.stringify(identity.keys));
  return { ...identity, id };
}

/** Device number `seed` that an institution registers in a test, with the identity that signs for it. */
export async function equip(
  world: World,
  owner: InstitutionName,
  seed: number,
  purpose?: DevicePurpose,
  enrol: Enrol = createIdentity,
): Promise<Identity & { id: string }> {
  const { id: institutionId, mspId } = institutions[owner];
  const id = `dev-${serial(seed)}`;
  const identity = await enrol(mspId, { role: 'device', subject: id });
  const { signingKeyHash, readingKey } = identity.keys;
  const device = { id, institutionId, model: 'Thermometer 3', serialHash: 'a'.repeat(64), purpose };
  const registration = JSON.stringify({ ...device, keys: { signingKeyHash, readingKey } });
  await submitToRegistry(world, world.registrars[mspId], 'registerDevice', registration);
  return { ...identity, id };
}
