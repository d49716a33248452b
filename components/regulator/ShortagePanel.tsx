import { CircleCheck, Hourglass } from 'lucide-react';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { ShortageRow } from '#server/trace/schema.ts';

const text = t.trace.shortage;
/** Days under which a product is told of, and those under which it is urgent. */
const soon = 14;
const urgent = 7;
const mostShown = 8;

/** Products that will not last, where, and by which reckoning. */
export function ShortagePanel({ rows }: { rows: readonly ShortageRow[] }) {
  const short = rows.filter(({ daysLeft, placesShort }) => (daysLeft !== null && daysLeft < soon) || placesShort > 0);
  return (
    <Panel labelledBy="shortages">
      <PanelHead id="shortages" title={text.title} icon={Hourglass} remark={text.remark} />
      {short.length === 0 ? (
        <Empty icon={CircleCheck} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {short.slice(0, mostShown).map(({ gtin, name, usable, transit, daily, daysLeft, placesShort, places }) => (
            <li key={gtin} className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5">
              <div className="min-w-0 flex-1 basis-48">
                <p className="font-bold">{name}</p>
                <p className="text-sm text-ink-2">
                  {text.detail(formatNumber(usable), formatNumber(daily, 1))}
                  {transit > 0 && ` · ${text.transit(formatNumber(transit))}`}
                  {placesShort > 0 && ` · ${text.places(formatNumber(placesShort), formatNumber(places))}`}
                </p>
              </div>
              {daysLeft !== null && (
                <Pill tone={daysLeft < urgent ? 'danger' : daysLeft < soon ? 'warn' : 'neutral'} icon={Hourglass}>
                  {daysLeft < 1 ? text.today : text.days(formatNumber(Math.floor(daysLeft)))}
                </Pill>
              )}
            </li>
          ))}
        </ul>
      )}
      <details className="mt-2 text-sm text-ink-3">
        <summary className="w-fit rounded-sm font-semibold text-ink-2">{text.how}</summary>
        <p className="mt-1 max-w-prose">{text.method}</p>
      </details>
    </Panel>
  );
}
