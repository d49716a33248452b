import { z } from 'zod';
import { alertId } from '#chaincode/model/alert.ts';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { careCall, type Reads } from '../transactions/kind.ts';
import { page } from '../transactions/page.ts';

/** What the ledger tells of alerts, asked with the person's own key. */
export const alertReads = [
  /** Answers an `Alert`. */
  z.object({ kind: z.literal('alerts:read'), id: alertId }),
  /** Answers a page of `Alert`. */
  z.object({ kind: z.literal('alerts:listByPatient'), patient: patientPseudonym, ...page }),
] as const;
export type AlertRead = z.infer<(typeof alertReads)[number]>;

const read = { contract: 'care', roles: ['patient', 'doctor'] } as const;

export const alertReadings: Reads<AlertRead> = {
  'alerts:read': { ...read, call: ({ kind, id }) => careCall(id, kind, [id]) },
  'alerts:listByPatient': {
    ...read,
    call: ({ kind, patient, pageSize, bookmark }) => careCall(patient, kind, [patient, String(pageSize), bookmark]),
  },
};
