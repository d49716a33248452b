'use client';

import { CreditCard } from 'lucide-react';
import { useState } from 'react';
import { OlderEntries } from '#components/claims/OlderEntries.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { codeOf, systems } from '#fhir/coding.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import type { CardView, ClaimView, Listed } from '#server/claims/schema.ts';
import { AskBeforehand } from './AskBeforehand.tsx';
import { isAgreed } from './agreedBefore.ts';
import { Estimate } from './Estimate.tsx';
import { listedPrice, parseAmount } from './price.ts';
import { useAsked } from './useAsked.ts';
import { useCards } from './useCards.ts';
import { useEstimate } from './useEstimate.ts';

const text = t.billing.strip;

/** What the counter knows of insurances. */
export interface CounterInsurance {
  /** That patients gave the pharmacy. */
  cards: Listed<CardView>;
  /** What the pharmacy asked insurers beforehand. */
  asked: readonly ClaimView[];
}

/**
 * Whether the patient's insurer would pay for what is about to be handed out, at the plan's list price or at the pharmacy's where it lists
 * none; before it is handed out. Where the insurer has to agree beforehand, it is asked from here.
 */
export function InsuranceStrip({
  patient,
  prescriptionId,
  request,
  quantity,
  institution,
  insurance,
}: {
  /** The pseudonym for which insurance cards are. */
  patient: string;
  prescriptionId: string;
  request: MedicationRequest;
  /** Units that would be handed out; 0 while nobody has said. */
  quantity: number;
  institution: string;
  insurance: CounterInsurance;
}) {
  const { state: cards, list } = useCards(insurance.cards, institution);
  const [typed, setTyped] = useState('');
  const [isAsked, setIsAsked] = useState(false);
  const opened = cards.state === 'open' ? cards.cards.find(({ card }) => card.patient === patient) : undefined;
  const medicine = request.medicationCodeableConcept;
  const product = codeOf(medicine, systems.product) ?? '';
  const terms = opened?.view.plan.terms;
  const units = quantity > 0 ? quantity : request.dispenseRequest.quantity.value;
  const listed = terms && listedPrice(terms, product, units);
  const net = listed ?? parseAmount(typed);
  const { unit } = request.dispenseRequest.quantity;
  const item = net === undefined || net === 0 ? undefined : { of: { concept: medicine }, quantity: units, unit, net };
  const estimate = useEstimate(opened, 'medicine', item);
  const asked = useAsked(insurance.asked, opened?.card.policy, product, institution);
  const hasToAgree =
    estimate?.state === 'answered' && estimate.answer.items.some(({ needsAuthorisation }) => needsAuthorisation);
  const isNone = cards.state === 'open' && opened === undefined;
  return (
    <Panel labelledBy="counter-insurance">
      <PanelHead
        id="counter-insurance"
        icon={CreditCard}
        title={t.billing.bill.card}
        remark={opened?.view.plan.terms.name}
      />
      {cards.state === 'locked' && <p className="text-sm text-ink-2">{text.locked}</p>}
      {cards.state === 'opening' && <p className="text-sm text-ink-2">{text.opening}</p>}
      {cards.state === 'failed' && <ProblemNotice problem={cards.problem} />}
      {isNone && cards.closed === 0 && list.left === 0 && <p className="text-sm text-ink-2">{text.none}</p>}
      {isNone && <OlderEntries list={list} />}
      {isNone && cards.closed > 0 && <p className="text-sm text-ink-2">{text.closed(cards.closed)}</p>}
      {terms !== undefined && listed === undefined && (
        <div className="mb-3 max-w-xs">
          <TextField
            label={t.billing.bill.price(terms.currency)}
            inputMode="decimal"
            value={typed}
            hint={text.noPrice(terms.name)}
            error={typed !== '' && net === undefined ? t.billing.bill.priceFault : null}
            onChange={({ target }) => setTyped(target.value)}
          />
        </div>
      )}
      {estimate && terms && (
        <Estimate estimate={estimate} currency={terms.currency} agreed={asked?.some(isAgreed) ?? false} />
      )}
      {hasToAgree && opened !== undefined && item !== undefined && asked !== undefined && (
        <AskBeforehand
          opened={opened}
          item={item}
          name={medicine.text ?? product}
          prescriptionId={prescriptionId}
          asked={asked}
          isAsked={isAsked}
          onAsked={() => setIsAsked(true)}
        />
      )}
    </Panel>
  );
}
