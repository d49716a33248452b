import { t } from '#messages/en.ts';
import { lineName } from './entry.ts';
import type { Composing } from './reconcile.ts';

/** What the signed record of a hand-over says of the log: its line, why the ledgers were away, and what a person overruled. */
export function noteOf({ entry, number, overruled }: Composing, device: string): string {
  const line = `${t.downtime.title} ${lineName(device, number)}: ${t.downtime.form.reasons[entry.reason]}`;
  const { name, birthDate } = entry.patient;
  const said = overruled.map((kind) =>
    kind === 'PATIENT_DIFFERS'
      ? t.downtime.note.patient(`${name}, ${birthDate}`)
      : t.downtime.note.quantity(entry.quantity),
  );
  return [line, ...said].join('. ');
}
