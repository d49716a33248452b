'use client';

import { Gavel, PenLine } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { RadioGroup } from 'radix-ui';
import { useState } from 'react';
import { toast } from 'sonner';
import { type ClaimReason, claimReasons } from '#chaincode/model/plan.ts';
import { useSigned } from '#components/signing/useSigned.ts';
import { Button } from '#components/ui/Button.tsx';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { TextAreaField, TextField } from '#components/ui/Field.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { useAttempt } from '#components/ui/useAttempt.ts';
import { composeClaimDecision } from '#components/vault/claimCases.ts';
import type { Shares } from '#fhir/adjudication.ts';
import type { Claim as Billed } from '#fhir/claim.ts';
import type { ClaimStep } from '#fhir/claimStep.ts';
import { buildExplanation } from '#fhir/explanation.ts';
import { t } from '#messages/en.ts';
import type { ClaimCase } from '#server/claims/schema.ts';
import { itemName } from './BilledPanel.tsx';
import { type DecisionDraft, decideBy, draftDecision } from './personDecision.ts';

const text = t.claimsCase.decide;
const outcomes = ['approve', 'deny'] as const;

/**
 * A person decides: in full, in part, or not at all, with reasons and words for the patient; then it is signed. What is closed can only be
 * denied.
 */
export function DecidePanel({
  of: { claim, usage },
  billed,
  items: proposed,
  trace: judged,
  isClosed = false,
}: {
  of: ClaimCase;
  billed: Billed;
  /** The shares that the rules propose, by item. */
  items: readonly Shares[];
  trace: readonly ClaimStep[];
  isClosed?: boolean;
}) {
  const router = useRouter();
  const signed = useSigned();
  const { busy, problem, attempt } = useAttempt();
  const [draft, setDraft] = useState<DecisionDraft>(() => ({
    ...draftDecision({ items: proposed }),
    ...(isClosed && { outcome: 'deny' as const }),
  }));
  const [tried, setTried] = useState(false);
  const answer = decideBy(draft, proposed);
  const { currency, id, version, insurer } = claim;
  const faultOf = (field: string) => {
    const fault = tried && 'faults' in answer ? answer.faults.get(field) : undefined;
    return fault === undefined ? null : text.faults[fault];
  };
  const set = (change: Partial<DecisionDraft>) => setDraft((was) => ({ ...was, ...change }));
  const setItem = (place: number, change: Partial<DecisionDraft['items'][number]>) =>
    set({ items: draft.items.map((item, at) => (at === place ? { ...item, ...change } : item)) });
  const toggle = (reason: ClaimReason, on: boolean) =>
    set({ reasons: on ? [...draft.reasons, reason] : draft.reasons.filter((each) => each !== reason) });

  const submit = async () => {
    setTried(true);
    if ('faults' in answer) return;
    const { decided } = answer;
    const { allowed, insurer: ours, patient, deductible } = decided.total;
    const done = await attempt(async () => {
      // Each step stands there but the last, which said what the rules would do.
      const trace = judged.filter(({ code }) => code !== 'outcome');
      const explanation = buildExplanation(billed, { ...decided, trace }, new Date().toISOString());
      const intent = await composeClaimDecision(
        {
          ...{ claim: id, version, usage: usage.version, outcome: decided.outcome, reasons: [...decided.reasons] },
          ...{ allowed, insurer: ours, patient, deductible },
        },
        { version: 1, explanation: JSON.parse(JSON.stringify(explanation)) },
        insurer,
      );
      await signed(intent, { names: { [`${id}/currency`]: currency } });
    });
    if (!done) return;
    toast.success(t.registry.recorded);
    router.refresh();
  };

  return (
    <Panel labelledBy="decide">
      <PanelHead id="decide" title={text.title} icon={Gavel} />
      <form
        noValidate
        className="space-y-4"
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <p className="text-sm text-ink-2">
          {isClosed ? text.closed : claim.state === 'submitted' ? text.withRules : text.body}
        </p>
        <RadioGroup.Root
          aria-label={text.outcome}
          value={draft.outcome}
          onValueChange={(value) => {
            const outcome = outcomes.find((each) => each === value);
            if (outcome) set({ outcome });
          }}
          className="grid gap-2"
        >
          {(isClosed ? (['deny'] as const) : outcomes).map((outcome) => (
            <RadioGroup.Item
              key={outcome}
              value={outcome}
              className="flex min-h-11 items-center gap-3 rounded-md border border-control px-3 text-left text-sm font-semibold data-[state=checked]:border-brand data-[state=checked]:bg-brand-soft"
            >
              <span
                aria-hidden
                className="inline-flex size-5 shrink-0 items-center justify-center rounded-full border border-control"
              >
                <RadioGroup.Indicator className="size-2.5 rounded-full bg-brand" />
              </span>
              {text.outcomes[outcome]}
            </RadioGroup.Item>
          ))}
        </RadioGroup.Root>
        {draft.outcome === 'approve' && (
          <ul className="space-y-4">
            {billed.item.map((item, place) => (
              <li key={item.sequence} className="grid gap-3 sm:grid-cols-2 xl:grid-cols-1 2xl:grid-cols-2">
                <TextField
                  label={text.allowed(itemName(item))}
                  hint={text.hint(formatMoney(proposed[place]?.billed ?? 0, currency))}
                  error={faultOf(`items.${place}.allowed`)}
                  inputMode="decimal"
                  autoComplete="off"
                  value={draft.items[place]?.allowed ?? ''}
                  onChange={({ target }) => setItem(place, { allowed: target.value })}
                />
                <TextField
                  label={text.insurer(itemName(item))}
                  error={faultOf(`items.${place}.insurer`)}
                  inputMode="decimal"
                  autoComplete="off"
                  value={draft.items[place]?.insurer ?? ''}
                  onChange={({ target }) => setItem(place, { insurer: target.value })}
                />
              </li>
            ))}
          </ul>
        )}
        {faultOf('items') && (
          <p role="alert" className="text-sm font-semibold text-danger">
            {faultOf('items')}
          </p>
        )}
        <fieldset>
          <legend className="mb-1.5 text-sm font-semibold text-ink-2">{text.reasons}</legend>
          <div className="grid max-h-64 gap-2 overflow-y-auto rounded-md border border-line p-3 text-sm">
            {claimReasons.map((reason) => (
              <CheckBox
                key={reason}
                checked={draft.reasons.includes(reason)}
                disabled={!draft.reasons.includes(reason) && draft.reasons.length >= 8}
                onChange={(on) => toggle(reason, on)}
              >
                {t.claims.reasons[reason]}
              </CheckBox>
            ))}
          </div>
          {faultOf('reasons') && (
            <p role="alert" className="mt-1.5 text-sm font-semibold text-danger">
              {faultOf('reasons')}
            </p>
          )}
        </fieldset>
        <TextAreaField
          label={text.note}
          hint={text.noteHint}
          error={faultOf('note')}
          maxLength={2000}
          rows={3}
          value={draft.note}
          onChange={({ target }) => set({ note: target.value })}
        />
        {'decided' in answer && (
          <p className="text-sm font-semibold" aria-live="polite">
            {text.result[answer.decided.outcome]}
            {answer.decided.outcome !== 'denied' &&
              `. ${text.sum(
                formatMoney(answer.decided.total.insurer, currency),
                formatMoney(answer.decided.total.patient, currency),
              )}`}
          </p>
        )}
        {problem && (
          <ProblemNotice
            problem={problem}
            actions={
              problem.code === 'STALE' && (
                <Button size="sm" onClick={() => router.refresh()}>
                  {t.claimsCase.anew}
                </Button>
              )
            }
          />
        )}
        <Button type="submit" look="primary" wide icon={PenLine} busy={busy}>
          {text.sign}
        </Button>
      </form>
    </Panel>
  );
}
