import { z } from 'zod';
import {
  documentSecrets,
  newEpochs,
  newIndex,
  recordDocument,
  recordTransientField,
} from '#chaincode/model/healthRecord.ts';
import { documentId, patientPseudonym } from '#chaincode/model/identifiers.ts';
import { careCall, jsonArgument, jsonField, type Kinds } from '../transactions/kind.ts';

/** What a person may ask of the ledger of a record; each kind is called as the contract's function. */

const ofKeys = { patient: patientPseudonym, record: newEpochs };

export const recordIntents = [
  /** Epoch 1 of the categories that have none. */
  z.object({ kind: z.literal('records:open'), ...ofKeys }),
  /** The next epochs, with all who may still read. */
  z.object({ kind: z.literal('records:renewEpochs'), ...ofKeys }),
  /** More readers of present epochs; `record.epochs` is empty. */
  z.object({ kind: z.literal('records:addWraps'), ...ofKeys }),
  /** A document whose blocks were uploaded before. */
  z.object({ kind: z.literal('records:add'), document: recordDocument, record: documentSecrets }),
  z.object({ kind: z.literal('records:retract'), id: documentId, reason: z.string().trim().min(3).max(300) }),
  /** An index whose blocks were uploaded before. */
  z.object({ kind: z.literal('records:putIndex'), patient: patientPseudonym, record: newIndex }),
] as const;
export type RecordIntent = z.infer<(typeof recordIntents)[number]>;

const steps = ['sign', 'publish'] as const;
const ofPatient = ({ patient }: { patient: string }) => patient;

/** Keys of a record, whose categories and readers are in transient data alone. */
const ofRecordKeys = {
  call: ({ kind, patient, record }: { kind: string; patient: string; record: object }) =>
    careCall(patient, kind, [patient], { [recordTransientField]: jsonField(record) }),
  subject: ofPatient,
  kept: ({ patient }: { patient: string }) => ({ patient }),
  steps,
  secret: true,
} as const;

export const recordKinds: Kinds<RecordIntent> = {
  'records:open': ofRecordKeys,
  'records:renewEpochs': ofRecordKeys,
  'records:addWraps': ofRecordKeys,
  'records:add': {
    call: ({ kind, document, record }) =>
      careCall(document.id, kind, [jsonArgument(document)], { [recordTransientField]: jsonField(record) }),
    subject: ({ document }) => document.id,
    kept: ({ document }) => ({ document }),
    steps,
    secret: true,
  },
  'records:retract': {
    call: ({ kind, id, reason }) => careCall(id, kind, [id, reason]),
    subject: ({ id }) => id,
    kept: ({ id, reason }) => ({ id, reason }),
    steps,
    secret: true,
  },
  'records:putIndex': {
    ...ofRecordKeys,
    // Indexes of several categories are written side by side; the root says nothing of the category.
    subject: ({ record }) => record.head.cid,
    kept: ({ patient, record }) => ({ patient, blocks: [record.head.cid, ...record.head.segments] }),
  },
};
