'use client';

import { Activity, CircleCheck, CircleX } from 'lucide-react';
import { chainLabel, threadOf } from '#components/shell/chains.ts';
import { useChains } from '#components/shell/useChains.ts';
import { Empty } from '#components/ui/Empty.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { keeps, kindOf } from './keptChains.ts';

const text = t.workplaces.chains;

/** The chains whose blocks the person's organisation keeps, and whether they answer. */
export function ChainsPanel({ mspId }: { mspId: string }) {
  const answer = useChains();
  const kept = typeof answer === 'object' ? answer.chains.filter(({ name }) => keeps(mspId, name)) : [];
  return (
    <Panel>
      <PanelHead title={text.title} remark={text.remark} />
      {answer === 'asking' && <p className="py-4 text-sm text-ink-2">{t.shell.status.asking}</p>}
      {answer !== 'asking' && kept.length === 0 && (
        <Empty icon={Activity} title={t.shell.status.unknown}>
          {text.none}
        </Empty>
      )}
      {kept.length > 0 && (
        <ul className="divide-y divide-line">
          {kept.map((chain) => {
            const kind = kindOf(chain.name);
            return (
              <li key={chain.name} className="flex flex-wrap items-center gap-x-3 py-2.5">
                <span aria-hidden className="size-3 rounded-[3px]" style={{ background: threadOf(chain.name) }} />
                <span className="min-w-0 flex-1">
                  <span className="block font-bold">{chainLabel(chain.name)}</span>
                  {kind && <span className="block text-sm text-ink-2">{text.kind[kind]}</span>}
                </span>
                <span
                  className={`flex items-center gap-1.5 text-sm ${chain.answering ? 'text-ok' : 'font-bold text-danger'}`}
                >
                  {chain.answering ? <CircleCheck size={16} aria-hidden /> : <CircleX size={16} aria-hidden />}
                  {chain.answering ? t.shell.status.up : t.shell.status.down}
                  {chain.answering && chain.latencyMs !== undefined && (
                    <span className="text-ink-2">· {t.shell.status.milliseconds(formatNumber(chain.latencyMs))}</span>
                  )}
                </span>
              </li>
            );
          })}
        </ul>
      )}
    </Panel>
  );
}
