import { formatMoney } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';

const text = t.insurance.bills;

/** How a bill is shared out, drawn and in words. Amounts in minor units. `own`: the patient reads it. */
export function SharesBar({
  insurer,
  patient,
  currency,
  own = false,
}: {
  insurer: number;
  patient: number;
  currency: string;
  own?: boolean;
}) {
  const all = insurer + patient;
  const percent = all === 0 ? 0 : (insurer / all) * 100;
  return (
    <div>
      <div aria-hidden className="flex h-2.5 overflow-hidden rounded-full bg-sunken">
        <div className="bg-brand" style={{ width: `${percent}%` }} />
        <div className="bg-warn" style={{ width: `${all === 0 ? 0 : 100 - percent}%` }} />
      </div>
      <dl className="mt-2 grid grid-cols-2 gap-3">
        <div>
          <dt className="flex items-center gap-1.5 text-sm text-ink-2">
            <span aria-hidden className="size-2.5 rounded-full bg-brand" />
            {text.insurer}
          </dt>
          <dd className="text-lg font-bold tabular-nums">{formatMoney(insurer, currency)}</dd>
        </div>
        <div>
          <dt className="flex items-center gap-1.5 text-sm text-ink-2">
            <span aria-hidden className="size-2.5 rounded-full bg-warn" />
            {own ? text.you : text.patient}
          </dt>
          <dd className="text-lg font-bold tabular-nums">{formatMoney(patient, currency)}</dd>
        </div>
      </dl>
    </div>
  );
}
