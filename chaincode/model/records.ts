import { z } from 'zod';
import type { ChannelMap } from './channelMap.ts';
import { registerReference } from './controlledRegister.ts';
import {
  base64Url,
  careId,
  cid,
  deviceId,
  hex32,
  institutionId,
  patientPseudonym,
  practitionerId,
  readingKey,
  serialId,
  signature,
} from './identifiers.ts';
import {
  type DispenseArgument,
  type Prescription,
  type PrescriptionIssue,
  prescriptionStates,
  type ReservationArgument,
} from './prescription.ts';
import {
  cancelRequest,
  holdNotice,
  pickup,
  pickupKinds,
  renewalAnswer,
  safetySummary,
  series,
  substitution,
  transferOffer,
  withoutPacksReasons,
} from './prescriptionTerms.ts';
import {
  type Device,
  devicePurposes,
  type Institution,
  type InstitutionReading,
  institutionKinds,
  institutionStatuses,
  type KeyOwner,
  type Licence,
  type Practitioner,
  practitionerRoles,
  registryStatuses,
  type Standing,
  suspenders,
} from './registry.ts';
import { credential, mostCredentials } from './secondFactor.ts';
import { publicKeys } from './shapes/keys.ts';
import { channelName, words } from './shapes/text.ts';

/** Shapes of arguments and stored records; every boundary of the contracts parses with these and refuses unknown members. */

export const prescriptionId = careId('rx');
export const dispenseId = serialId('disp');
export const registryStatus = z.enum(registryStatuses);
const mspId = z.string().regex(/^[A-Za-z][A-Za-z0-9.-]{0,62}$/);
const version = z.int().positive();

export const licence: z.ZodType<Licence> = z
  .strictObject({
    number: words(1, 64),
    specialty: words(0, 100),
    validFrom: z.iso.datetime(),
    validTo: z.iso.datetime(),
  })
  .refine((value) => Date.parse(value.validFrom) < Date.parse(value.validTo), 'must end after it begins');

const institutionFields = {
  id: institutionId,
  kind: z.enum(institutionKinds),
  name: words(2, 200),
  mspId,
};
export const institutionProposal = z.strictObject(institutionFields);
const ladder = base64Url(80, 96);
export const institutionReading: z.ZodType<InstitutionReading> = z.strictObject({
  generation: z.int().positive(),
  readingKey,
  ladder: ladder.optional(),
  signature,
  by: practitionerId,
});
/** Of a generation that was replaced: the seed of the one before it, sealed under a key of its own. */
export const institutionLadder = z.strictObject({ generation: z.int().positive(), ladder });
export type InstitutionLadder = z.infer<typeof institutionLadder>;
export const institutionRecord: z.ZodType<Institution> = z.strictObject({
  ...institutionFields,
  status: z.enum(institutionStatuses),
  reason: z.string().optional(),
  reading: institutionReading.optional(),
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
  suspendedBy: z.enum(suspenders).optional(),
  keys: publicKeys.optional(),
  credentials: z.array(credential).max(mostCredentials).optional(),
  version,
});
/** What vouches for a device. */
export const deviceAttestation = z.strictObject({ format: words(1, 64), hash: hex32 });
export const deviceKeys = z.strictObject({ signingKeyHash: hex32, readingKey });
const deviceFields = {
  id: deviceId,
  institutionId,
  model: words(2, 100),
  serialHash: hex32,
  keys: deviceKeys,
  purpose: z.enum(devicePurposes).optional(),
  firmware: words(1, 64).optional(),
  attestation: deviceAttestation.optional(),
};
export const deviceRegistration = z.strictObject(deviceFields);
export const deviceRecord: z.ZodType<Device> = z.strictObject({
  ...deviceFields,
  mspId,
  status: registryStatus,
  transferTo: institutionId.optional(),
  formerInstitution: institutionId.optional(),
  version,
});
export const keyOwner: z.ZodType<KeyOwner> = z.strictObject({ subject: z.string(), current: z.boolean() });
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
  controlled: z.literal(true).optional(),
  register: registerReference.optional(),
  validFrom: z.iso.datetime().optional(),
  series: series.optional(),
  fillEveryDays: z.int().min(1).max(180).optional(),
  replaces: prescriptionId.optional(),
  renews: renewalAnswer.optional(),
  safety: safetySummary.optional(),
};
export const prescriptionIssue: z.ZodType<PrescriptionIssue> = z.strictObject(issueFields);

const dispenseFields = {
  id: dispenseId,
  quantity: z.int().min(1).max(1_300_000),
  cid,
  contentHash: hex32,
  substitution: substitution.optional(),
  safety: safetySummary.optional(),
  withoutPacks: z.enum(withoutPacksReasons).optional(),
  handedTo: z.enum(pickupKinds).optional(),
};
export const dispenseArgument: z.ZodType<DispenseArgument> = z.strictObject(dispenseFields);

const reservationFields = {
  dispenseId,
  quantity: z.int().min(1).max(1_300_000),
  packs: z.int().min(1).max(100),
  packsHash: hex32,
  handedTo: z.enum(pickupKinds).optional(),
};
export const reservationArgument: z.ZodType<ReservationArgument> = z.strictObject(reservationFields);
const { packs, packsHash } = reservationFields;

const decidedBy = { practitionerId, institutionId, at: z.iso.datetime() };
export const prescriptionRecord: z.ZodType<Prescription> = z.strictObject({
  ...issueFields,
  author: practitionerId,
  authorInstitution: institutionId,
  authoredOn: z.iso.datetime(),
  state: z.enum(prescriptionStates),
  left: z.int().min(0),
  holder: z
    .strictObject({ practitionerId, institutionId, since: z.iso.datetime(), from: institutionId.optional() })
    .optional(),
  reservation: z.strictObject({ ...reservationFields, ...decidedBy }).optional(),
  dispenses: z.array(
    z.strictObject({ ...dispenseFields, packs: packs.optional(), packsHash: packsHash.optional(), ...decidedBy }),
  ),
  codeValid: z.boolean(),
  reason: z.string().optional(),
  via: deviceId.optional(),
  issuedVia: deviceId.optional(),
  replacedBy: prescriptionId.optional(),
  cancelRequest: cancelRequest.optional(),
  holdNotice: holdNotice.optional(),
  transfer: transferOffer.optional(),
  pickup: pickup.optional(),
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
