import { createIdentity, type Identity } from '../identity.ts';
import { serial, validLicence } from '../samples.ts';
import { type Enrol, submitToRegistry, type World } from '../world.ts';

export interface Pharmacist {
  /** Of the own pharmacy. */
  institution: string;
  identity: Identity;
}

async function openPharmacy(world: World, number: number, enrol: Enrol): Promise<Pharmacist> {
  const institution = `inst-racing-pharmacy-${number}`;
  const { PharmacyMSP, RegulatorMSP } = world.registrars;
  const proposal = { id: institution, kind: 'pharmacy', mspId: 'PharmacyMSP', name: `Pharmacy ${number}` };
  await submitToRegistry(world, PharmacyMSP, 'proposeInstitution', JSON.stringify(proposal));
  await submitToRegistry(world, RegulatorMSP, 'admitInstitution', institution);
  const id = `prac-${serial(5_000 + number)}`;
  const identity = await enrol('PharmacyMSP', { role: 'pharmacist', subject: id });
  const registration = { id, institutionId: institution, role: 'pharmacist', licence: validLicence() };
  await submitToRegistry(world, PharmacyMSP, 'registerPractitioner', JSON.stringify(registration));
  await submitToRegistry(world, PharmacyMSP, 'enrolKeys', id, JSON.stringify(identity.keys));
  return { institution, identity };
}

/** So many pharmacies, each an institution of its own with one registered pharmacist. */
export const openPharmacies = (world: World, count: number, enrol: Enrol = createIdentity): Promise<Pharmacist[]> =>
  Promise.all(Array.from({ length: count }, (_, number) => openPharmacy(world, number, enrol)));
