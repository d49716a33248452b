import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { type ContentState, medicineOf } from './content.ts';

export interface ListFilter {
  query: string;
  standing: 'all' | 'open' | 'ended';
}

const openStates: readonly PrescriptionSummary['state'][] = ['active', 'accepted', 'partial'];

/** Whether a row fits: each word of the query begins a word of patient, medicine or number. */
export function matches(
  row: { prescription: PrescriptionSummary; content: ContentState },
  { query, standing }: ListFilter,
): boolean {
  const { prescription, content } = row;
  if (standing !== 'all' && openStates.includes(prescription.state) !== (standing === 'open')) return false;
  const medicine = content.state === 'open' ? medicineOf(content.content.request) : '';
  const words = `${prescription.patient?.name ?? ''} ${medicine} ${prescription.id}`.toLowerCase().split(/\s+/);
  return query
    .toLowerCase()
    .split(/\s+/)
    .filter(Boolean)
    .every((part) => words.some((word) => word.startsWith(part)));
}
