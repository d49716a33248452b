'use client';

import { CircleX, ShieldAlert, ShieldCheck } from 'lucide-react';
import { chainLabel } from '#components/shell/chains.ts';
import { Button } from '#components/ui/Button.tsx';
import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { Time } from '#components/ui/Time.tsx';
import { identifierOf } from '#gs1/uri.ts';
import { t } from '#messages/en.ts';
import type { StoryEvent } from '#server/trace/schema.ts';
import type { Verdict } from './verifyEvent.ts';

const text = t.trace.story;

/** The number of a case that an event names by its address. */
function ssccOf(epc: string): string {
  const id = identifierOf(epc);
  return id?.type === 'sscc' ? id.key : epc;
}

/** One event of a pack's story, and whether this browser found it in the chain. */
export function StoryStep({
  event,
  verdict,
  busy = false,
  onVerify,
}: {
  event: StoryEvent;
  /** Undefined while it is not checked. */
  verdict?: Verdict | undefined;
  busy?: boolean;
  /** For who may read the chain's blocks. */
  onVerify?: (() => void) | undefined;
}) {
  const { bizStep, declaration, outcome, code, place, through, destination } = event;
  const what = declaration ? text.undone : (text.steps[bizStep ?? ''] ?? text.other);
  const chain = chainLabel(event.channel);
  return (
    <li className="relative py-2.5 pl-5">
      <span
        aria-hidden
        className={`absolute top-4 -left-[7px] size-3 rounded-full ${outcome === 'accepted' ? 'bg-brand' : 'bg-danger'}`}
      />
      <p className="flex flex-wrap items-center gap-2 font-bold">
        {what}
        {destination && <span className="font-normal">{text.to(destination.name)}</span>}
        {outcome !== 'accepted' && (
          <Pill tone="danger" icon={CircleX}>
            {text.refused(t.supply.codes[code ?? ''] ?? code ?? '')}
          </Pill>
        )}
      </p>
      <p className="text-sm text-ink-2">
        <Time value={event.at} /> · {text.by(event.party.name)}
        {place && ` · ${text.at(place.name)}`}
        {through && ` · ${text.through(ssccOf(through))}`}
      </p>
      {verdict && <VerdictLine verdict={verdict} />}
      <details className="mt-1 text-sm">
        <summary className="w-fit rounded-sm text-ink-3">{text.block(formatNumber(event.block), chain)}</summary>
        <div className="mt-2 space-y-2">
          <Facts
            rows={[
              { name: text.proof.event, value: <Hash>{event.hash}</Hash>, copy: event.hash },
              { name: text.proof.transaction, value: <Hash>{event.transactionId}</Hash>, copy: event.transactionId },
              { name: text.proof.block, value: text.block(formatNumber(event.block), chain) },
              ...(verdict?.block
                ? [
                    { name: text.proof.hash, value: <Hash>{verdict.block.hash}</Hash>, copy: verdict.block.hash },
                    { name: text.proof.data, value: <Hash>{verdict.block.dataHash}</Hash> },
                    { name: text.proof.previous, value: <Hash>{verdict.block.previousHash}</Hash> },
                    {
                      name: text.proof.next,
                      value: typeof verdict.namedBy === 'number' ? formatNumber(verdict.namedBy) : text.newest,
                    },
                  ]
                : []),
            ]}
          />
          {onVerify && (
            <Button size="sm" icon={ShieldCheck} disabled={busy} onClick={onVerify}>
              {text.verify}
            </Button>
          )}
        </div>
      </details>
    </li>
  );
}

function VerdictLine({ verdict: { fault } }: { verdict: Verdict }) {
  const Icon = fault === null ? ShieldCheck : ShieldAlert;
  return (
    <p
      role="status"
      className={`mt-0.5 flex items-start gap-1.5 text-sm font-semibold ${fault === null ? 'text-ok' : 'text-danger'}`}
    >
      <Icon size={17} aria-hidden className="mt-0.5 shrink-0" />
      {fault === null ? text.verified : text.failed(text.faults[fault])}
    </p>
  );
}
