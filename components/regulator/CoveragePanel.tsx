import { CircleAlert, CircleCheck } from 'lucide-react';
import Link from 'next/link';
import type { ReactNode } from 'react';
import { chainLabel } from '#components/shell/chains.ts';
import { Hash } from '#components/ui/Facts.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Meter } from '#components/ui/Meter.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { Pill } from '#components/ui/Pill.tsx';
import { t } from '#messages/en.ts';
import type { RecallCoverage } from '#server/trace/schema.ts';
import { shareOf } from './supplyFigures.ts';

const text = t.trace.recalls;
const counts = ['covered', 'secured', 'waiting', 'dispensed', 'unaccounted'] as const;
const figures = ['waiting', 'secured', 'transit', 'dispensed', 'stolen'] as const;

/** How far a recall has come: over all, place by place, and the packs that nobody answers for. */
export function CoveragePanel({ coverage, actions }: { coverage: RecallCoverage; actions?: ReactNode }) {
  const { recall, sites, packs, unaccounted } = coverage;
  const share = shareOf(coverage);
  const answered = sites.filter(({ waiting, transit, stolen }) => waiting + transit + stolen === 0).length;
  return (
    <Panel labelledBy="coverage">
      <PanelHead
        id="coverage"
        title={recall.product}
        remark={text.proof(formatNumber(recall.startedBlock), chainLabel(recall.channel))}
        aside={actions}
      />
      <div className="space-y-5">
        <div>
          <Meter value={share} max={100} label={text.answered(String(share))} />
          <p className="mt-1 text-sm text-ink-2">{text.reached(formatNumber(answered), formatNumber(sites.length))}</p>
        </div>
        <dl className="grid grid-cols-2 gap-x-4 gap-y-3 sm:grid-cols-5">
          {counts.map((name) => (
            <div key={name}>
              <dt className="text-sm text-ink-2">{text.counts[name]}</dt>
              <dd className="text-xl font-bold">{formatNumber(packs[name])}</dd>
            </div>
          ))}
        </dl>
        <table className="block w-full text-sm md:table">
          <caption className="block pb-1 text-left font-bold md:table-caption">{text.places}</caption>
          <thead className="hidden md:table-header-group">
            <tr className="border-b border-line-strong text-left align-bottom text-ink-2">
              <th scope="col" className="py-2 pr-3 font-semibold">
                {text.place}
              </th>
              {figures.map((name) => (
                <th key={name} scope="col" className="px-2 py-2 text-right font-semibold">
                  {text[name]}
                </th>
              ))}
              <th scope="col" className="py-2 pl-3 font-semibold">
                <span className="sr-only">{text.title}</span>
              </th>
            </tr>
          </thead>
          <tbody className="block divide-y divide-line md:table-row-group">
            {sites.map((site) => (
              <SiteRow key={`${site.place.gln}-${site.place.institution.id}`} site={site} />
            ))}
          </tbody>
        </table>
        <section aria-labelledby="unaccounted">
          <h3 id="unaccounted" className="font-bold">
            {text.unaccounted} <span className="text-sm font-normal text-ink-3">{text.unaccountedRemark}</span>
          </h3>
          {unaccounted.length === 0 ? (
            <p className="text-sm text-ink-2">{text.unaccountedNone}</p>
          ) : (
            <ul className="mt-1 max-h-72 divide-y divide-line overflow-y-auto text-sm">
              {unaccounted.map(({ gtin, serial, batch, holder, state }) => (
                <li key={serial} className="flex flex-wrap items-center justify-between gap-x-4 py-1.5">
                  <Link
                    href={`/regulator/trace?${new URLSearchParams({ gtin, serial })}`}
                    className="rounded-sm underline decoration-line-strong underline-offset-3 hover:decoration-current"
                  >
                    <Hash>{serial}</Hash>
                  </Link>
                  <span className="text-ink-2">
                    {batch} · {holder} · {t.trace.states[state] ?? state}
                  </span>
                </li>
              ))}
            </ul>
          )}
        </section>
      </div>
    </Panel>
  );
}

function SiteRow({ site }: { site: RecallCoverage['sites'][number] }) {
  const { place, waiting, transit, stolen } = site;
  const clear = waiting + transit + stolen === 0;
  return (
    <tr className="flex flex-wrap items-center gap-x-4 gap-y-1 py-2.5 md:table-row">
      <th scope="row" className="w-full text-left font-semibold md:w-auto md:py-2 md:pr-3">
        {place.name}
        {!place.name.startsWith(place.institution.name) && (
          <span className="block font-normal text-ink-3">{place.institution.name}</span>
        )}
      </th>
      {figures.map((name) => (
        <td key={name} className="md:px-2 md:py-2 md:text-right">
          <span className="text-ink-2 md:hidden">{text[name]} </span>
          {formatNumber(site[name])}
        </td>
      ))}
      <td className="md:py-2 md:pl-3">
        <Pill tone={clear ? 'ok' : 'warn'} icon={clear ? CircleCheck : CircleAlert}>
          {clear ? text.clear : text.notClear}
        </Pill>
      </td>
    </tr>
  );
}
