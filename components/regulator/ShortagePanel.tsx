import { CircleCheck, Hourglass, PackageX } from 'lucide-react';
import { LinkButton } from '#components/ui/Button.tsx';
import { Empty } from '#components/ui/Empty.tsx';
import { formatDate, formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { ShortageRow } from '#server/trace/schema.ts';
import { type ShortLine, soonShort } from './shortLines.ts';

const text = t.trace.shortage;
const said = t.formulary.shortages;
/** Days under which it is urgent. */
const urgent = 7;
const mostShown = 10;

/** Medicines that are short or will be, each once: by whose word or which reckoning, and where. */
export function ShortagePanel({ lines }: { lines: readonly ShortLine[] }) {
  return (
    <Panel labelledBy="shortages">
      <PanelHead
        id="shortages"
        title={text.title}
        icon={Hourglass}
        remark={lines.length > 0 ? said.count(lines.length) : undefined}
        aside={
          <LinkButton size="sm" href="/regulator/formulary">
            {text.declare}
          </LinkButton>
        }
      />
      {lines.length === 0 ? (
        <Empty icon={CircleCheck} title={text.none}>
          {text.noneBody}
        </Empty>
      ) : (
        <ul className="divide-y divide-line">
          {lines.slice(0, mostShown).map((line) => (
            <Line key={line.key} line={line} />
          ))}
        </ul>
      )}
      {lines.length > mostShown && (
        <p className="pt-2 text-sm text-ink-3">{text.more(formatNumber(lines.length - mostShown))}</p>
      )}
      <details className="mt-2 text-sm text-ink-3">
        <summary className="w-fit rounded-sm font-semibold text-ink-2">{text.how}</summary>
        <p className="mt-1 max-w-prose">{text.method}</p>
        <p className="mt-1 max-w-prose">{said.rule}</p>
      </details>
    </Panel>
  );
}

function Line({ line: { name, declared, byStock, packs, daysLeft } }: { line: ShortLine }) {
  return (
    <li className="flex flex-wrap items-center justify-between gap-x-4 gap-y-1 py-2.5">
      <div className="min-w-0 flex-1 basis-48">
        <p className="flex flex-wrap items-center gap-x-2.5 gap-y-1">
          <span className="font-bold first-letter:uppercase">{name}</span>
          {declared && (
            <Pill tone="danger" icon={PackageX}>
              {said.declared}
            </Pill>
          )}
          {byStock && <Pill tone="warn">{said.byStock}</Pill>}
        </p>
        {declared && (
          <p className="text-sm text-ink-2">
            {declared.reason}
            {declared.until && ` · ${t.formulary.status.shortUntil(formatDate(declared.until))}`}
          </p>
        )}
        {byStock && (
          <p className="text-sm text-ink-2">
            {said.figures(formatNumber(byStock.usable), formatNumber(byStock.dispensed))}
          </p>
        )}
        {packs.map((pack) => (
          <p key={pack.gtin} className="text-sm text-ink-2">
            {packWords(pack, packs.length > 1)}
          </p>
        ))}
      </div>
      {daysLeft !== null && (
        <Pill tone={daysLeft < urgent ? 'danger' : daysLeft < soonShort ? 'warn' : 'neutral'} icon={Hourglass}>
          {daysLeft < 1 ? text.today : text.days(formatNumber(Math.floor(daysLeft)))}
        </Pill>
      )}
    </li>
  );
}

function packWords({ name, usable, transit, daily, placesShort, places }: ShortageRow, named: boolean): string {
  return [
    ...(named ? [name] : []),
    text.detail(formatNumber(usable), formatNumber(daily, 1)),
    ...(transit > 0 ? [text.transit(formatNumber(transit))] : []),
    ...(placesShort > 0 ? [text.places(formatNumber(placesShort), formatNumber(places))] : []),
  ].join(' · ');
}
