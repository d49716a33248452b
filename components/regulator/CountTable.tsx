'use client';

import { TableProperties } from 'lucide-react';
import { chainLabel, threadOf } from '#components/shell/chains.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import type { Overview } from '#server/regulator/schema.ts';

const text = t.regulator.counts;

/** Counts by function (rows) and chain (columns), a table for each kind of chain: there are more functions than a page is wide. */
export function CountTable({ counts }: { counts: Overview['counts'] }) {
  const kinds = [...new Set(counts.map(({ channel }) => kindOf(channel)))].sort();
  return (
    <Panel>
      <PanelHead title={text.title} remark={text.remark} />
      {counts.length === 0 ? (
        <Empty icon={TableProperties} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <div className="space-y-5">
          {kinds.map((kind) => (
            <KindTable key={kind} kind={kind} counts={counts.filter(({ channel }) => kindOf(channel) === kind)} />
          ))}
        </div>
      )}
    </Panel>
  );
}

/** “care-0” is of kind `care`. */
const kindOf = (channel: string) => channel.split('-')[0] ?? channel;

function KindTable({ kind, counts }: { kind: string; counts: Overview['counts'] }) {
  const channels = [...new Set(counts.map(({ channel }) => channel))].sort();
  const order = Object.keys(t.regulator.functions);
  const functions = [...new Set(counts.map((count) => count.function))].sort(
    (a, b) => order.indexOf(a) - order.indexOf(b),
  );
  const at = (channel: string, name: string) =>
    counts.find((count) => count.channel === channel && count.function === name)?.count ?? 0;
  const cell = 'px-2 py-1.5 text-right';
  const sum = (names: readonly string[], of: readonly string[]) =>
    names.reduce((total, name) => total + of.reduce((part, channel) => part + at(channel, name), 0), 0);
  const row = (label: string, names: readonly string[]) => (
    <tr key={label} className={names.length > 1 ? 'font-bold' : undefined}>
      <th scope="row" className="py-1.5 pr-3 text-left font-semibold">
        {label}
      </th>
      {channels.map((channel) => (
        <td key={channel} className={cell}>
          {formatNumber(sum(names, [channel]))}
        </td>
      ))}
      {channels.length > 1 && <td className={`${cell} font-bold`}>{formatNumber(sum(names, channels))}</td>}
    </tr>
  );
  return (
    <ScrollX label={`${text.title}: ${kind}`}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line-strong align-bottom text-ink-2">
            <td />
            {channels.map((channel) => (
              <th key={channel} scope="col" className={`${cell} font-semibold`}>
                <span className="inline-flex items-center gap-1.5">
                  <span aria-hidden className="size-2.5 rounded-[3px]" style={{ background: threadOf(channel) }} />
                  {chainLabel(channel)}
                </span>
              </th>
            ))}
            {channels.length > 1 && (
              <th scope="col" className={`${cell} font-semibold`}>
                {text.total}
              </th>
            )}
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {functions.map((name) => row(t.regulator.functions[name] ?? name, [name]))}
          {functions.length > 1 && row(text.total, functions)}
        </tbody>
      </table>
    </ScrollX>
  );
}
