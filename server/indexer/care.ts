import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { Access, Emergency } from '#chaincode/model/access.ts';
import type { AdverseReport } from '#chaincode/model/adverseReport.ts';
import { careChanged, careEvents } from '#chaincode/model/careEvents.ts';
import type { StoredDocument } from '#chaincode/model/healthRecord.ts';
import type { Reenrolment, Representation } from '#chaincode/model/patient.ts';
import type { Renewal } from '#chaincode/model/renewal.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import { projectAccesses, projectEmergencies } from '../access/readModel.ts';
import { readReport } from '../adverseEvents/ledger.ts';
import { projectReports } from '../adverseEvents/readModel.ts';
import { projectConsents, projectRequests } from '../consents/readModel.ts';
import type { Database } from '../gateways/db/database.ts';
import { consentRequests } from '../gateways/db/schema/care.ts';
import type { Block } from '../gateways/ledger/blocks.ts';
import { type Told, tell, tellPatient } from '../notices/tell.ts';
import { projectRepresentations } from '../patients/readModel.ts';
import { readRenewal } from '../prescriptions/ledger.ts';
import { projectRenewals } from '../prescriptions/renewals.ts';
import {
  readAccessEntry,
  readDocumentEntry,
  readEmergency,
  readPatientReenrolment,
  readRepresentation,
} from '../records/ledger.ts';
import { projectDocuments } from '../records/readModel.ts';
import { projectReenrolments } from '../reenrolment/readModel.ts';

/** What a block of a care channel changes besides prescriptions, and where. */
export interface CareChange extends z.infer<typeof careChanged> {
  transactionId: string;
  blockNumber: number;
}

const names: ReadonlySet<string> = new Set(
  Object.values(careEvents).filter((name) => name !== careEvents.prescriptions),
);

export function careChangesIn({ number, transactions }: Block): CareChange[] {
  return transactions.flatMap(({ valid, contract, event, transactionId }) => {
    if (!valid || contract !== 'care' || event === undefined || !names.has(event.name)) return [];
    const changed = careChanged.safeParse(jsonOf(event.payload)).data;
    return changed === undefined ? [] : [{ ...changed, transactionId, blockNumber: Number(number) }];
  });
}

function jsonOf(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return undefined;
  }
}

/** Entries of a care channel that changed, as the ledger has them now, with the changes themselves. */
export interface CareEntries {
  changes: CareChange[];
  documents: StoredDocument[];
  accesses: (Access & Pick<CareChange, 'transactionId' | 'blockNumber'>)[];
  emergencies: Emergency[];
  representations: Representation[];
  reenrolments: Reenrolment[];
  renewals: Renewal[];
  reports: AdverseReport[];
}

/**
 * Reads what changed. Throws LEDGER_UNAVAILABLE where the peer that is asked is behind the one whose block is read, so that
 * the block is read again.
 */
export async function readCare({ ledger }: Portal, changes: CareChange[]): Promise<CareEntries> {
  const about = (prefix: string) => changes.filter(({ id }) => id.startsWith(`${prefix}-`));
  const versions = (of: CareChange[]) => new Map(of.map(({ id, version }) => [id, version]));
  const read = <Entry extends { version: number }>(of: CareChange[], entry: (id: string) => Promise<Entry>) =>
    Promise.all([...versions(of)].map(async ([id, version]) => atLeast(version, entry(id))));
  const [documents, accesses, emergencies, representations, reenrolments, renewals, reports] = await Promise.all([
    read(about('doc'), (id) => readDocumentEntry(ledger, id)),
    Promise.all(
      about('acc').map(async ({ id, transactionId, blockNumber }) => ({
        ...(await there(readAccessEntry(ledger, id))),
        ...{ transactionId, blockNumber },
      })),
    ),
    read(about('emg'), (id) => readEmergency(ledger, id)),
    read(about('rep'), (id) => readRepresentation(ledger, id)),
    read(about('pt').filter(isReenrolment), (id) => readPatientReenrolment(ledger, id)),
    read(about('rn'), (id) => readRenewal(ledger, id)),
    read(about('ae'), (id) => readReport(ledger, id)),
  ]);
  const replaced = documents.flatMap(({ replaces }) => replaces ?? []);
  const superseded = await Promise.all(replaced.map((id) => there(readDocumentEntry(ledger, id))));
  const all = [...documents, ...superseded];
  return { changes, documents: all, accesses, emergencies, representations, reenrolments, renewals, reports };
}

const isReenrolment = ({ change }: CareChange) => change.endsWith('Reenrolment');

async function there<Entry>(reading: Promise<Entry>): Promise<Entry> {
  try {
    return await reading;
  } catch (error) {
    if (!(error instanceof AppError) || error.code !== 'NOT_FOUND') throw error;
    throw new AppError('LEDGER_UNAVAILABLE', 'the peer has not got an entry yet', { cause: error });
  }
}

async function atLeast<Entry extends { version: number }>(version: number, reading: Promise<Entry>): Promise<Entry> {
  const entry = await there(reading);
  if (entry.version >= version) return entry;
  throw new AppError('LEDGER_UNAVAILABLE', `the peer has not got version ${version} of an entry yet`);
}

/** Brings the read models to what changed on a care channel, and tells whom it concerns. Twice is once. */
export async function projectCare(db: Database, channel: string, entries: CareEntries): Promise<void> {
  if (entries.changes.length === 0) return;
  await projectDocuments(db, channel, entries.documents);
  await projectAccesses(db, channel, entries.accesses);
  await projectEmergencies(db, channel, entries.emergencies);
  await projectRepresentations(db, channel, entries.representations);
  await projectReenrolments(db, channel, entries.reenrolments);
  await projectRenewals(db, channel, entries.renewals);
  await projectReports(db, channel, entries.reports);
  await projectConsents(
    db,
    channel,
    entries.changes.filter(({ id }) => id.startsWith('con-')),
  );
  await projectRequests(
    db,
    channel,
    entries.changes.filter(({ id }) => id.startsWith('req-')),
  );
  for (const change of entries.changes) await tellOf(db, change, entries);
}

async function tellOf(db: Database, change: CareChange, entries: CareEntries): Promise<void> {
  const { id, patient = id } = change;
  const told = (kind: Told['kind']): Told => ({ kind, subject: id, patient, at: new Date(change.at) });
  switch (change.change) {
    case 'access:openEmergency':
      return tellPatient(db, told('emergencyOpened'));
    case 'access:confirmEmergency':
      return tellPatient(db, told('emergencyConfirmed'));
    case 'access:reviewEmergency': {
      await tell(
        db,
        entries.emergencies.filter((one) => one.id === id).map(({ actor }) => actor),
        told('emergencyReviewed'),
      );
      return tellPatient(db, told('emergencyReviewed'));
    }
    case 'consents:request':
      return tellPatient(db, told('accessRequested'));
    case 'consents:decline':
      return tell(db, await requesterOf(db, id), told('requestDeclined'));
    case 'patients:appoint':
      return tellPatient(db, told('representationBegun'));
    case 'patients:endRepresentation': {
      const ended = entries.representations.filter((one) => one.id === id).map(({ representative }) => representative);
      return tell(db, [patient, ...ended], told('representationEnded'));
    }
    case 'patients:proposeReenrolment':
      return tellPatient(db, told('reenrolmentProposed'));
    case 'patients:approveReenrolment':
      return tellPatient(db, told('reenrolmentApproved'));
    case 'patients:completeReenrolment':
      return tellPatient(db, told('reenrolmentCompleted'));
  }
}

async function requesterOf(db: Database, id: string): Promise<string[]> {
  const rows = await db
    .select({ requester: consentRequests.requester })
    .from(consentRequests)
    .where(eq(consentRequests.id, id));
  return rows.flatMap(({ requester }) => requester ?? []);
}
