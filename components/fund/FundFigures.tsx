import { t } from '#messages/en.ts';
import type { FundState } from '#server/fund/schema.ts';
import { formatCoins } from './formatCoins.ts';

const text = t.fund.figures;

/** What was given, paid and granted, and what is left. */
export function FundFigures({ fund }: { fund: FundState }) {
  return (
    <dl className="grid grid-cols-2 gap-3 sm:grid-cols-4">
      {(['given', 'paid', 'granted', 'left'] as const).map((name) => (
        <div key={name} className="flex flex-col justify-between rounded-md border border-line p-3">
          <dt className="text-sm text-ink-2">{text[name]}</dt>
          <dd className="text-lg font-bold break-words tabular-nums">{formatCoins(fund[name], fund.coin)}</dd>
        </div>
      ))}
    </dl>
  );
}
