import { z } from 'zod';
import { delegationId, newDelegation } from '#chaincode/model/delegation.ts';
import { deviceId, institutionId, practitionerId } from '#chaincode/model/identifiers.ts';
import { productRegistration, siteRegistration } from '#chaincode/model/product.ts';
import {
  deviceKeys,
  deviceRegistration,
  institutionReading,
  licence,
  practitionerRegistration,
  registryStatus,
} from '#chaincode/model/records.ts';
import { assertion, newCredential } from '#chaincode/model/secondFactor.ts';
import { newKeys } from '#chaincode/model/shapes/keys.ts';
import { staffTransientField, staffWraps } from '#chaincode/model/staffWrap.ts';
import { confirmed, jsonArgument, jsonField, type Kinds, registryCall } from '../transactions/kind.ts';

/** What people sign of the registry; each kind has the name of the function that it calls. */

const reason = z.string().trim().min(3).max(300);
const institution = institutionId;
const subject = practitionerId;
/** `assertion`: where the person has a second factor already. */
const own = { subject, assertion: assertion.optional() };

export const registryIntents = [
  z.object({ kind: z.literal('admitInstitution'), institution }),
  z.object({ kind: z.literal('refuseInstitution'), institution, reason }),
  z.object({ kind: z.literal('setInstitutionStatus'), institution, status: registryStatus }),
  z.object({ kind: z.literal('registerPractitioner'), practitioner: practitionerRegistration }),
  z.object({ kind: z.literal('setPractitionerStatus'), subject, status: registryStatus }),
  z.object({ kind: z.literal('renewLicence'), subject, licence }),
  z.object({ kind: z.literal('registerDevice'), device: deviceRegistration }),
  z.object({ kind: z.literal('setDeviceStatus'), device: deviceId, status: registryStatus }),
  z.object({ kind: z.literal('rotateDeviceKeys'), device: deviceId, keys: deviceKeys }),
  /** Offers it to another institution; to the own one: takes the offer back. */
  z.object({ kind: z.literal('transferDevice'), device: deviceId, institution: institutionId }),
  z.object({ kind: z.literal('acceptDevice'), device: deviceId, keys: deviceKeys }),
  /** Lets a system of the own institution sign; `subject` is the practitioner. */
  z.object({ kind: z.literal('delegate'), ...own, delegation: newDelegation }),
  z.object({ kind: z.literal('endDelegation'), delegation: delegationId }),
  z.object({ kind: z.literal('addCredential'), ...own, credential: newCredential }),
  z.object({ kind: z.literal('removeCredential'), ...own, credentialId: newCredential.shape.id }),
  z.object({ kind: z.literal('rotateKeys'), ...own, keys: newKeys }),
  /** `staff`: the seed, wrapped for each member, the admin among them; private. */
  z.object({ kind: z.literal('putInstitutionReading'), institution, reading: institutionReading, staff: staffWraps }),
  z.object({ kind: z.literal('wrapForStaff'), institution, staff: staffWraps.min(1) }),
  z.object({ kind: z.literal('proposeReenrolment'), subject, keys: newKeys }),
  z.object({ kind: z.literal('approveReenrolment'), subject }),
  z.object({ kind: z.literal('refuseReenrolment'), subject, reason }),
  z.object({ kind: z.literal('registerProduct'), product: productRegistration }),
  z.object({ kind: z.literal('registerSite'), site: siteRegistration }),
] as const;
export type RegistryIntent = z.infer<(typeof registryIntents)[number]>;

const ofInstitution = (intent: { institution: string }) => intent.institution;
const ofDevice = (intent: { device: string }) => intent.device;
const ofPerson = (intent: { subject: string }) => intent.subject;
const steps = ['sign', 'publish'] as const;
const secondFactor = () => 'ifRegistered' as const;

export const registryKinds: Kinds<RegistryIntent> = {
  admitInstitution: {
    call: ({ kind, institution: id }) => registryCall(kind, [id]),
    subject: ofInstitution,
    kept: () => ({}),
    steps,
  },
  refuseInstitution: {
    call: ({ kind, institution: id, reason: why }) => registryCall(kind, [id, why]),
    subject: ofInstitution,
    kept: ({ reason: why }) => ({ reason: why }),
    steps,
  },
  setInstitutionStatus: {
    call: ({ kind, institution: id, status }) => registryCall(kind, [id, status]),
    subject: ofInstitution,
    kept: ({ status }) => ({ status }),
    steps,
  },
  registerPractitioner: {
    call: ({ kind, practitioner }) => registryCall(kind, [jsonArgument(practitioner)]),
    subject: ({ practitioner }) => practitioner.id,
    kept: ({ practitioner }) => ({ practitioner }),
    steps,
  },
  setPractitionerStatus: {
    call: ({ kind, subject: id, status }) => registryCall(kind, [id, status]),
    subject: ofPerson,
    kept: ({ status }) => ({ status }),
    steps,
  },
  renewLicence: {
    call: ({ kind, subject: id, licence: renewed }) => registryCall(kind, [id, jsonArgument(renewed)]),
    subject: ofPerson,
    kept: ({ licence: renewed }) => ({ licence: renewed }),
    steps,
  },
  registerDevice: {
    call: ({ kind, device }) => registryCall(kind, [jsonArgument(device)]),
    subject: ({ device }) => device.id,
    kept: ({ device }) => ({ device }),
    steps,
  },
  setDeviceStatus: {
    call: ({ kind, device, status }) => registryCall(kind, [device, status]),
    subject: ofDevice,
    kept: ({ status }) => ({ status }),
    steps,
  },
  rotateDeviceKeys: {
    call: ({ kind, device, keys }) => registryCall(kind, [device, jsonArgument(keys)]),
    subject: ofDevice,
    kept: ({ keys }) => ({ keys }),
    steps,
  },
  transferDevice: {
    call: ({ kind, device, institution }) => registryCall(kind, [device, institution]),
    subject: ofDevice,
    kept: ({ institution }) => ({ institution }),
    steps,
  },
  acceptDevice: {
    call: ({ kind, device, keys }) => registryCall(kind, [device, jsonArgument(keys)]),
    subject: ofDevice,
    kept: ({ keys }) => ({ keys }),
    steps,
  },
  delegate: {
    call: ({ kind, delegation, assertion: given }) => confirmed(registryCall(kind, [jsonArgument(delegation)]), given),
    subject: ofPerson,
    business: ({ delegation }) => delegation.id,
    kept: ({ delegation }) => ({ delegation }),
    steps: ['sign'],
    secondFactor: () => 'always',
  },
  endDelegation: {
    call: ({ kind, delegation }) => registryCall(kind, [delegation]),
    subject: ({ delegation }) => delegation,
    kept: () => ({}),
    steps: ['sign'],
  },
  addCredential: {
    call: ({ kind, subject: id, credential, assertion: given }) =>
      confirmed(registryCall(kind, [id, jsonArgument(credential)]), given),
    subject: ofPerson,
    business: ({ credential }) => credential.id,
    kept: ({ credential }) => ({ credential }),
    steps,
    secondFactor,
  },
  removeCredential: {
    call: ({ kind, subject: id, credentialId, assertion: given }) =>
      confirmed(registryCall(kind, [id, credentialId]), given),
    subject: ofPerson,
    business: ({ credentialId }) => credentialId,
    kept: ({ credentialId }) => ({ credentialId }),
    steps,
    secondFactor,
  },
  rotateKeys: {
    call: ({ kind, subject: id, keys, assertion: given }) =>
      confirmed(registryCall(kind, [id, jsonArgument(keys)]), given),
    subject: ofPerson,
    kept: ({ keys }) => ({ keys }),
    steps,
    secondFactor,
  },
  putInstitutionReading: {
    call: ({ kind, institution: id, reading, staff }) =>
      registryCall(kind, [id, jsonArgument(reading)], { [staffTransientField]: jsonField(staff) }),
    subject: ofInstitution,
    kept: ({ reading }) => ({ reading }),
    steps,
    secret: true,
  },
  wrapForStaff: {
    call: ({ kind, institution: id, staff }) => registryCall(kind, [id], { [staffTransientField]: jsonField(staff) }),
    subject: ofInstitution,
    kept: () => ({}),
    steps,
    secret: true,
  },
  proposeReenrolment: {
    call: ({ kind, subject: id, keys }) => registryCall(kind, [jsonArgument({ subject: id, keys })]),
    subject: ofPerson,
    kept: ({ keys }) => ({ keys }),
    steps,
  },
  approveReenrolment: {
    call: ({ kind, subject: id }) => registryCall(kind, [id]),
    subject: ofPerson,
    kept: () => ({}),
    steps,
  },
  refuseReenrolment: {
    call: ({ kind, subject: id, reason: why }) => registryCall(kind, [id, why]),
    subject: ofPerson,
    kept: ({ reason: why }) => ({ reason: why }),
    steps,
  },
  registerProduct: {
    call: ({ kind, product }) => registryCall(kind, [jsonArgument(product)]),
    subject: ({ product }) => product.gtin,
    kept: ({ product }) => ({ product }),
    steps: ['sign'],
  },
  registerSite: {
    call: ({ kind, site }) => registryCall(kind, [jsonArgument(site)]),
    subject: ({ site }) => site.gln,
    kept: ({ site }) => ({ site }),
    steps: ['sign'],
  },
};
