import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

/** Whether the ledger has its end, so that notaries sign a receipt of it; an expiry stands on no ledger. */
export const isEnded = ({ state }: Pick<PrescriptionSummary, 'state'>): boolean =>
  state === 'completed' || state === 'cancelled';
