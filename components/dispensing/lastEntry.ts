import { medicineOf } from '#components/prescriptions/content.ts';
import { formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary, Verdict } from '#server/prescriptions/schema.ts';
import type { LastEntry } from './LastToday.tsx';
import type { Dispensing } from './useDispensing.ts';

const text = t.dispensing.last;

/** What is told of a prescription that is finished or was refused; null where it was only put aside. */
export function entryOf(
  {
    phase,
    verdict,
    outcome,
    request,
  }: Pick<Dispensing, 'phase' | 'outcome' | 'request'> & {
    verdict: (Pick<Verdict, 'outcome'> & { prescription: Pick<PrescriptionSummary, 'id' | 'left'> }) | null;
  },
  at: Date,
): LastEntry | null {
  if (verdict === null || (phase !== 'done' && verdict.outcome !== 'refused')) return null;
  const { id, left } = verdict.prescription;
  const entry = {
    ...{ key: `${id}-${at.getTime()}`, at: at.toISOString() },
    what: request ? medicineOf(request) : text.code,
  };
  if (verdict.outcome === 'refused') return { ...entry, tone: 'danger', outcome: text.refused };
  if (outcome === 'part') return { ...entry, tone: 'warn', outcome: text.part(formatNumber(left)) };
  const became = outcome ?? 'complete';
  return { ...entry, tone: became === 'complete' ? 'ok' : 'warn', outcome: text[became] };
}
