'use client';

import { CircleCheck, CircleDashed, CircleHelp, CircleX, TriangleAlert } from 'lucide-react';
import { Popover } from 'radix-ui';
import { formatNumber } from '#components/ui/format.ts';
import { softTone, type Tone } from '#components/ui/tone.ts';
import { t } from '#messages/en.ts';
import { type ChainStatusView, chainLabel, threadOf } from './chains.ts';
import { useChains } from './useChains.ts';

const text = t.shell.status;

/** Which ledgers answer, asked every 20 seconds while the page is looked at. */
export function ChainStatus() {
  const answer = useChains();
  const { tone, Icon, label } = summaryOf(answer);
  return (
    <Popover.Root>
      <Popover.Trigger
        className={`inline-flex min-h-8 items-center gap-1.5 rounded-full border px-2.5 text-sm font-semibold whitespace-nowrap ${softTone[tone]}`}
      >
        <Icon size={16} aria-hidden />
        <span className="sr-only sm:not-sr-only" role="status">
          {label}
        </span>
        {typeof answer === 'object' && (
          <span aria-hidden className="sm:hidden">
            {answer.chains.filter((chain) => chain.answering).length}
          </span>
        )}
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          align="end"
          sideOffset={6}
          collisionPadding={8}
          className="z-50 w-72 animate-fade rounded-lg border border-line-strong bg-surface p-4"
        >
          <p className="mb-2 font-bold">{text.title}</p>
          {typeof answer === 'object' ? (
            <ul className="divide-y divide-line">
              {answer.chains.map((chain) => (
                <li key={chain.name} className="flex items-center gap-2.5 py-1.5 text-sm">
                  <span aria-hidden className="size-2.5 rounded-[3px]" style={{ background: threadOf(chain.name) }} />
                  <span className="font-semibold">{chainLabel(chain.name)}</span>
                  <span className={`ml-auto ${chain.answering ? 'text-ink-2' : 'font-bold text-danger'}`}>
                    {chain.answering ? text.up : text.down}
                    {chain.answering &&
                      chain.latencyMs !== undefined &&
                      ` · ${text.milliseconds(formatNumber(chain.latencyMs))}`}
                  </span>
                </li>
              ))}
            </ul>
          ) : (
            <p className="text-sm text-ink-2">{answer === 'asking' ? text.asking : text.unknownBody}</p>
          )}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}

function summaryOf(answer: ChainStatusView | 'asking' | 'unknown'): {
  tone: Tone;
  Icon: typeof CircleCheck;
  label: string;
} {
  if (answer === 'asking') return { tone: 'neutral', Icon: CircleDashed, label: text.asking };
  if (answer === 'unknown') return { tone: 'warn', Icon: CircleHelp, label: text.unknown };
  const count = answer.chains.length;
  const answering = answer.chains.filter((chain) => chain.answering).length;
  if (answering === count) return { tone: 'ok', Icon: CircleCheck, label: text.all(count) };
  return {
    tone: answering === 0 ? 'danger' : 'warn',
    Icon: answering === 0 ? CircleX : TriangleAlert,
    label: text.some(answering, count),
  };
}
