import { z } from 'zod';
import { alertId, alertOutcome } from '#chaincode/model/alert.ts';
import { careCall, type Kinds } from '../transactions/kind.ts';

/** What a clinician may do about an alert; each kind is called as the contract's function. */

export const alertIntents = [
  z.object({ kind: z.literal('alerts:acknowledge'), id: alertId }),
  z.object({ kind: z.literal('alerts:close'), id: alertId, outcome: alertOutcome }),
] as const;
export type AlertIntent = z.infer<(typeof alertIntents)[number]>;

const steps = ['sign', 'publish'] as const;

export const alertKinds: Kinds<AlertIntent> = {
  'alerts:acknowledge': {
    call: ({ kind, id }) => careCall(id, kind, [id]),
    subject: ({ id }) => id,
    kept: ({ id }) => ({ id }),
    steps,
  },
  'alerts:close': {
    call: ({ kind, id, outcome }) => careCall(id, kind, [id, outcome]),
    subject: ({ id }) => id,
    kept: ({ id, outcome }) => ({ id, outcome }),
    steps,
  },
};
