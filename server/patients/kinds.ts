import { z } from 'zod';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { appointment, representativeId } from '#chaincode/model/patient.ts';
import { assertion, newCredential } from '#chaincode/model/secondFactor.ts';
import { newKeys } from '#chaincode/model/shapes/keys.ts';
import { careCall, confirmed, jsonArgument, type Kinds } from '../transactions/kind.ts';

/** What a person may ask of the people of a care channel; each kind is called as the contract's function. */

const reason = z.string().trim().min(3).max(300);
const secondFactor = { assertion: assertion.optional() };

export const patientIntents = [
  /** `assertion`: where the patient has a second factor already. */
  z.object({ kind: z.literal('patients:rotateKeys'), pseudonym: patientPseudonym, keys: newKeys, ...secondFactor }),
  z.object({
    kind: z.literal('patients:addCredential'),
    pseudonym: patientPseudonym,
    credential: newCredential,
    ...secondFactor,
  }),
  z.object({
    kind: z.literal('patients:removeCredential'),
    pseudonym: patientPseudonym,
    credentialId: newCredential.shape.id,
    ...secondFactor,
  }),
  z.object({
    kind: z.literal('patients:setStatus'),
    pseudonym: patientPseudonym,
    status: z.enum(['active', 'suspended']),
  }),
  /** `assertion`: of a patient who appoints; an institution's admin names `documentHash` and `until` instead. */
  z.object({ kind: z.literal('patients:appoint'), appointment, ...secondFactor }),
  z.object({ kind: z.literal('patients:endRepresentation'), id: representativeId, reason }),
  z.object({ kind: z.literal('patients:proposeReenrolment'), subject: patientPseudonym, keys: newKeys }),
  z.object({ kind: z.literal('patients:approveReenrolment'), subject: patientPseudonym }),
  z.object({ kind: z.literal('patients:refuseReenrolment'), subject: patientPseudonym, reason }),
] as const;
export type PatientIntent = z.infer<(typeof patientIntents)[number]>;

const ofPseudonym = ({ pseudonym }: { pseudonym: string }) => pseudonym;
const ofSubject = ({ subject }: { subject: string }) => subject;
const steps = ['sign', 'publish'] as const;

export const patientKinds: Kinds<PatientIntent> = {
  'patients:rotateKeys': {
    call: ({ kind, pseudonym, keys, assertion }) =>
      confirmed(careCall(pseudonym, kind, [pseudonym, jsonArgument(keys)]), assertion),
    subject: ofPseudonym,
    kept: ({ pseudonym, keys }) => ({ pseudonym, keys }),
    steps,
    secondFactor: () => 'ifRegistered',
  },
  'patients:addCredential': {
    call: ({ kind, pseudonym, credential, assertion }) =>
      confirmed(careCall(pseudonym, kind, [pseudonym, jsonArgument(credential)]), assertion),
    subject: ofPseudonym,
    business: ({ credential }) => credential.id,
    kept: ({ pseudonym, credential }) => ({ pseudonym, credential }),
    steps,
    secondFactor: () => 'ifRegistered',
  },
  'patients:removeCredential': {
    call: ({ kind, pseudonym, credentialId, assertion }) =>
      confirmed(careCall(pseudonym, kind, [pseudonym, credentialId]), assertion),
    subject: ofPseudonym,
    business: ({ credentialId }) => credentialId,
    kept: ({ pseudonym, credentialId }) => ({ pseudonym, credentialId }),
    steps,
    secondFactor: () => 'ifRegistered',
  },
  'patients:setStatus': {
    call: ({ kind, pseudonym, status }) => careCall(pseudonym, kind, [pseudonym, status]),
    subject: ofPseudonym,
    kept: ({ pseudonym, status }) => ({ pseudonym, status }),
    steps,
  },
  'patients:appoint': {
    call: ({ kind, appointment, assertion }) =>
      confirmed(careCall(appointment.id, kind, [jsonArgument(appointment)]), assertion),
    subject: ({ appointment }) => appointment.id,
    kept: ({ appointment }) => ({ appointment }),
    steps,
    secondFactor: ({ appointment }) => (appointment.documentHash === undefined ? 'always' : 'never'),
  },
  'patients:endRepresentation': {
    call: ({ kind, id, reason }) => careCall(id, kind, [id, reason]),
    subject: ({ id }) => id,
    kept: ({ id, reason }) => ({ id, reason }),
    steps,
  },
  'patients:proposeReenrolment': {
    call: ({ kind, subject, keys }) => careCall(subject, kind, [jsonArgument({ subject, keys })]),
    subject: ofSubject,
    kept: ({ subject, keys }) => ({ subject, keys }),
    steps,
  },
  'patients:approveReenrolment': {
    call: ({ kind, subject }) => careCall(subject, kind, [subject]),
    subject: ofSubject,
    kept: ({ subject }) => ({ subject }),
    steps,
  },
  'patients:refuseReenrolment': {
    call: ({ kind, subject, reason }) => careCall(subject, kind, [subject, reason]),
    subject: ofSubject,
    kept: ({ subject, reason }) => ({ subject, reason }),
    steps,
  },
};
