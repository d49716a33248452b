import type { Claim } from '#chaincode/model/claim.ts';
import type { CheckedEvidence, EvidenceFault } from '#crypto/claim/evidence.ts';

/** What is checked of a medicine's claim, in the order in which it is read. */
export const evidenceChecks = [
  ...(['disclosure', 'fields', 'token', 'patient'] as const),
  ...(['notaries', 'provider', 'servedAt', 'prescription', 'service', 'dispensed', 'billed'] as const),
];
export type EvidenceCheck = (typeof evidenceChecks)[number] & EvidenceFault['at'];

/** `unknown`: what it would be held against did not hold itself. */
export interface EvidenceLine {
  check: EvidenceCheck;
  state: 'holds' | 'fails' | 'unknown';
}

const ofDisclosure: readonly EvidenceCheck[] = ['fields', 'token', 'patient'];
const ofDispense: readonly EvidenceCheck[] = ['provider', 'servedAt', 'billed'];
const ofBoth: readonly EvidenceCheck[] = ['prescription', 'service', 'dispensed'];

/** What came of each check; none for a service that nobody signs for. */
export function evidenceLines(
  { faults }: Pick<CheckedEvidence, 'faults'>,
  { category, use }: Pick<Claim, 'category' | 'use'>,
): EvidenceLine[] {
  if (category !== 'medicine') return [];
  const fails = (check: EvidenceCheck) => faults.some(({ at }) => at === check);
  const isUnknown = (check: EvidenceCheck) =>
    (fails('disclosure') && (ofDisclosure.includes(check) || ofBoth.includes(check))) ||
    (fails('notaries') && (ofDispense.includes(check) || ofBoth.includes(check)));
  const isDispensed = use === 'claim';
  return evidenceChecks
    .filter((check) => isDispensed || check === 'disclosure' || ofDisclosure.includes(check))
    .map((check) => ({ check, state: fails(check) ? 'fails' : isUnknown(check) ? 'unknown' : 'holds' }));
}
