import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

/** Whether there is still something to collect. */
export function isOpen({ state }: Pick<PrescriptionSummary, 'state'>): boolean {
  return state === 'active' || state === 'accepted' || state === 'partial';
}

/** So long after the last hand-over a medicine still counts as taken. */
const takenMs = 120 * 86_400_000;

/** Whether some of it was handed out of late: it is taken, and may be asked for again. */
export function isTaken(
  { state, dispenses }: Pick<PrescriptionSummary, 'state' | 'dispenses'>,
  now = Date.now(),
): boolean {
  return state !== 'cancelled' && dispenses.some(({ at }) => now - Date.parse(at) < takenMs);
}
