import { z } from 'zod';
import {
  accessTerms,
  accessTransientField,
  emergencyId,
  emergencyReview,
  newAccess,
  newEmergency,
} from '#chaincode/model/access.ts';
import { assertion } from '#chaincode/model/secondFactor.ts';
import { careCall, confirmed, jsonArgument, jsonField, type Kinds } from '../transactions/kind.ts';

/** What a person may ask of the readings of a record and of emergencies; each kind is called as the contract's function. */

const secondFactor = { assertion: assertion.optional() };

export const accessIntents = [
  z.object({ kind: z.literal('access:request'), access: newAccess, terms: accessTerms }),
  z.object({ kind: z.literal('access:openEmergency'), emergency: newEmergency, ...secondFactor }),
  z.object({ kind: z.literal('access:confirmEmergency'), id: emergencyId, ...secondFactor }),
  z.object({ kind: z.literal('access:reviewEmergency'), id: emergencyId, review: emergencyReview }),
] as const;
export type AccessIntent = z.infer<(typeof accessIntents)[number]>;

const steps = ['sign', 'publish'] as const;

export const accessKinds: Kinds<AccessIntent> = {
  'access:request': {
    call: ({ kind, access, terms }) =>
      careCall(access.id, kind, [jsonArgument(access)], { [accessTransientField]: jsonField(terms) }),
    subject: ({ access }) => access.id,
    kept: ({ access }) => ({ access }),
    steps,
    secret: true,
  },
  'access:openEmergency': {
    call: ({ kind, emergency, assertion }) =>
      confirmed(careCall(emergency.id, kind, [jsonArgument(emergency)]), assertion),
    subject: ({ emergency }) => emergency.id,
    kept: ({ emergency }) => ({ emergency }),
    steps,
    secondFactor: () => 'always',
  },
  'access:confirmEmergency': {
    call: ({ kind, id, assertion }) => confirmed(careCall(id, kind, [id]), assertion),
    subject: ({ id }) => id,
    kept: ({ id }) => ({ id }),
    steps,
    secondFactor: () => 'always',
  },
  'access:reviewEmergency': {
    call: ({ kind, id, review }) => careCall(id, kind, [id, jsonArgument(review)]),
    subject: ({ id }) => id,
    kept: ({ id, review }) => ({ id, review }),
    steps,
  },
};
