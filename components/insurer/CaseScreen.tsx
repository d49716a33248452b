'use client';

import { ArrowLeft, History, KeyRound, LoaderCircle, LockKeyhole, RotateCw, Undo2 } from 'lucide-react';
import { useState } from 'react';
import { ClaimStatePill } from '#components/claims/ClaimStatePill.tsx';
import { DecisionHistory } from '#components/claims/DecisionHistory.tsx';
import { readExplained } from '#components/claims/readExplained.ts';
import { useChange } from '#components/registry/useChange.ts';
import { useUnlock } from '#components/shell/UnlockContext.tsx';
import { Button, LinkButton } from '#components/ui/Button.tsx';
import { Facts } from '#components/ui/Facts.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Notice } from '#components/ui/Notice.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { ReasonDialog } from '#components/ui/ReasonDialog.tsx';
import { Time } from '#components/ui/Time.tsx';
import type { Adjudication } from '#coverage/adjudicate.ts';
import { t } from '#messages/en.ts';
import type { ClaimCase } from '#server/claims/schema.ts';
import { BilledPanel } from './BilledPanel.tsx';
import { CaseProof } from './CaseProof.tsx';
import { ClaimMessages } from './ClaimMessages.tsx';
import { billedOnLedger, closedShares } from './closedCase.ts';
import { DecidePanel } from './DecidePanel.tsx';
import { EvidencePanel } from './EvidencePanel.tsx';
import { MemberPanel } from './MemberPanel.tsx';
import type { RefundQuestion } from './mismatchStep.ts';
import { PaymentsPanel } from './PaymentsPanel.tsx';
import { RulesPanel } from './RulesPanel.tsx';
import { type OpenedCase, useCase } from './useCase.ts';

const text = t.claimsCase;
const decidable = ['submitted', 'inReview', 'appealed'];
const irreversible = ['denied', 'reversed'];

/** One claim: what was billed, what its evidence is worth, what the rules say, and what a person does with it. */
export function CaseScreen({
  of,
  tokenAddress,
  asks,
}: {
  of: ClaimCase;
  tokenAddress: string;
  /** What the person has come to ask the provider. */
  asks?: RefundQuestion | undefined;
}) {
  const { claim, policy, plan, usage } = of;
  const { openDialog } = useUnlock();
  const { isLocked, isOpening, opened, problem, again } = useCase(of, tokenAddress);
  const { record } = useChange();
  const [reversing, setReversing] = useState(false);
  const { id, category, provider, names, state, billed, currency, servedAt, at, use, version } = claim;
  const mayDecide = decidable.includes(state);
  // What the rules have not left to a person may only be under way to the storage.
  const isClosed = mayDecide && state !== 'submitted' && problem !== null && opened === null;
  return (
    <div className="space-y-5">
      <div className="flex flex-wrap items-center gap-3">
        <LinkButton size="sm" icon={ArrowLeft} href="/insurer">
          {text.back}
        </LinkButton>
        <ClaimStatePill state={state} />
        <CaseProof claim={claim} read={opened?.read} />
        {!irreversible.includes(state) && use === 'claim' && (
          <Button size="sm" look="danger" icon={Undo2} onClick={() => setReversing(true)}>
            {text.reverse.action}
          </Button>
        )}
      </div>
      <h2 className="text-xl font-bold first-letter:uppercase">
        {text.heading(t.claims.categories[category], names[provider] ?? provider)}
      </h2>
      {isLocked && (
        <Notice
          icon={LockKeyhole}
          title={text.locked.title}
          actions={
            <Button look="primary" icon={KeyRound} onClick={openDialog}>
              {text.locked.action}
            </Button>
          }
        >
          <p>{text.locked.body}</p>
        </Notice>
      )}
      {isOpening && <Notice icon={LoaderCircle} live="status" title={text.opening} />}
      {problem && (
        <ProblemNotice
          problem={problem}
          actions={
            <Button size="sm" icon={RotateCw} onClick={again}>
              {text.again}
            </Button>
          }
        />
      )}
      {isClosed && (
        <Notice tone="warn" title={text.closed.title}>
          <p>{text.closed.body}</p>
        </Notice>
      )}
      <div className="grid grid-cols-[minmax(0,1fr)] items-start gap-5 xl:grid-cols-[minmax(0,1.7fr)_minmax(0,1fr)]">
        <div className="min-w-0 space-y-5">
          <Panel as="div">
            <Facts
              rows={[
                { name: text.billed, value: <strong className="tabular-nums">{formatMoney(billed, currency)}</strong> },
                {
                  name: text.served,
                  value: use === 'claim' ? <Time value={servedAt} as="serviceDay" /> : text.preauthorisation,
                },
                { name: text.sent, value: <Time value={at} /> },
              ]}
            />
          </Panel>
          {opened && <BilledPanel billed={opened.read.billed} shares={sharesOf(opened)} />}
          {opened && (opened.judged || opened.checked) && <EvidencePanel claim={claim} checked={opened.checked} />}
          {opened && !opened.judged && !problem && (
            <Notice icon={LoaderCircle} live="status" title={text.evidence.waiting} />
          )}
          {mayDecide && opened?.judged && <RulesPanel judged={opened.judged} plan={plan} beside={opened.beside} />}
          <ClaimMessages claim={claim} opened={opened?.read.opened} begun={asks && text.messages.refunds[asks]} />
          <Panel labelledBy="decisions">
            <PanelHead id="decisions" title={text.history.title} icon={History} />
            {claim.decisions.length === 0 && <p className="text-sm text-ink-2">{text.history.none}</p>}
            <DecisionHistory claim={claim} opened={opened?.read.opened} reader="insurer" />
          </Panel>
        </div>
        <div className="min-w-0 space-y-5">
          {mayDecide && opened?.judged && (
            // What was typed is of this version, and of no newer one.
            <DecidePanel
              key={version}
              of={of}
              billed={opened.read.billed}
              items={proposalOf(opened.judged).items}
              trace={opened.judged.trace}
            />
          )}
          {isClosed && (
            <DecidePanel
              key={version}
              of={of}
              billed={billedOnLedger(claim)}
              items={[closedShares(claim)]}
              trace={[]}
              isClosed
            />
          )}
          <MemberPanel policy={policy} plan={plan} usage={usage} insured={opened?.insured} />
          {use === 'claim' && <PaymentsPanel claim={claim} />}
        </div>
      </div>
      {reversing && (
        <ReasonDialog
          title={text.reverse.title}
          body={text.reverse.body}
          label={text.reverse.label}
          action={text.reverse.action}
          icon={Undo2}
          onReason={(reason) => record({ kind: 'claims:reverse', id, reason })}
          onClose={() => setReversing(false)}
        />
      )}
    </div>
  );
}

const proposalOf = (judged: Adjudication) => (judged.review === undefined ? judged : judged.proposal);

/** Of the decision in force where it was opened, else of what the rules would do. */
function sharesOf({ read, judged }: OpenedCase) {
  const { state } = read.claim;
  const decided = readExplained(read.opened.explanations.at(-1));
  if (decided !== undefined && state !== 'appealed') {
    return { as: 'decided' as const, items: decided.items, total: decided.total };
  }
  const proposal = judged && proposalOf(judged);
  return proposal && { as: 'proposed' as const, items: proposal.items, total: proposal.total };
}
