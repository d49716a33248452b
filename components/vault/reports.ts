import { type AdverseReport, type ReportWrap, reportWrap } from '#chaincode/model/adverseReport.ts';
import { authorityReader } from '#server/adverseEvents/actions.ts';
import { vaultClient } from './client.ts';
import { expectData } from './errors.ts';
import { askPortal } from './portal.ts';
import { openInstitutionKey, read } from './records.ts';
import type { FileIntent, MessageIntent, NewAdverseEvent, OpenedMessage } from './reportOperations.ts';

/** What the pages do with reports of adverse events. Keys stay in the worker. */

/** A report for the authority that there is; to be signed. Throws `NOT_FOUND` where none has a key yet. */
export async function composeReport(event: NewAdverseEvent, recorder: string): Promise<FileIntent> {
  const authority = expectData(await authorityReader(undefined));
  return vaultClient().call('composeReport', { event, authority, recorder });
}

/** The report's key for the person, and that of the person's authority where `institution` is given. */
async function ownWrap(id: string, institution: string | undefined): Promise<ReportWrap> {
  if (institution !== undefined) await openInstitutionKey(institution);
  return read({ kind: 'reports:readWrap', id }, reportWrap);
}

async function fetchMessage(cid: string): Promise<Uint8Array> {
  return new Uint8Array(await (await askPortal(`/api/reports/${cid}`)).arrayBuffer());
}

/** Opens a report, as its reporter, or as the staff of the authority `institution`. */
export async function openReport(
  report: Pick<AdverseReport, 'id' | 'messages'>,
  institution?: string,
): Promise<OpenedMessage[]> {
  const { id, messages } = report;
  const [own, bytes] = await Promise.all([
    ownWrap(id, institution),
    Promise.all(messages.map(({ cid }) => fetchMessage(cid))),
  ]);
  return vaultClient().call('openReport', { report: { id, messages }, own, bytes });
}

/** A message of a report; to be signed. */
export async function composeReportMessage(
  kind: MessageIntent['kind'],
  { id, messages }: Pick<AdverseReport, 'id' | 'messages'>,
  words: string,
  institution?: string,
): Promise<MessageIntent> {
  const own = await ownWrap(id, institution);
  return vaultClient().call('composeReportMessage', { kind, own, place: messages.length, words });
}
