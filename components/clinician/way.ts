import type { PermittedNow } from '#chaincode/model/consent.ts';
import type { NearAccess } from '#components/records/openRecord.ts';

/** By what right a clinician opens a record. */
export type Way =
  | { by: 'consent'; permitted: PermittedNow; near?: NearAccess | undefined }
  | { by: 'emergency'; id: string };
