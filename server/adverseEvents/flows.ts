import { z } from 'zod';
import { sealedMessage } from '#chaincode/model/adverseReport.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Actor, Role } from '../people/schema.ts';
import type { Saga } from '../sagas/store.ts';
import { envelopeOf } from '../transactions/envelope.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import type { ReportIntent } from './kinds.ts';
import { readReport } from './ledger.ts';
import { allowReport, allowReporting } from './policy.ts';
import { projectReports } from './readModel.ts';

const reporters: readonly Role[] = ['patient', 'doctor', 'pharmacist'];
const authority: readonly Role[] = ['regulator'];

const kept = z.object({ message: sealedMessage });

/** The very message is on the ledger: its CID is that of fresh ciphertext, so that it is this flow's. */
async function isThere({ ledger }: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<boolean> {
  const { cid } = kept.parse(row.intent).message;
  const { messages } = await readReport(ledger, row.subject, mspId);
  return messages.some((message) => message.cid === cid);
}

async function publish(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const report = await readReport(portal.ledger, row.subject, mspId);
  await projectReports(portal.db, row.channel, [report]);
  return `version ${report.version}`;
}

async function check(portal: Portal, actor: Actor, { id }: { id: string }): Promise<void> {
  const report = await readReport(portal.ledger, id);
  allowReport(actor, report);
  if (report.state === 'closed') throw new AppError('WRONG_STATE', `${id} is closed`);
}

interface Sealed {
  envelope: string;
  message: { cid: string; contentHash: string };
}
const sealedBytes = ({ envelope, message: named }: Sealed) => envelopeOf(envelope, named);

const message = { check, envelope: sealedBytes, shows: isThere, publish };

export const reportHandlers: Handlers<ReportIntent> = {
  'reports:file': {
    roles: reporters,
    check: async (_portal, actor) => allowReporting(actor),
    envelope: ({ envelope, report }) => envelopeOf(envelope, report.message),
    shows: isThere,
    publish,
  },
  'reports:ask': { roles: authority, ...message },
  'reports:answer': { roles: reporters, ...message },
  'reports:assess': { roles: authority, ...message },
  'reports:close': {
    roles: authority,
    check,
    shows: async ({ ledger }, { row }, { mspId }) => (await readReport(ledger, row.subject, mspId)).state === 'closed',
    publish,
  },
};
