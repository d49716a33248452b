import { z } from 'zod';
import {
  consentId,
  consentTerms,
  consentTransientField,
  newConsent,
  newConsentRequest,
  requestId,
  requestTerms,
} from '#chaincode/model/consent.ts';
import { newEpochs, recordTransientField } from '#chaincode/model/healthRecord.ts';
import { assertion } from '#chaincode/model/secondFactor.ts';
import { careCall, confirmed, jsonArgument, jsonField, type Kinds } from '../transactions/kind.ts';

/** What a person may ask of the consents of a patient; each kind is called as the contract's function. */

export const consentIntents = [
  z.object({
    kind: z.literal('consents:grant'),
    consent: newConsent,
    terms: consentTerms,
    /** Seeds of present epochs for the grantee; nothing in it for a denial. */
    record: newEpochs,
    /** Needed for a permit. */
    assertion: assertion.optional(),
  }),
  /** `record`: the next epoch of every category that the consent opened, for those who may read still. */
  z.object({ kind: z.literal('consents:revoke'), id: consentId, record: newEpochs }),
  z.object({ kind: z.literal('consents:request'), request: newConsentRequest, terms: requestTerms }),
  z.object({ kind: z.literal('consents:decline'), id: requestId }),
  z.object({ kind: z.literal('consents:withdraw'), id: requestId }),
] as const;
export type ConsentIntent = z.infer<(typeof consentIntents)[number]>;

const steps = ['sign', 'publish'] as const;
const ofId = ({ id }: { id: string }) => id;
const onlyId = ({ id }: { id: string }) => ({ id });
const ofRequest = {
  call: ({ kind, id }: { kind: string; id: string }) => careCall(id, kind, [id]),
  subject: ofId,
  kept: onlyId,
  steps,
  secret: true,
} as const;

export const consentKinds: Kinds<ConsentIntent> = {
  'consents:grant': {
    call: ({ kind, consent, terms, record, assertion }) => {
      const transient = { [consentTransientField]: jsonField(terms), [recordTransientField]: jsonField(record) };
      return confirmed(careCall(consent.id, kind, [jsonArgument(consent)], transient), assertion);
    },
    subject: ({ consent }) => consent.id,
    kept: ({ consent }) => ({ consent }),
    steps,
    secret: true,
    secondFactor: ({ terms }) => (terms.decision === 'permit' ? 'always' : 'never'),
  },
  'consents:revoke': {
    call: ({ kind, id, record }) => careCall(id, kind, [id], { [recordTransientField]: jsonField(record) }),
    subject: ofId,
    kept: onlyId,
    steps,
    secret: true,
  },
  'consents:request': {
    call: ({ kind, request, terms }) =>
      careCall(request.id, kind, [jsonArgument(request)], { [consentTransientField]: jsonField(terms) }),
    subject: ({ request }) => request.id,
    kept: ({ request }) => ({ request }),
    steps,
    secret: true,
  },
  'consents:decline': ofRequest,
  'consents:withdraw': ofRequest,
};
