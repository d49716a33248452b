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

/** Counts by chain (rows) and function (columns), a table for each kind of chain. */
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
  const head = 'px-2 py-2 text-right font-semibold text-ink-2';
  return (
    <ScrollX label={`${text.title}: ${kind}`}>
      <table className="w-full text-sm">
        <thead>
          <tr className="border-b border-line-strong text-left">
            <th scope="col" className="py-2 pr-4 font-semibold text-ink-2">
              {text.chain}
            </th>
            {functions.map((name) => (
              <th key={name} scope="col" className={head}>
                {t.regulator.functions[name] ?? name}
              </th>
            ))}
            <th scope="col" className={head}>
              {text.total}
            </th>
          </tr>
        </thead>
        <tbody className="divide-y divide-line">
          {channels.map((channel) => (
            <tr key={channel}>
              <th scope="row" className="py-2 pr-4 text-left font-semibold whitespace-nowrap">
                <span className="flex items-center gap-2">
                  <span aria-hidden className="size-2.5 rounded-[3px]" style={{ background: threadOf(channel) }} />
                  {chainLabel(channel)}
                </span>
              </th>
              {functions.map((name) => (
                <td key={name} className="px-2 py-2 text-right">
                  {formatNumber(at(channel, name))}
                </td>
              ))}
              <td className="px-2 py-2 text-right font-bold">
                {formatNumber(functions.reduce((sum, name) => sum + at(channel, name), 0))}
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </ScrollX>
  );
}
