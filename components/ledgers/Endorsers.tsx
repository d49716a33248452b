import { formatNumber } from '#components/ui/format.ts';
import { t } from '#messages/en.ts';
import type { ChannelHealth } from '#server/ledgers/schema.ts';

const text = t.ledgers;

/** Whose peers have endorsed on a chain, with how often. */
export function Endorsers({ endorsers }: { endorsers: ChannelHealth['endorsers'] }) {
  if (endorsers.length === 0) return <span className="text-ink-3">{text.noEndorsers}</span>;
  return (
    <ul className="flex min-w-60 flex-wrap gap-x-3 gap-y-0.5">
      {endorsers.map(({ mspId, transactions }) => {
        const name = t.workplaces.organisations[mspId] ?? mspId;
        return (
          <li key={mspId} className="whitespace-nowrap" title={text.endorsed(name, formatNumber(transactions))}>
            {name} <span className="text-ink-2">{formatNumber(transactions)}</span>
          </li>
        );
      })}
    </ul>
  );
}
