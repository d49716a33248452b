import { Facts, Hash } from '#components/ui/Facts.tsx';
import { formatNumber } from '#components/ui/format.ts';
import { toHex } from '#crypto/bytes.ts';
import { t } from '#messages/en.ts';
import { ledgerCall, secondFactorOf, type TransactionIntent } from '#server/transactions/schema.ts';
import { challengeOfIntent } from './factor.ts';

const text = t.signing.detail;

/** The call that the ledger gets, byte for byte where it is public, and by name and size where it is not. */
export function LedgerDetails({ intent }: { intent: TransactionIntent }) {
  const { channel, function: name, args, transient } = ledgerCall(intent);
  const hidden = Object.entries(transient);
  const confirmed = secondFactorOf(intent) !== 'never';
  return (
    <details className="rounded-lg border border-line px-3 py-2 text-sm">
      <summary className="cursor-pointer py-1 font-semibold text-ink-2">{t.signing.details}</summary>
      <div className="mt-2">
        <Facts
          rows={[
            { name: text.channel, value: <Hash>{channel}</Hash> },
            { name: text.call, value: <Hash>{name}</Hash> },
            { name: text.args, value: args.length > 0 ? <Hash>{args.join('\n')}</Hash> : text.noArgs },
            ...(hidden.length > 0
              ? [
                  {
                    name: text.hidden,
                    value: hidden
                      .map(([field, bytes]) => text.hiddenField(field, formatNumber(bytes.length)))
                      .join('; '),
                  },
                ]
              : []),
            ...(confirmed ? [{ name: text.challenge, value: <Hash>{toHex(challengeOfIntent(intent))}</Hash> }] : []),
          ]}
        />
      </div>
    </details>
  );
}
