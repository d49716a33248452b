import { Bot, UserRound } from 'lucide-react';
import { formatDateTime } from '#components/ui/format.ts';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import type { OpenedClaim } from '#components/vault/claimParts.ts';
import { explanation, readExplanation } from '#fhir/explanation.ts';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { StepList } from './StepList.tsx';

const text = t.claims.history;

/** How a claim was decided, newest first, with the steps of each decision, and what was said about it. */
export function DecisionHistory({
  claim,
  opened,
}: {
  claim: Pick<ClaimView, 'decisions' | 'messages' | 'currency'>;
  opened: OpenedClaim;
}) {
  const decisions = claim.decisions.map((decision, place) => ({ decision, part: opened.explanations[place] }));
  return (
    <>
      {decisions.toReversed().map(({ decision, part }) => (
        <section key={decision.explanation.cid} className="space-y-2">
          <h3 className="flex flex-wrap items-center gap-x-2 font-bold">
            {decision.by.startsWith('dev-') ? <Bot size={18} aria-hidden /> : <UserRound size={18} aria-hidden />}
            {decision.by.startsWith('dev-') ? text.byRules : text.byPerson}
            <span className="text-sm font-normal text-ink-3">{formatDateTime(decision.at)}</span>
          </h3>
          {decision.reasons.length > 0 && (
            <ul className="list-disc pl-5 text-sm">
              {decision.reasons.map((reason) => (
                <li key={reason}>{t.claims.reasons[reason]}</li>
              ))}
            </ul>
          )}
          {part !== undefined && 'problem' in part && <ProblemNotice problem={part.problem} />}
          {part !== undefined && 'content' in part && (
            <StepList
              steps={readExplanation(explanation.parse(part.content.explanation)).trace}
              currency={claim.currency}
            />
          )}
        </section>
      ))}
      {claim.messages.length > 0 && (
        <section className="space-y-2">
          <h3 className="font-bold">{text.messages}</h3>
          {claim.messages.map(({ kind, at, cid }, place) => {
            const part = opened.messages[place];
            return (
              <div key={cid} className="rounded-md border border-line p-3">
                <p className="text-sm text-ink-3">
                  {text.kinds[kind]} · {formatDateTime(at)}
                </p>
                {part !== undefined && 'content' in part && <p className="whitespace-pre-line">{part.content}</p>}
                {part !== undefined && 'problem' in part && <ProblemNotice problem={part.problem} />}
              </div>
            );
          })}
        </section>
      )}
    </>
  );
}
