import { z } from 'zod';
import {
  pickupArgument,
  pickupTransientField,
  transferArgument,
  transferTransientField,
  transferWrap,
} from '#chaincode/model/prescriptionTerms.ts';
import { renewalArgument, renewalId } from '#chaincode/model/renewal.ts';
import { careCall, jsonArgument, type Kinds } from '../transactions/kind.ts';
import { base64Url, prescriptionId } from './schema.ts';

/** What people may ask of a prescription besides issuing and dispensing: cancelling, holds, transfers, pickups, renewals. */

export const reason = z.string().trim().min(3).max(300);
const onlyIdOf = <Kind extends string>(kind: Kind) => z.object({ kind: z.literal(kind), id: prescriptionId });

export const lifecycleIntents = [
  /** Asks the holder to cancel it. */
  z.object({ kind: z.literal('requestCancel'), id: prescriptionId, reason }),
  z.object({ kind: z.literal('answerCancel'), id: prescriptionId, answer: z.enum(['cancel', 'refuse']), reason }),
  /** The patient says that the hold is to end, and ends it when the notice has run. */
  onlyIdOf('noticeHold'),
  onlyIdOf('endHold'),
  z.object({ kind: z.literal('offerTransfer'), id: prescriptionId, ...transferArgument.shape, wrap: transferWrap }),
  onlyIdOf('acceptTransfer'),
  onlyIdOf('withdrawTransfer'),
  onlyIdOf('refuseTransfer'),
  z.object({ kind: z.literal('authorisePickup'), id: prescriptionId, pickup: pickupArgument }),
  onlyIdOf('revokePickup'),
  z.object({ kind: z.literal('askRenewal'), renewal: renewalArgument }),
  z.object({ kind: z.literal('denyRenewal'), id: renewalId, reason }),
  z.object({ kind: z.literal('withdrawRenewal'), id: renewalId }),
] as const;

export type LifecycleIntent = z.infer<(typeof lifecycleIntents)[number]>;

/** The key of a pickup, base64url of 32 bytes; of `reserve` and `dispense`. */
export const pickupKey = base64Url(43);

const fromBase64Url = (text: string) =>
  Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (char) => char.charCodeAt(0));
/** Transient data with the pickup's key, where there is one. */
export const pickupTransient = (key: string | undefined): Record<string, Uint8Array> =>
  key === undefined ? {} : { [pickupTransientField]: fromBase64Url(key) };

const steps = ['sign', 'publish'] as const;
const subject = ({ id }: { id: string }) => id;
/** A kind of which only the prescription is told. */
const onlyId = {
  call: ({ kind, id }: { kind: string; id: string }) => careCall(id, kind, [id]),
  subject,
  kept: ({ id }: { id: string }) => ({ id }),
  steps,
};

export const lifecycleKinds: Kinds<LifecycleIntent> = {
  requestCancel: {
    call: ({ id, reason }) => careCall(id, 'requestCancel', [id, reason]),
    subject,
    kept: ({ id, reason }) => ({ id, reason }),
    steps,
  },
  answerCancel: {
    call: ({ id, answer, reason }) => careCall(id, 'answerCancel', [id, answer, reason]),
    subject,
    kept: ({ id, answer, reason }) => ({ id, answer, reason }),
    steps,
  },
  noticeHold: onlyId,
  endHold: onlyId,
  offerTransfer: {
    call: ({ id, to, wrap }) =>
      careCall(id, 'offerTransfer', [id, jsonArgument({ to })], {
        [transferTransientField]: new TextEncoder().encode(wrap),
      }),
    subject,
    kept: ({ id, to }) => ({ id, to }),
    steps,
    secret: true,
  },
  acceptTransfer: onlyId,
  withdrawTransfer: onlyId,
  refuseTransfer: onlyId,
  authorisePickup: {
    call: ({ id, pickup }) => careCall(id, 'authorisePickup', [id, jsonArgument(pickup)]),
    subject,
    kept: ({ id, pickup }) => ({ id, pickup }),
    steps,
  },
  revokePickup: onlyId,
  askRenewal: {
    call: ({ renewal }) => careCall(renewal.id, 'askRenewal', [jsonArgument(renewal)]),
    subject: ({ renewal }) => renewal.id,
    kept: ({ renewal }) => ({ renewal }),
    steps,
  },
  denyRenewal: {
    call: ({ id, reason }) => careCall(id, 'answerRenewal', [id, jsonArgument({ outcome: 'denied', reason })]),
    subject,
    kept: ({ id, reason }) => ({ id, reason }),
    steps,
  },
  withdrawRenewal: onlyId,
};
