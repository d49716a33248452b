'use client';

import { Ban, CircleCheck, CircleX, Clock, HandCoins, Hourglass } from 'lucide-react';
import { Button } from '#components/ui/Button.tsx';
import { Hash } from '#components/ui/Facts.tsx';
import { formatDate, formatMoney } from '#components/ui/format.ts';
import { Pill } from '#components/ui/Pill.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { t } from '#messages/en.ts';
import type { AssistanceRequest, FundState } from '#server/fund/schema.ts';

const text = t.fund.desk;
const looks = {
  asked: { tone: 'info', icon: Clock },
  granted: { tone: 'warn', icon: Hourglass },
  paid: { tone: 'ok', icon: CircleCheck },
  refused: { tone: 'neutral', icon: CircleX },
} as const;

/** A request with what can be done about it. `grant` throws what prevented it. */
export function RequestLine({
  request: { state, ground, category, provider, currency, left, own, amount, reason, askedAt, transactionHash },
  fund,
  grant,
  onRefuse,
}: {
  request: AssistanceRequest;
  /** Null where the chain does not answer: then nothing can be granted. */
  fund: FundState | null;
  grant: () => Promise<void>;
  onRefuse: () => void;
}) {
  const { busy, problem, attempt } = useAttempt();
  const money = (sum: number) => formatMoney(sum, currency);
  const most =
    fund === null || own === null
      ? 0
      : Math.max(0, Math.min(left, fund.perGrant, fund.perBeneficiary - own, fund.budgetLeft, fund.left));
  return (
    <li className="space-y-2 py-3.5">
      <div className="flex flex-wrap items-center gap-x-4 gap-y-1">
        <div className="min-w-0 flex-1 basis-56">
          <p className="font-bold break-words">
            {t.claims.categories[category]} {text.to(provider)}
          </p>
          <p className="text-sm text-ink-2">
            {text.asks(t.fund.grounds[ground])} · {formatDate(askedAt)}
          </p>
        </div>
        <span className="font-bold tabular-nums">
          {amount === null ? text.open(money(left)) : text.amount(money(amount))}
        </span>
        <Pill {...looks[state]}>{text.states[state]}</Pill>
      </div>
      {state === 'asked' && fund !== null && own !== null && (
        <p className="text-sm text-ink-2">{text.own(money(own), money(fund.perBeneficiary))}</p>
      )}
      {state === 'asked' && fund !== null && most === 0 && <p className="text-sm text-ink-2">{text.nothing}</p>}
      {reason !== null && <p className="text-sm text-ink-2">“{reason}”</p>}
      {transactionHash !== null && <Hash>{transactionHash}</Hash>}
      {state === 'asked' && (
        <div className="flex flex-wrap gap-2">
          {most > 0 && (
            <Button look="primary" icon={HandCoins} busy={busy} onClick={() => attempt(grant)}>
              {text.most(money(most))}
            </Button>
          )}
          <Button icon={Ban} onClick={onRefuse}>
            {text.refuse}
          </Button>
        </div>
      )}
      {state === 'granted' && fund !== null && (
        <Button look="primary" icon={HandCoins} busy={busy} onClick={() => attempt(grant)}>
          {text.again}
        </Button>
      )}
      {problem && <ProblemNotice problem={problem} kept={text.kept} />}
    </li>
  );
}
