'use client';

import Link from 'next/link';
import { formatNumber } from '#components/ui/format.ts';
import { Time } from '#components/ui/Time.tsx';
import { t } from '#messages/en.ts';
import type { PrescriptionSummary } from '#server/prescriptions/schema.ts';
import { ContentName } from './ContentName.tsx';
import type { ContentState } from './content.ts';
import { StatePill, TokenPill } from './StatePill.tsx';

const text = t.prescriptions.list;

/** Prescriptions of their author: a table where there is room, cards on a phone. */
export function PrescriptionTable({
  prescriptions,
  contentOf,
}: {
  prescriptions: PrescriptionSummary[];
  contentOf: (id: string) => ContentState;
}) {
  const head = 'py-2 pr-4 text-left font-semibold text-ink-2';
  return (
    <table className="block w-full text-sm md:table">
      <thead className="hidden md:table-header-group">
        <tr className="border-b border-line-strong">
          <th scope="col" className={head}>
            {text.medicine}
          </th>
          <th scope="col" className={head}>
            {text.patient}
          </th>
          <th scope="col" className={head}>
            {text.signed}
          </th>
          <th scope="col" className={`${head} text-right`}>
            {text.left}
          </th>
          <th scope="col" className={head}>
            {text.state}
          </th>
          <th scope="col" className={head}>
            {text.token}
          </th>
        </tr>
      </thead>
      <tbody className="block divide-y divide-line md:table-row-group">
        {prescriptions.map((prescription) => {
          const total = prescription.quantity * prescription.fills;
          return (
            <tr
              key={prescription.id}
              className="relative flex flex-wrap items-center gap-x-3 gap-y-1 py-3 hover:bg-sunken md:table-row md:py-0"
            >
              <td className="w-full md:table-cell md:w-auto md:py-2.5 md:pr-4">
                <Link
                  href={`/doctor/prescriptions/${prescription.id}`}
                  className="rounded-sm after:absolute after:inset-0"
                >
                  <ContentName content={contentOf(prescription.id)} />
                </Link>
              </td>
              <td className="md:py-2.5 md:pr-4">{prescription.patient?.name ?? '–'}</td>
              <td className="text-ink-2 md:py-2.5 md:pr-4 md:whitespace-nowrap">
                <Time value={prescription.authoredOn} />
              </td>
              <td className="text-ink-2 md:py-2.5 md:pr-4 md:text-right md:whitespace-nowrap">
                <span className="sr-only">{text.left}: </span>
                {text.leftOf(formatNumber(prescription.left), formatNumber(total))}
              </td>
              <td className="md:py-2.5 md:pr-4">
                <StatePill state={prescription.state} />
              </td>
              <td className="md:py-2.5">
                <TokenPill state={prescription.token.state} />
              </td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
