'use client';

import { CircleCheck, CircleX, Link2Off } from 'lucide-react';
import { chainLabel, threadOf } from '#components/shell/chains.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ScrollX } from '#components/ui/ScrollX.tsx';
import { t } from '#messages/en.ts';
import type { ChannelHealth } from '#server/ledgers/schema.ts';
import { Endorsers } from './Endorsers.tsx';

const text = t.ledgers;
/** Columns of numbers, in their order. */
const numbers = ['height', 'transactions', 'invalid', 'rate', 'lag', 'behind'] as const;

/** Each chain's height, rate, endorsing organisations, and how far the read model is behind. */
export function HealthTable({ health }: { health: ChannelHealth[] }) {
  return (
    <Panel>
      <PanelHead title={text.title} remark={text.remark} />
      {health.length === 0 ? (
        <Empty icon={Link2Off} title={text.empty}>
          {text.emptyBody}
        </Empty>
      ) : (
        <ScrollX label={text.title}>
          <table className="w-full text-sm">
            <thead>
              <tr className="border-b border-line-strong text-left">
                <th scope="col" className="py-2 pr-2 font-semibold text-ink-2">
                  {text.chain}
                </th>
                {numbers.map((name) => (
                  <th key={name} scope="col" className="px-2 py-2 text-right font-semibold text-ink-2">
                    {text[name]}
                  </th>
                ))}
                <th scope="col" className="px-2 py-2 text-left font-semibold text-ink-2">
                  {text.endorsers}
                </th>
                <th scope="col" className="py-2 pl-4 text-left font-semibold text-ink-2">
                  {text.state}
                </th>
              </tr>
            </thead>
            <tbody className="divide-y divide-line">
              {health.map((chain) => (
                <tr key={chain.channel}>
                  <th scope="row" className="py-2 pr-2 text-left font-semibold whitespace-nowrap">
                    <span className="flex items-center gap-2">
                      <span
                        aria-hidden
                        className="size-2.5 rounded-[3px]"
                        style={{ background: threadOf(chain.channel) }}
                      />
                      {chainLabel(chain.channel)}
                    </span>
                  </th>
                  <td className="px-2 py-2 text-right">{formatNumber(chain.height)}</td>
                  <td className="px-2 py-2 text-right">{formatNumber(chain.transactions)}</td>
                  <td className="px-2 py-2 text-right">{formatNumber(chain.invalid)}</td>
                  <td className="px-2 py-2 text-right">{formatNumber(chain.rate)}</td>
                  <td className="px-2 py-2 text-right">
                    {chain.transactions === 0 ? text.notMeasured : text.milliseconds(formatNumber(chain.lagMs))}
                  </td>
                  <td className="px-2 py-2 text-right whitespace-nowrap">
                    {chain.lag === 0 ? text.notBehind : text.blocks(formatNumber(chain.lag))}
                  </td>
                  <td className="px-2 py-2">
                    <Endorsers endorsers={chain.endorsers} />
                  </td>
                  <td className="py-2 pl-4">
                    <span
                      className={`flex items-center gap-1.5 whitespace-nowrap ${chain.answering ? 'text-ok' : 'font-bold text-danger'}`}
                    >
                      {chain.answering ? <CircleCheck size={16} aria-hidden /> : <CircleX size={16} aria-hidden />}
                      {chain.answering ? text.up : text.down}
                    </span>
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </ScrollX>
      )}
    </Panel>
  );
}
