import { z } from 'zod';
import { documentId, patientPseudonym } from '#chaincode/model/identifiers.ts';
import { careCall, jsonArgument, type Reads } from '../transactions/kind.ts';

/** Ids of documents that one reading may name. */
export const someDocuments = z.array(documentId).min(1).max(50);

/** What a person may ask of a record without an access: the own one's owner all, a clinician what writing takes. */
export const recordReads = [
  /** Answers `StoredCategory[]`: the present public key of each category, to write to. */
  z.object({ kind: z.literal('records:readKeys'), patient: patientPseudonym }),
  /** Answers `CategoryView[]`. */
  z.object({ kind: z.literal('records:readOwn'), patient: patientPseudonym }),
  /** Answers `SeedHolder[]`: who has which keys of the record. */
  z.object({ kind: z.literal('records:readHolders'), patient: patientPseudonym }),
  /** Answers `OpenableDocument[]`. */
  z.object({ kind: z.literal('records:readOwnDocuments'), patient: patientPseudonym, ids: someDocuments }),
] as const;
export type RecordRead = z.infer<(typeof recordReads)[number]>;

const own = { contract: 'care', roles: ['patient'] } as const;

export const recordReadings: Reads<RecordRead> = {
  'records:readKeys': {
    contract: 'care',
    roles: ['patient', 'doctor', 'pharmacist'],
    call: ({ kind, patient }) => careCall(patient, kind, [patient]),
  },
  'records:readOwn': { ...own, call: ({ kind, patient }) => careCall(patient, kind, [patient]) },
  'records:readHolders': { ...own, call: ({ kind, patient }) => careCall(patient, kind, [patient]) },
  'records:readOwnDocuments': {
    ...own,
    call: ({ kind, patient, ids }) => careCall(patient, kind, [patient, jsonArgument(ids)]),
  },
};
