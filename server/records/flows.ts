import { z } from 'zod';
import { recordDocument } from '#chaincode/model/healthRecord.ts';
import { AppError } from '#server/errors.ts';
import type { Portal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import type { Saga } from '../sagas/store.ts';
import type { FlowPerson, Handlers } from '../transactions/handler.ts';
import { isRecorded } from '../transactions/recorded.ts';
import { keepBlocks, requireUploaded } from './blocks.ts';
import type { RecordIntent } from './kinds.ts';
import { readDocumentEntry } from './ledger.ts';
import { requireReach } from './reach.ts';
import { projectDocuments } from './readModel.ts';

type IntentOf<Kind> = Extract<RecordIntent, { kind: Kind }>;

const reached = async (portal: Portal, actor: Actor, { patient }: { patient: string }) => {
  await requireReach(portal, actor, patient);
};

/** Everything that a document's record names is here before anybody signs for it. */
async function checkAdd(portal: Portal, actor: Actor, { document }: IntentOf<'records:add'>): Promise<void> {
  const { id, patient, cid, attachments } = document;
  if (portal.ledger.careChannelOf(id) !== portal.ledger.careChannelOf(patient)) {
    throw new AppError('WRONG_CHANNEL', `${id} and ${patient}`);
  }
  await requireReach(portal, actor, patient);
  await requireUploaded(portal, patient, [cid, ...attachments]);
}

async function checkIndex(portal: Portal, actor: Actor, { patient, record }: IntentOf<'records:putIndex'>) {
  await requireReach(portal, actor, patient);
  await requireUploaded(portal, patient, [record.head.cid, ...record.head.segments]);
}

async function checkRetract(portal: Portal, actor: Actor, { id }: IntentOf<'records:retract'>): Promise<void> {
  const { author, patient, state } = await readDocumentEntry(portal.ledger, id);
  if (author !== actor.subjectId) {
    if (actor.role !== 'patient') throw new AppError('NOT_AUTHORISED', 'not the author');
    await requireReach(portal, actor, patient);
  }
  if (state === 'retracted') throw new AppError('WRONG_STATE', state);
}

const kept = z.object({ document: recordDocument });
const keptIndex = z.object({ patient: z.string(), blocks: z.array(z.string()) });

async function publishDocument(portal: Portal, { row }: Saga, { mspId }: FlowPerson): Promise<string> {
  const document = await readDocumentEntry(portal.ledger, row.subject, mspId);
  const { replaces } = document;
  const replaced = replaces === undefined ? [] : [await readDocumentEntry(portal.ledger, replaces, mspId)];
  await keepBlocks(portal, document.patient, [document.cid, ...document.attachments]);
  await projectDocuments(portal.db, row.channel, [document, ...replaced]);
  return `version ${document.version}`;
}

async function publishIndex(portal: Portal, { row }: Saga): Promise<string> {
  const { patient, blocks } = keptIndex.parse(row.intent);
  await keepBlocks(portal, patient, blocks);
  return `${blocks.length} blocks`;
}

const shows = isRecorded;
/** The patient, or a representative, who has the role of a patient. */
const owner = { roles: ['patient'], check: reached, shows } as const;
const writers = ['doctor', 'pharmacist', 'patient'] as const;

export const recordHandlers: Handlers<RecordIntent> = {
  'records:open': owner,
  'records:renewEpochs': owner,
  'records:addWraps': owner,
  'records:add': {
    roles: writers,
    check: checkAdd,
    shows: async ({ ledger }, { row }, { mspId }) => {
      const { contentHash } = await readDocumentEntry(ledger, row.subject, mspId);
      return contentHash === kept.parse(row.intent).document.contentHash;
    },
    publish: publishDocument,
    follows: true,
  },
  'records:retract': {
    roles: writers,
    check: checkRetract,
    shows: async ({ ledger }, { row }, { mspId }) =>
      (await readDocumentEntry(ledger, row.subject, mspId)).state === 'retracted',
    publish: publishDocument,
    follows: true,
  },
  'records:putIndex': { roles: writers, check: checkIndex, shows, publish: publishIndex, follows: true },
};
