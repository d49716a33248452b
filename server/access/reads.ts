import { z } from 'zod';
import { accessId } from '#chaincode/model/access.ts';
import { patientPseudonym } from '#chaincode/model/identifiers.ts';
import { someDocuments } from '../records/reads.ts';
import { careCall, jsonArgument, type Reads } from '../transactions/kind.ts';
import { page } from '../transactions/page.ts';

/** What only the person's own key may ask about a reading. */
export const accessReads = [
  /** Answers an `AccessView`. */
  z.object({ kind: z.literal('access:read'), id: accessId }),
  /** Answers `OpenableDocument[]`. */
  z.object({ kind: z.literal('access:readDocuments'), id: accessId, ids: someDocuments }),
  /** Answers `StoredSeedWrap[]`: sealed shares, which the connectors open and wrap anew for the reader. */
  z.object({ kind: z.literal('access:readEscrow'), id: accessId }),
  /** Answers a page of `FullAccess`. */
  z.object({ kind: z.literal('access:listByPatient'), patient: patientPseudonym, ...page }),
] as const;
export type AccessRead = z.infer<(typeof accessReads)[number]>;

/** A patient reads by it as a representative, or after new keys. */
const reader = { contract: 'care', roles: ['doctor', 'pharmacist', 'patient'] } as const;

export const accessReadings: Reads<AccessRead> = {
  'access:read': { ...reader, call: ({ kind, id }) => careCall(id, kind, [id]) },
  'access:readDocuments': { ...reader, call: ({ kind, id, ids }) => careCall(id, kind, [id, jsonArgument(ids)]) },
  'access:readEscrow': { ...reader, call: ({ kind, id }) => careCall(id, kind, [id]) },
  'access:listByPatient': {
    contract: 'care',
    roles: ['patient'],
    call: ({ kind, patient, pageSize, bookmark }) => careCall(patient, kind, [patient, String(pageSize), bookmark]),
  },
};
