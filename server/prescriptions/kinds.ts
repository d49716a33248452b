import { z } from 'zod';
import { registerTransientField, sealedRegisterEntry } from '#chaincode/model/controlledRegister.ts';
import { redeemTransientField, secretsTransientField } from '#chaincode/model/prescription.ts';
import { dispenseArgument, prescriptionIssue, reservationArgument } from '#chaincode/model/records.ts';
import { assertion } from '#chaincode/model/secondFactor.ts';
import { careCall, confirmed, jsonArgument, jsonField, type Kinds } from '../transactions/kind.ts';
import { type LifecycleIntent, lifecycleKinds, pickupKey, pickupTransient, reason } from './lifecycleKinds.ts';
import { base64Url, dispenseId, hex32, prescriptionId, prescriptionSecrets } from './schema.ts';

/** What a person may ask of the ledger of a prescription. */

/** Encrypted bytes, base64url; at most 256 KiB, so that the CID is that of one raw block. */
const envelope = base64Url(349_526);

export const issueIntent = z.object({
  kind: z.literal('issue'),
  issue: prescriptionIssue,
  envelope,
  /** The one-time address that will hold the token. */
  tokenHolder: z.string().regex(/^0x[0-9a-f]{40}$/),
  /** All that the author needs to carry on from another browser, sealed to the author's own reading key. */
  resumePacket: base64Url(32_768),
  secrets: prescriptionSecrets.required(),
  /** Of a controlled medicine, sealed to the authority. */
  register: sealedRegisterEntry.optional(),
  /** Second factor of a controlled medicine. */
  assertion: assertion.optional(),
});

/** Intents whose secrets exist in their person's page only. */
export const secretIntents = [
  z.object({ kind: z.literal('accept'), id: prescriptionId, redeemKey: base64Url(64) }),
  z.object({
    kind: z.literal('renewCode'),
    id: prescriptionId,
    redeemHash: hex32,
    secrets: prescriptionSecrets.pick({ codeWrap: true, releaseShare: true, patientWrap: true }).required(),
  }),
] as const;

/** What the dispensing of scanned packs begins with, and how it is given up; `components/dispensing` takes them up again. */
export const reserveIntent = z.object({
  kind: z.literal('reserve'),
  id: prescriptionId,
  reservation: reservationArgument,
  pickupKey: pickupKey.optional(),
});
export const reservationIntents = [
  reserveIntent,
  z.object({ kind: z.literal('releaseReservation'), id: prescriptionId, dispenseId }),
] as const;

export type ReservationIntent = z.infer<(typeof reservationIntents)[number]>;

export const dispenseIntent = z.object({
  kind: z.literal('dispense'),
  id: prescriptionId,
  dispense: dispenseArgument,
  envelope,
  /** Where `dispense.handedTo` is said and nothing is reserved. */
  pickupKey: pickupKey.optional(),
});

/** Intents without a secret, which a flow keeps as they are. */
export const openIntents = [
  z.object({ kind: z.literal('return'), id: prescriptionId }),
  dispenseIntent,
  z.object({ kind: z.literal('close'), id: prescriptionId, reason }),
  z.object({ kind: z.literal('cancel'), id: prescriptionId, reason }),
  z.object({ kind: z.literal('voidCode'), id: prescriptionId }),
] as const;

export type PrescriptionIntent =
  | z.infer<typeof issueIntent>
  | z.infer<(typeof secretIntents)[number]>
  | ReservationIntent
  | z.infer<(typeof openIntents)[number]>
  | LifecycleIntent;

const fromBase64Url = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));

const waits = true;
const ofPrescription = ({ id }: { id: string }) => id;
const onlyId = ({ id }: { id: string }) => ({ id });
const withReason = ({ id, reason }: { id: string; reason: string }) => ({ id, reason });

export const prescriptionKinds: Kinds<PrescriptionIntent> = {
  issue: {
    call: ({ issue, secrets, register, assertion }) =>
      confirmed(
        careCall(issue.id, 'issue', [jsonArgument(issue)], {
          [secretsTransientField]: jsonField(secrets),
          ...(register === undefined ? {} : { [registerTransientField]: jsonField(register) }),
        }),
        assertion,
      ),
    subject: ({ issue }) => issue.id,
    kept: ({ issue, tokenHolder }) => ({ issue, tokenHolder }),
    steps: ['store', 'sign', 'mint', 'publish'],
    secret: true,
    secondFactor: ({ issue }) => (issue.controlled ? 'always' : 'never'),
    waits,
  },
  accept: {
    call: ({ id, redeemKey }) => careCall(id, 'accept', [id], { [redeemTransientField]: fromBase64Url(redeemKey) }),
    subject: ofPrescription,
    kept: onlyId,
    steps: ['sign', 'publish'],
    secret: true,
    waits,
  },
  return: {
    call: ({ id }) => careCall(id, 'return', [id]),
    subject: ofPrescription,
    kept: onlyId,
    steps: ['sign', 'publish'],
    waits,
  },
  reserve: {
    call: ({ id, reservation, pickupKey }) =>
      careCall(id, 'reserve', [id, jsonArgument(reservation)], pickupTransient(pickupKey)),
    subject: ofPrescription,
    business: ({ reservation: { dispenseId: of } }) => of,
    kept: ({ id, reservation }) => ({ id, reservation }),
    steps: ['sign', 'publish'],
  },
  releaseReservation: {
    call: ({ id, dispenseId: of }) => careCall(id, 'releaseReservation', [id, of]),
    subject: ofPrescription,
    business: ({ dispenseId: of }) => of,
    kept: ({ id, dispenseId: of }) => ({ id, dispenseId: of }),
    steps: ['sign', 'publish'],
  },
  dispense: {
    call: ({ id, dispense, pickupKey }) =>
      careCall(id, 'dispense', [id, jsonArgument(dispense)], pickupTransient(pickupKey)),
    subject: ofPrescription,
    business: ({ dispense }) => dispense.id,
    kept: ({ id, dispense }) => ({ id, dispense }),
    steps: ['store', 'sign', 'attest', 'publish'],
    waits,
  },
  close: {
    call: ({ id, reason }) => careCall(id, 'close', [id, reason]),
    subject: ofPrescription,
    kept: withReason,
    steps: ['sign', 'attest', 'publish'],
    waits,
  },
  cancel: {
    call: ({ id, reason }) => careCall(id, 'cancel', [id, reason]),
    subject: ofPrescription,
    kept: withReason,
    steps: ['sign', 'attest', 'publish'],
    waits,
  },
  voidCode: {
    call: ({ id }) => careCall(id, 'voidCode', [id]),
    subject: ofPrescription,
    kept: onlyId,
    steps: ['sign', 'publish'],
    waits,
  },
  renewCode: {
    call: ({ id, redeemHash, secrets }) =>
      careCall(id, 'renewCode', [id, redeemHash], { [secretsTransientField]: jsonField(secrets) }),
    subject: ofPrescription,
    kept: ({ id, redeemHash }) => ({ id, redeemHash }),
    steps: ['sign', 'publish'],
    secret: true,
    waits,
  },
  ...lifecycleKinds,
};
