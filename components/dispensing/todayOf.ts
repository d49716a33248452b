import { formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import type { LastEntry } from './LastToday.tsx';

const sameDay = (a: Date, b: Date) => a.toDateString() === b.toDateString();

/** What the pharmacy recorded today, by the ledgers; the medicine's name is sealed, so the quantity stands for it. */
export function todayOf(prescriptions: PrescriptionSummary[], institution: string, now: Date): LastEntry[] {
  return prescriptions
    .flatMap((prescription) =>
      prescription.dispenses
        .filter((dispense) => dispense.institution === institution && sameDay(new Date(dispense.at), now))
        .map((dispense) => ({ prescription, dispense })),
    )
    .sort((a, b) => b.dispense.at.localeCompare(a.dispense.at))
    .slice(0, 20)
    .map(({ prescription, dispense }) => ({
      key: dispense.id,
      at: dispense.at,
      what: t.dispensing.last.units(formatNumber(dispense.quantity)),
      tone: prescription.left === 0 ? ('ok' as const) : ('warn' as const),
      outcome:
        prescription.left === 0 ? t.dispensing.last.complete : t.dispensing.last.part(formatNumber(prescription.left)),
    }));
}
