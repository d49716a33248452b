import { z } from 'zod';
import { type ChannelMap, hasCheckDigit, type Product } from './channelMap.ts';
import { type Patient, type Prescription, type PrescriptionIssue, prescriptionStates } from './prescription.ts';
import {
  type Institution,
  institutionKinds,
  type Licence,
  mostFormerWallets,
  mostLinkedWallets,
  type Practitioner,
  type PublicKeys,
  practitionerRoles,
  registryStatuses,
  type Standing,
} from './registry.ts';

/** Shapes of arguments and stored records; every boundary of the contracts parses with these and refuses unknown members. */

/** Words for people: no control characters, no broken encoding, trimmed. */
const words = (min: number, max: number) =>
  z
    .string()
    .max(max)
    .refine((text) => text.trim() === text && text.length >= min, `must have ${min} to ${max} characters, trimmed`)
    .refine((text) => !/[\p{Cc}\p{Cs}\uFFFD]/u.test(text), 'must not hold control or broken characters');

export const hex32 = z.string().regex(/^[0-9a-f]{64}$/);
const base64Url = (min: number, max: number) =>
  z
    .string()
    .min(min)
    .max(max)
    .regex(/^[A-Za-z0-9_-]+$/);

export const institutionId = z.string().regex(/^inst-[a-z0-9-]{8,40}$/);
export const practitionerId = z.string().regex(/^prac-[a-z2-7]{26}$/);
export const patientPseudonym = z.string().regex(/^pt-(?:0|[1-9][0-9]{0,3})-[a-z2-7]{26}$/);
export const prescriptionId = z.string().regex(/^rx-(?:0|[1-9][0-9]{0,3})-[a-z2-7]{26}$/);
export const dispenseId = z.string().regex(/^disp-[a-z2-7]{26}$/);
export const registryStatus = z.enum(registryStatuses);
const mspId = z.string().regex(/^[A-Za-z][A-Za-z0-9.-]{0,62}$/);
/** A channel by its kind and number. */
const channelName = (kind: 'care' | 'supply') => z.string().regex(new RegExp(`^${kind}-(?:0|[1-9][0-9]{0,3})$`));
const cid = z.string().regex(/^b[a-z2-7]{58}$/);
const version = z.int().positive();

export const licence: z.ZodType<Licence> = z
  .strictObject({
    number: words(1, 64),
    specialty: words(0, 100),
    validFrom: z.iso.datetime(),
    validTo: z.iso.datetime(),
  })
  .refine((value) => Date.parse(value.validFrom) < Date.parse(value.validTo), 'must end after it begins');

export const walletAddress = z.string().regex(/^0x[0-9a-f]{40}$/);

/** Keys as a person brings them. An X-Wing public key has 1216 bytes, 1622 characters of base64url. */
const ownKeys = {
  signingKeyHash: hex32,
  readingKey: base64Url(1622, 1622),
  wallet: z.union([walletAddress, z.literal('')]),
};
export const newKeys: z.ZodType<PublicKeys> = z.strictObject(ownKeys);
export const publicKeys: z.ZodType<PublicKeys> = z.strictObject({
  ...ownKeys,
  linkedWallets: z.array(walletAddress).max(mostLinkedWallets).optional(),
  formerWallets: z.array(walletAddress).max(mostFormerWallets).optional(),
});

const institutionFields = {
  id: institutionId,
  kind: z.enum(institutionKinds),
  name: words(2, 200),
  mspId,
};
export const institutionAdmission = z.strictObject(institutionFields);
export const institutionRecord: z.ZodType<Institution> = z.strictObject({
  ...institutionFields,
  status: registryStatus,
  version,
});

const practitionerFields = {
  id: practitionerId,
  institutionId,
  role: z.enum(practitionerRoles),
  licence,
};
export const practitionerRegistration = z.strictObject(practitionerFields);
export const practitionerRecord: z.ZodType<Practitioner> = z.strictObject({
  ...practitionerFields,
  mspId,
  status: registryStatus,
  keys: publicKeys.optional(),
  version,
});
export const standing: z.ZodType<Standing> = z.strictObject({
  practitioner: practitionerRecord,
  institution: institutionRecord,
});

const channelNames = (kind: 'care' | 'supply') =>
  z
    .array(channelName(kind))
    .max(500)
    .refine((names) => new Set(names).size === names.length, 'must name each channel once');
export const channelMap: z.ZodType<ChannelMap> = z
  .strictObject({ version, care: channelNames('care'), supply: channelNames('supply') })
  .refine(({ care }) => care.length > 0, { path: ['care'], message: 'must name a channel' });

export const gtin = z
  .string()
  .regex(/^[0-9]{14}$/)
  .refine(hasCheckDigit, 'must end in its check digit');
export const productRecord: z.ZodType<Product> = z.strictObject({
  gtin,
  channel: channelName('supply'),
  mapVersion: version,
});

export const patientRegistration = z.strictObject({ pseudonym: patientPseudonym, keys: newKeys });
export const patientRecord: z.ZodType<Patient> = z.strictObject({
  pseudonym: patientPseudonym,
  keys: publicKeys,
  status: z.enum(['active', 'suspended']),
  version,
});

const issueFields = {
  id: prescriptionId,
  patient: patientPseudonym,
  expires: z.iso.datetime(),
  cid,
  contentHash: hex32,
  redeemHash: hex32,
  commitment: z.string().regex(/^0x[0-9a-f]{64}$/),
  quantity: z.int().min(1).max(100_000),
  fills: z.int().min(1).max(13),
};
export const prescriptionIssue: z.ZodType<PrescriptionIssue> = z.strictObject(issueFields);

const dispenseFields = {
  id: dispenseId,
  quantity: z.int().min(1).max(1_300_000),
  cid,
  contentHash: hex32,
};
export const dispenseArgument = z.strictObject(dispenseFields);

export const prescriptionRecord: z.ZodType<Prescription> = z.strictObject({
  ...issueFields,
  author: practitionerId,
  authorInstitution: institutionId,
  authoredOn: z.iso.datetime(),
  state: z.enum(prescriptionStates),
  left: z.int().min(0),
  holder: z.strictObject({ practitionerId, institutionId, since: z.iso.datetime() }).optional(),
  dispenses: z.array(z.strictObject({ ...dispenseFields, practitionerId, institutionId, at: z.iso.datetime() })),
  codeValid: z.boolean(),
  reason: z.string().optional(),
  version,
});

/** 32 random bytes make 43 characters of base64url. */
const codeSecrets = { codeWrap: base64Url(1, 512), releaseShare: base64Url(43, 43) };
/** The patient's new wrap holds the new access code; without it the patient could not show the code again. */
export const renewedSecrets = z.strictObject({ ...codeSecrets, patientWrap: base64Url(1, 4096).optional() });
export const issuedSecrets = z.strictObject({
  ...codeSecrets,
  patientWrap: base64Url(1, 4096),
  authorWrap: base64Url(1, 4096),
});

export const storedWraps = z.strictObject({ patientWrap: z.string(), authorWrap: z.string() });
export const storedRelease = z.strictObject({ codeWrap: z.string(), releaseShare: z.string() });
