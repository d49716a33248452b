import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

/** Whether there is still something to collect. */
export function isOpen({ state }: Pick<PrescriptionSummary, 'state'>): boolean {
  return state === 'active' || state === 'accepted' || state === 'partial';
}
