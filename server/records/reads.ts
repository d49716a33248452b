import { z } from 'zod';
import { documentId, patientPseudonym } from '#chaincode/model/identifiers.ts';
import { careCall, jsonArgument, type Reads } from '../transactions/kind.ts';

/** Ids of documents that one reading may name. */
export const someDocuments = z.array(documentId).min(1).max(50);

/** What a patient, or who acts for one, may ask of the own record. */
export const recordReads = [
  /** Answers `CategoryView[]`. */
  z.object({ kind: z.literal('records:readOwn'), patient: patientPseudonym }),
  /** Answers `OpenableDocument[]`. */
  z.object({ kind: z.literal('records:readOwnDocuments'), patient: patientPseudonym, ids: someDocuments }),
] as const;
export type RecordRead = z.infer<(typeof recordReads)[number]>;

const own = { contract: 'care', roles: ['patient'] } as const;

export const recordReadings: Reads<RecordRead> = {
  'records:readOwn': { ...own, call: ({ kind, patient }) => careCall(patient, kind, [patient]) },
  'records:readOwnDocuments': {
    ...own,
    call: ({ kind, patient, ids }) => careCall(patient, kind, [patient, jsonArgument(ids)]),
  },
};
