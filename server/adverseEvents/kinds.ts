import { z } from 'zod';
import {
  newReport,
  reportId,
  reportWraps,
  sealedMessage,
  wrapsTransientField,
} from '#chaincode/model/adverseReport.ts';
import { base64Url } from '../prescriptions/schema.ts';
import { careCall, jsonArgument, jsonField, type Kinds } from '../transactions/kind.ts';

/** What people sign about reports of adverse events; each kind is called as the contract's function. */

/** Encrypted bytes, base64url; at most 256 KiB, so that the CID is that of one raw block. */
const envelope = base64Url(349_526);
const about = { id: reportId, message: sealedMessage, envelope };

export const reportIntents = [
  z.object({ kind: z.literal('reports:file'), report: newReport, wraps: reportWraps, envelope }),
  z.object({ kind: z.literal('reports:ask'), ...about }),
  z.object({ kind: z.literal('reports:answer'), ...about }),
  z.object({ kind: z.literal('reports:assess'), ...about }),
  z.object({ kind: z.literal('reports:close'), id: reportId }),
] as const;
export type ReportIntent = z.infer<(typeof reportIntents)[number]>;
type MessageIntent = Extract<ReportIntent, { kind: 'reports:ask' | 'reports:answer' | 'reports:assess' }>;

const steps = ['store', 'sign', 'publish'] as const;

const message = {
  call: ({ kind, id, message: sealed }: MessageIntent) => careCall(id, kind, [id, jsonArgument(sealed)]),
  subject: ({ id }: MessageIntent) => id,
  business: ({ message: { cid } }: MessageIntent) => cid,
  kept: ({ id, message: sealed }: MessageIntent) => ({ id, message: sealed }),
  steps,
};

export const reportKinds: Kinds<ReportIntent> = {
  'reports:file': {
    call: ({ kind, report, wraps }) =>
      careCall(report.id, kind, [jsonArgument(report)], { [wrapsTransientField]: jsonField(wraps) }),
    subject: ({ report }) => report.id,
    kept: ({ report }) => ({ id: report.id, message: report.message }),
    steps,
    secret: true,
  },
  'reports:ask': message,
  'reports:answer': message,
  'reports:assess': message,
  'reports:close': {
    call: ({ kind, id }) => careCall(id, kind, [id]),
    subject: ({ id }) => id,
    kept: ({ id }) => ({ id }),
    steps: ['sign', 'publish'],
  },
};
