import { formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { Subject } from '#safety/subject.ts';

const text = t.safety;

/** What the check knows of the patient, in a few lines. */
export function KnownFacts({ subject }: { subject: Subject }) {
  const { allergies, medicines, kidney, weight } = subject;
  const values = [
    ...(kidney.value === undefined ? [] : [text.eGFR(formatNumber(kidney.value))]),
    ...(weight.value === undefined ? [] : [text.weight(formatNumber(weight.value, 1))]),
  ];
  const list = (entries: readonly { text: string }[]) =>
    entries.length === 0 ? text.none : entries.map((entry) => entry.text).join(', ');
  const rows = [
    ...(allergies.value === undefined ? [] : [{ name: text.allergies, value: list(allergies.value) }]),
    ...(medicines.value === undefined ? [] : [{ name: text.medicines, value: list(medicines.value) }]),
    ...(values.length === 0 ? [] : [{ name: text.values, value: values.join(' · ') }]),
  ];
  if (rows.length === 0) return null;
  return (
    <dl className="space-y-1 text-sm" aria-label={text.know}>
      {rows.map(({ name, value }) => (
        <div key={name} className="flex gap-2">
          <dt className="w-20 shrink-0 text-ink-3">{name}</dt>
          <dd className="min-w-0 break-words">{value}</dd>
        </div>
      ))}
    </dl>
  );
}
