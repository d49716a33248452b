import { PackageCheck } from 'lucide-react';
import { ReceiptButton } from '#components/prescriptions/ReceiptButton.tsx';
import { StatePill } from '#components/prescriptions/StatePill.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';

const text = t.dispensing.closed;
/** Older ones are on no counter any more. */
const longestList = 20;

/** Prescriptions on which this pharmacy dispensed and that are over, the newest hand-over first, each with its receipt. */
export function ClosedList({ prescriptions }: { prescriptions: PrescriptionSummary[] }) {
  if (prescriptions.length === 0) return null;
  const newest = prescriptions.toSorted((one, other) => lastOf(other).localeCompare(lastOf(one))).slice(0, longestList);
  return (
    <Panel labelledBy="closed">
      <PanelHead id="closed" title={text.title} icon={PackageCheck} remark={text.body} />
      <ul className="divide-y divide-line">
        {newest.map((prescription) => (
          <li key={prescription.id} className="flex flex-wrap items-center gap-x-4 gap-y-2 py-3">
            <div className="min-w-0 flex-1 basis-64">
              <p className="font-bold">
                {prescription.author.name}, {prescription.author.institution}
              </p>
              <p className="text-sm text-ink-2">
                {handedOut(prescription)}
                {' · '}
                {text.last} <Time value={lastOf(prescription)} />
              </p>
              <p className="font-mono text-xs break-all text-ink-3">{prescription.id}</p>
            </div>
            <StatePill state={prescription.state} />
            <ReceiptButton id={prescription.id} />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function handedOut({ quantity, fills, left }: PrescriptionSummary): string {
  const all = quantity * fills;
  return text.handedOut(formatNumber(all - left), formatNumber(all));
}

const lastOf = ({ dispenses, authoredOn }: PrescriptionSummary): string => dispenses.at(-1)?.at ?? authoredOn;
