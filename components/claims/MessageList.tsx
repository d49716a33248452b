import type { Claim } from '#chaincode/model/claim.ts';
import { Time } from '#components/ui/Time.tsx';
import type { OpenedClaim } from '#components/vault/claimParts.ts';
import { t } from '#messages/en.ts';

const text = t.claims.history;

/** What was asked, answered and appealed, in its order; words where it was opened. */
export function MessageList({ messages, opened }: Pick<Claim, 'messages'> & { opened: OpenedClaim | undefined }) {
  return (
    <ol className="space-y-3">
      {messages.map(({ kind, at, cid }, place) => {
        const part = opened?.messages[place];
        return (
          <li key={cid} className="rounded-md border border-line p-3">
            <p className="text-sm text-ink-3">
              <span className="font-semibold text-ink-2">{text.kinds[kind]}</span> · <Time value={at} />
            </p>
            {part !== undefined &&
              ('problem' in part ? (
                <p className="mt-1 text-sm font-semibold text-danger">{text.messageClosed}</p>
              ) : (
                <p className="mt-1 break-words whitespace-pre-wrap">{part.content}</p>
              ))}
          </li>
        );
      })}
    </ol>
  );
}
