import { z } from 'zod';
import { requestId } from '#chaincode/model/consent.ts';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { careCall, type Reads } from '../transactions/kind.ts';
import { page } from '../transactions/page.ts';

/** What only the person's own key may ask about consents. */
export const consentReads = [
  /** Answers a page of `FullConsent`. */
  z.object({ kind: z.literal('consents:list'), patient: patientPseudonym, ...page }),
  /** Answers a page of `FullConsentRequest`. */
  z.object({ kind: z.literal('consents:listRequests'), patient: patientPseudonym, ...page }),
  /** Answers a `FullConsentRequest`. */
  z.object({ kind: z.literal('consents:readRequest'), id: requestId }),
  /** Answers `{ purpose, categories }[]`: what the practitioner is permitted now. */
  z.object({ kind: z.literal('consents:mine'), patient: patientPseudonym }),
] as const;
export type ConsentRead = z.infer<(typeof consentReads)[number]>;

const contract = 'care';

export const consentReadings: Reads<ConsentRead> = {
  'consents:list': {
    contract,
    roles: ['patient'],
    call: ({ kind, patient, pageSize, bookmark }) => careCall(patient, kind, [patient, String(pageSize), bookmark]),
  },
  'consents:listRequests': {
    contract,
    roles: ['patient'],
    call: ({ kind, patient, pageSize, bookmark }) => careCall(patient, kind, [patient, String(pageSize), bookmark]),
  },
  'consents:readRequest': {
    contract,
    roles: ['patient', 'doctor', 'pharmacist'],
    call: ({ kind, id }) => careCall(id, kind, [id]),
  },
  'consents:mine': {
    contract,
    roles: ['doctor', 'pharmacist'],
    call: ({ kind, patient }) => careCall(patient, kind, [patient]),
  },
};
