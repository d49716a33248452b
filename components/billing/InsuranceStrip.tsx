'use client';

import { CreditCard } from 'lucide-react';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { ProblemNotice } from '#components/ui/ProblemNotice.tsx';
import { codeOf, systems } from '#fhir/coding.ts';
import type { MedicationRequest } from '#fhir/medicationRequest.ts';
import { t } from '#messages/en.ts';
import type { CardView } from '#server/claims/schema.ts';
import { Estimate } from './Estimate.tsx';
import { listedPrice } from './price.ts';
import { useCards } from './useCards.ts';
import { useEstimate } from './useEstimate.ts';

const text = t.billing.strip;

/** Whether the patient's insurer would pay for what is about to be handed out, at the plan's list price; before it is handed out. */
export function InsuranceStrip({
  patient,
  request,
  quantity,
  institution,
  cards: views,
}: {
  /** The pseudonym for which insurance cards are. */
  patient: string;
  request: MedicationRequest;
  /** Units that would be handed out; 0 while nobody has said. */
  quantity: number;
  institution: string;
  cards: readonly CardView[];
}) {
  const cards = useCards(views, institution);
  const opened = cards.state === 'open' ? cards.cards.find(({ card }) => card.patient === patient) : undefined;
  const medicine = request.medicationCodeableConcept;
  const terms = opened?.view.plan.terms;
  const units = quantity > 0 ? quantity : request.dispenseRequest.quantity.value;
  const net = terms && listedPrice(terms, codeOf(medicine, systems.product) ?? '', units);
  const { unit } = request.dispenseRequest.quantity;
  const estimate = useEstimate(
    opened,
    'medicine',
    net === undefined || net === 0 ? undefined : { of: { concept: medicine }, quantity: units, unit, net },
  );
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
      {isNone && cards.closed === 0 && <p className="text-sm text-ink-2">{text.none}</p>}
      {isNone && cards.closed > 0 && <p className="text-sm text-ink-2">{text.closed(cards.closed)}</p>}
      {opened !== undefined && estimate === undefined && (
        <p className="text-sm text-ink-2">{text.noPrice(opened.view.plan.terms.name)}</p>
      )}
      {estimate && terms && <Estimate estimate={estimate} currency={terms.currency} />}
    </Panel>
  );
}
