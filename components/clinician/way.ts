import type { Purpose } from '#chaincode/model/category.ts';

/** By what right a clinician opens a record. */
export type Way = { by: 'consent'; purpose: Exclude<Purpose, 'ETREAT'> } | { by: 'emergency'; id: string };
