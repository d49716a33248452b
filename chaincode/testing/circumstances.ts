import type { Category } from '../model/category.ts';
import type { ConsentTerms } from '../model/consent.ts';
import type { Identity } from './identity.ts';
import type { Order } from './ledger.ts';
import type { Action, Circumstance, Role } from './matrix.ts';
import { createRecordWorld, ids, RecordCare, type Signer, termsFor } from './records.ts';
import { bytesOf, day, hour, instant, institutions, patientIds } from './samples.ts';
import { confirmed, createCredential } from './signing.ts';
import { hire, practitionerIdOf, type StaffName, submitToRegistry } from './world.ts';

/** The cells of the matrix on the chaincode: each circumstance once, and each action as a call in it. */

const clinicians = ['doctor', 'otherDoctor', 'pharmacist'] as const;
const isClinician = (role: Role) => clinicians.some((name) => name === role);

/** Ids of what the actions are about. */
const target = {
  document: ids.document(1),
  summary: ids.document(2),
  request: ids.request(1),
  consent: ids.consent(1),
  emergency: ids.emergency(1),
  representation: ids.representation(1),
  delegation: 2,
};
/** The doctor's emergency of `breakGlass`. */
const broken = ids.emergency(2);
/** Number of the access that a role requested before. */
const accessSeedOf = (role: Role): number => 10 + ['patient', 'otherPatient', ...clinicians].indexOf(role);

export interface Prepared {
  care: RecordCare;
  circumstance: Circumstance;
}

/** How far the clock has gone on when a circumstance has come. */
export const elapsed: Partial<Record<Circumstance, number>> = { expired: 2 * hour };

/** Everything that the actions are about, and what the circumstance is made of. */
export async function prepare(circumstance: Circumstance): Promise<Prepared> {
  const care = new RecordCare(await createRecordWorld());
  await care.open();
  await care.add(1, 'clinical');
  await care.add(2, 'summary');
  await care.requestConsent(1, { categories: ['clinical'], purposes: ['TREAT'], reason: 'a consultation' });
  await care.grant(1, {
    ...termsFor('otherPharmacist', { categories: ['genetic'] }),
    grantee: { kind: 'role', id: institutions.otherPharmacy.id, role: 'pharmacist' },
  });
  await thirdDoctorOpens(care);
  await thirdPatientActs(care);
  if (circumstance === 'delegate') await care.appoint(target.delegation);
  await requestAccesses(care, circumstance);
  await permit(care, circumstance);
  if (circumstance === 'suspendedActor') await suspendAll(care);
  // The care's own count stays behind, as that of a page that has not heard of it.
  if (circumstance === 'staleKey') await care.unnoticed().renew(['clinical', 'genetic']);
  return { care, circumstance };
}

async function thirdDoctorOpens(care: RecordCare): Promise<void> {
  const doctor = await hire(care.world, ['doctor', 'hospital'], 900);
  const credential = createCredential();
  await submitToRegistry(care.world, doctor, 'addCredential', doctor.id, JSON.stringify(credential.credential));
  const emergency = { id: target.emergency, patient: patientIds.patient, reason: 'unconscious after a fall' };
  const args = [JSON.stringify(emergency)];
  const name = 'access:openEmergency';
  const transient = confirmed(credential, { channel: care.channel, contract: 'care', function: name, args });
  await care.submit(doctor, name, args, transient);
}

async function thirdPatientActs(care: RecordCare): Promise<void> {
  const { representative } = patientIds;
  const args = [JSON.stringify({ id: target.representation, patient: patientIds.patient, representative })];
  await care.submit(care.patient.identity, 'patients:appoint', args, care.confirm('patient', 'patients:appoint', args));
}

/** Who may ever read has requested an access by a consent of before, which is gone then. */
async function requestAccesses(care: RecordCare, circumstance: Circumstance): Promise<void> {
  const terms = { categories: ['clinical' as const], purpose: 'TREAT' as const };
  const request = (role: Role, by: Signer) => care.requestAccess(accessSeedOf(role), terms, by);
  for (const [at, name] of clinicians.entries()) {
    const consent = await care.grant(20 + at, termsFor(name));
    if (circumstance === 'breakGlass' && name === 'doctor') {
      await care.openEmergency(2);
      const byEmergency = { categories: ['summary' as const], purpose: 'ETREAT' as const };
      await care.requestAccess(accessSeedOf(name), byEmergency, care.staff(name), broken);
    } else await request(name, care.staff(name));
    await care.revoke(consent, ['clinical']);
  }
  await request('patient', care.patient);
  if (circumstance === 'delegate') await request('otherPatient', signerOf(care, 'otherPatient'));
}

async function permit(care: RecordCare, circumstance: Circumstance): Promise<void> {
  if (circumstance === 'none' || circumstance === 'breakGlass') return;
  const change: Partial<Record<Circumstance, Partial<ConsentTerms>>> = {
    expired: { until: instant(hour) },
    wrongCategory: { categories: ['results'] },
    wrongPurpose: { purposes: ['HRESCH'] },
  };
  for (const [at, name] of clinicians.entries()) {
    const consent = await care.grant(30 + at, termsFor(name, change[circumstance]));
    if (circumstance === 'revoked') await care.revoke(consent, ['clinical']);
  }
}

async function suspendAll(care: RecordCare): Promise<void> {
  const names: StaffName[] = [...clinicians, 'admin', 'insurer', 'regulator'];
  for (const pseudonym of [patientIds.patient, patientIds.otherPatient]) {
    await care.submit(care.world.registrars.RegulatorMSP, 'patients:setStatus', [pseudonym, 'suspended']);
  }
  for (const name of names) {
    const args = [practitionerIdOf(name), 'suspended'];
    await submitToRegistry(care.world, care.world.registrars.RegulatorMSP, 'setPractitionerStatus', ...args);
  }
}

function signerOf(care: RecordCare, role: Role): Signer {
  const identity: Identity = care.world.people[role];
  if (role === 'patient' || role === 'stranger') return { identity, id: patientIds.patient };
  if (role === 'otherPatient') return { identity, id: patientIds.otherPatient };
  return { identity, id: practitionerIdOf(role) };
}

/** The call of an action by a role. */
export function orderOf({ care, circumstance }: Prepared, action: Action, role: Role): Order {
  const by = signerOf(care, role);
  const call = (name: string, args: string[], transient: Record<string, Uint8Array> = {}) => ({
    ...care.order(by.identity, name, args, transient),
    ...(circumstance === 'backdatedProposal' && { at: new Date(Date.now() - 3 * 60_000) }),
  });
  /** With the second factor, by those who have one. */
  const confirmedCall = (name: string, args: string[], transient: Record<string, Uint8Array> = {}) => {
    const credential = Object.entries(care.world.credentials).find(([of]) => of === role)?.[1];
    const confirming = { channel: care.channel, contract: 'care', function: name, args, transient };
    return call(name, args, credential ? confirmed(credential, confirming) : transient);
  };
  const epochOf = (category: Category) => care.epochs.get(category) ?? 1;
  const { patient } = patientIds;
  switch (action) {
    case 'add': {
      const secrets = care.secretsOf('clinical');
      return call('records:add', [JSON.stringify(care.documentOf(50, secrets, by))], { record: bytesOf(secrets) });
    }
    case 'retract':
      return call('records:retract', [target.document, 'of another patient']);
    case 'putIndex': {
      const covers = [{ id: target.document, version: 1 }];
      return call('records:putIndex', [patient], { record: bytesOf({ head: care.headOf('clinical', 1, by), covers }) });
    }
    case 'requestAccess': {
      const byEmergency = circumstance === 'breakGlass' && isClinician(role);
      const terms = byEmergency
        ? { categories: ['summary'], purpose: 'ETREAT' }
        : { categories: ['clinical'], purpose: 'TREAT' };
      const access = { id: ids.access(60), patient, ...(byEmergency && { emergency: broken }) };
      return call('access:request', [JSON.stringify(access)], { access: bytesOf(terms) });
    }
    case 'read':
      return call('access:read', [ownAccess(role, circumstance)]);
    case 'readDocuments': {
      const document = circumstance === 'breakGlass' && role === 'doctor' ? target.summary : target.document;
      return call('access:readDocuments', [ownAccess(role, circumstance), JSON.stringify([document])]);
    }
    case 'grant': {
      const wraps = [care.wrapOf('clinical', epochOf('clinical'), practitionerIdOf('doctor'), by)];
      const transient = { consent: bytesOf(termsFor('doctor')), record: bytesOf({ epochs: [], wraps }) };
      return confirmedCall('consents:grant', [JSON.stringify({ id: ids.consent(60), patient })], transient);
    }
    case 'revoke':
      return call('consents:revoke', [target.consent], { record: bytesOf(care.nextEpochs(['genetic'], [], by)) });
    case 'requestConsent': {
      const terms = { categories: ['clinical'], purposes: ['TREAT'], reason: 'a consultation' };
      return call('consents:request', [JSON.stringify({ id: ids.request(60), patient })], { consent: bytesOf(terms) });
    }
    case 'decline':
      return call('consents:decline', [target.request]);
    case 'withdraw':
      return call('consents:withdraw', [target.request]);
    case 'openEmergency': {
      const emergency = { id: ids.emergency(60), patient, reason: 'unconscious after a fall' };
      return confirmedCall('access:openEmergency', [JSON.stringify(emergency)]);
    }
    case 'confirmEmergency':
      return confirmedCall('access:confirmEmergency', [target.emergency]);
    case 'reviewEmergency': {
      const review = { outcome: 'justified', note: 'as the record shows' };
      return call('access:reviewEmergency', [target.emergency, JSON.stringify(review)]);
    }
    case 'appoint': {
      const appointment = { id: ids.representation(60), patient, representative: patientIds.otherPatient };
      const isPatient = by.identity.mspId === 'PatientMSP';
      const byHospital = !isPatient && { documentHash: 'a'.repeat(64), until: instant(30 * day) };
      return confirmedCall('patients:appoint', [JSON.stringify({ ...appointment, ...byHospital })]);
    }
    case 'endRepresentation':
      return call('patients:endRepresentation', [target.representation, 'no longer needed']);
  }
}

function ownAccess(role: Role, circumstance: Circumstance): string {
  const isReader = role === 'patient' || isClinician(role) || (role === 'otherPatient' && circumstance === 'delegate');
  return ids.access(accessSeedOf(isReader ? role : 'doctor'));
}
