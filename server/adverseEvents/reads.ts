import { z } from 'zod';
import { reportId } from '#chaincode/model/adverseReport.ts';
import { careCall, type Reads } from '../transactions/kind.ts';

/** What only the person's own key may ask about reports. */
export const reportReads = [
  /** Answers a `ReportWrap`. */
  z.object({ kind: z.literal('reports:readWrap'), id: reportId }),
] as const;
export type ReportRead = z.infer<(typeof reportReads)[number]>;

export const reportReadings: Reads<ReportRead> = {
  'reports:readWrap': {
    ...{ contract: 'care', roles: ['patient', 'doctor', 'pharmacist', 'regulator'] },
    call: ({ kind, id }) => careCall(id, kind, [id]),
  },
};
