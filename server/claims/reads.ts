import { z } from 'zod';
import { claimId } from '#chaincode/model/claim.ts';
import { authorisationId, policyId } from '#chaincode/model/policy.ts';
import type { Reads } from '../transactions/kind.ts';
import { claimsCall } from './kinds.ts';

/** What only the own key of a member of staff may ask about insurance. */
export const claimReads = [
  /** The data key of a claim, a policy's details or a card, as it is wrapped for the institution: answers a `ContentWrap`. */
  z.object({ kind: z.literal('claims:readWrap'), id: z.union([claimId, policyId, authorisationId]) }),
] as const;
export type ClaimRead = z.infer<(typeof claimReads)[number]>;

export const claimReadings: Reads<ClaimRead> = {
  'claims:readWrap': {
    ...{ contract: 'claims', roles: ['doctor', 'pharmacist', 'insurer'] },
    call: ({ kind, id }) => claimsCall(kind, [id]),
  },
};
