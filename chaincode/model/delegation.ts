import { z } from 'zod';
import { deviceId, practitionerId, serialId } from './identifiers.ts';
import { deviceRecord, standing } from './records.ts';
import { registryStatuses } from './registry.ts';

/**
 * A practitioner lets software of the own institution sign in the practitioner's name. What is signed so names the delegation; the
 * contract looks up whose it is, and every version of a prescription says which device signed it.
 */

/** What may be delegated, by the practitioner's role: the functions of `prescriptions`, and none for a controlled medicine. */
export const delegableFunctions = {
  doctor: ['issue', 'cancel', 'requestCancel', 'answerRenewal'],
  pharmacist: [
    ...(['accept', 'return', 'reserve', 'releaseReservation', 'dispense', 'close'] as const),
    ...([
      'answerCancel',
      'offerTransfer',
      'acceptTransfer',
      'withdrawTransfer',
      'askRenewal',
      'withdrawRenewal',
    ] as const),
  ],
} as const;
export type DelegatingRole = keyof typeof delegableFunctions;
export const isDelegatingRole = (role: string): role is DelegatingRole => Object.hasOwn(delegableFunctions, role);

/** What somebody who may call a function has to read for it, by an evaluation. */
export const impliedReads: Readonly<Record<string, string>> = {
  readRelease: 'accept',
  readTransfer: 'acceptTransfer',
};

/** Longest delegation, in milliseconds. */
export const longestDelegationMs = 366 * 24 * 60 * 60 * 1000;

export const delegationId = serialId('dlg');

const delegationFields = {
  id: delegationId,
  /** The device, of purpose `system`, of the practitioner's institution. */
  device: deviceId,
  /** Each of `delegableFunctions` of the practitioner's role, once. */
  functions: z
    .array(z.enum([...delegableFunctions.doctor, ...delegableFunctions.pharmacist]))
    .min(1)
    .max(16)
    .refine((names) => new Set(names).size === names.length, 'must name each function once'),
  /** ISO 8601 instant at which it ends by itself (exclusive); at most 366 days ahead. */
  until: z.iso.datetime(),
};
/** The argument of `delegate`, as JSON. */
export const newDelegation = z.strictObject(delegationFields);
export type NewDelegation = z.infer<typeof newDelegation>;

export const delegationRecord = z.strictObject({
  ...delegationFields,
  practitioner: practitionerId,
  /** ISO 8601 */
  givenAt: z.iso.datetime(),
  /** `revoked` is for good; what is over by its date stays `active`. */
  status: z.enum(registryStatuses),
  endedAt: z.iso.datetime().optional(),
  version: z.int().positive(),
});
export type Delegation = z.infer<typeof delegationRecord>;

/** What `readDelegated` answers: the delegation with the practitioner, the institution and the device as they are now. */
export const delegated = z.strictObject({ delegation: delegationRecord, device: deviceRecord, standing });
export type Delegated = z.infer<typeof delegated>;

/** Transient field in which a device names the delegation by which it acts. */
export const delegationTransientField = 'delegation';
