import type { Claim } from '#chaincode/model/claim.ts';
import type { OpenedClaim } from '#components/vault/claimParts.ts';
import { t } from '#messages/en.ts';
import { DecisionHistory } from './DecisionHistory.tsx';
import { MessageList } from './MessageList.tsx';

const text = t.claims.history;

/** How a claim was decided and what was said about it, as member or provider reads it. */
export function ClaimStory({
  claim,
  opened,
  reader,
}: {
  claim: Pick<Claim, 'decisions' | 'messages' | 'currency' | 'reversal'>;
  /** Undefined where it was not opened. */
  opened: OpenedClaim | undefined;
  reader: 'patient' | 'provider';
}) {
  return (
    <>
      {(claim.decisions.length > 0 || claim.reversal !== undefined) && (
        <section aria-label={text.decisions} className="space-y-2">
          <h3 className="font-bold">{text.decisions}</h3>
          <DecisionHistory claim={claim} opened={opened} reader={reader} />
        </section>
      )}
      {claim.messages.length > 0 && (
        <section aria-label={text.messages} className="space-y-2">
          <h3 className="font-bold">{text.messages}</h3>
          <MessageList messages={claim.messages} opened={opened} />
        </section>
      )}
    </>
  );
}
