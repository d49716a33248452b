import type { PermittedNow } from '#chaincode/model/consent.ts';

/** By what right a clinician opens a record. */
export type Way = { by: 'consent'; permitted: PermittedNow } | { by: 'emergency'; id: string };
