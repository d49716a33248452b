'use client';

import { MessageCircleQuestion, MessagesSquare, Send } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useState } from 'react';
import type { Claim } from '#chaincode/model/claim.ts';
import { MessageList } from '#components/claims/MessageList.tsx';
import { useChange } from '#components/registry/useChange.ts';
import { Button } from '#components/ui/Button.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { composeClaimMessage } from '#components/vault/claimCases.ts';
import type { OpenedClaim } from '#components/vault/claimParts.ts';
import { t } from '#messages/en.ts';

const text = t.claimsCase.messages;

/**
 * What was asked and answered about a claim, and appealed; asked while a person decides. `begun`: the words of a question that the person
 * has come to ask.
 */
export function ClaimMessages({
  claim,
  opened,
  begun,
}: {
  claim: Claim;
  opened: OpenedClaim | undefined;
  begun?: string | undefined;
}) {
  const { id, state, messages, insurer } = claim;
  // The words with which it begins; null where nothing is asked.
  const [asking, setAsking] = useState<string | null>(begun ?? null);
  const { record } = useChange();
  const { replace } = useRouter();
  const close = () => {
    setAsking(null);
    // Loaded again, the page asks no second time.
    if (begun !== undefined) replace(`/insurer/claims/${id}`, { scroll: false });
  };
  const mayAsk = opened !== undefined && (state === 'inReview' || state === 'appealed');
  return (
    <Panel labelledBy="messages">
      <PanelHead
        id="messages"
        title={text.title}
        icon={MessagesSquare}
        aside={
          mayAsk && (
            <Button size="sm" icon={MessageCircleQuestion} onClick={() => setAsking('')}>
              {text.ask}
            </Button>
          )
        }
      />
      {messages.length === 0 && <p className="text-sm text-ink-2">{text.none}</p>}
      <MessageList messages={messages} opened={opened} />
      {asking !== null && mayAsk && (
        <ReasonDialog
          usual={asking}
          title={text.ask}
          body={text.askBody}
          label={text.label}
          action={text.send}
          look="primary"
          icon={Send}
          onReason={async (words) => record(await composeClaimMessage('claims:ask', id, words, insurer))}
          onClose={close}
        />
      )}
    </Panel>
  );
}
