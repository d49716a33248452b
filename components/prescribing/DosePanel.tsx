'use client';

import { MessageSquareQuote } from 'lucide-react';
import { PatientSentence } from '#components/prescriptions/PatientSentence.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { amountText } from '#fhir/dosage.ts';
import type { Product } from '#formulary/product.ts';
import { t } from '#messages/en.ts';
import { type DoseDraft, type Frequency, frequencies, orderOf, parseAmount, parseDays } from './dose.ts';
import { bestPacks } from './products.ts';

const text = t.prescribing.dose;
const mostRepeats = 12;
const often = (Object.keys(frequencies) as Frequency[]).map((value) => ({ value, label: text.frequencies[value] }));
const repeats = Array.from({ length: mostRepeats + 1 }, (_, count) => ({
  value: String(count),
  label: count === 0 ? text.none : text.times(count),
}));

/** Amount, how often, for how long, repeats, and the sentence that they make for the patient. */
export function DosePanel({
  product,
  draft,
  onChange,
  disabled,
}: {
  product: Product | null;
  draft: DoseDraft;
  onChange: (draft: DoseDraft) => void;
  disabled: boolean;
}) {
  const set = (part: Partial<DoseDraft>) => onChange({ ...draft, ...part });
  return (
    <Panel>
      <PanelHead title={text.title} />
      <div className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-4">
        <TextField
          label={product ? text.amountUnit(product.unit) : text.amount}
          inputMode="decimal"
          autoComplete="off"
          maxLength={9}
          value={draft.amount}
          disabled={disabled}
          error={parseAmount(draft.amount) === undefined ? text.amountWrong : null}
          onChange={(event) => set({ amount: event.target.value })}
        />
        <SelectField
          label={text.often}
          value={draft.frequency}
          disabled={disabled}
          onChange={(frequency) => set({ frequency })}
          options={often}
        />
        <TextField
          label={text.forDays}
          inputMode="numeric"
          autoComplete="off"
          maxLength={3}
          value={draft.days}
          disabled={disabled}
          error={parseDays(draft.days) === undefined ? text.daysWrong : null}
          onChange={(event) => set({ days: event.target.value })}
        />
        <SelectField
          label={text.repeats}
          value={String(draft.repeats)}
          disabled={disabled}
          onChange={(value) => set({ repeats: Number(value) })}
          options={repeats}
        />
        <div className="sm:col-span-2 lg:col-span-4">
          <TextField
            label={text.note}
            autoComplete="off"
            maxLength={300}
            value={draft.note}
            disabled={disabled}
            onChange={(event) => set({ note: event.target.value })}
          />
        </div>
      </div>
      <div className="mt-4 flex gap-3 rounded-lg bg-sunken px-3.5 py-3" aria-live="polite">
        <MessageSquareQuote size={19} aria-hidden className="mt-0.5 shrink-0 text-ink-2" />
        <Sentence product={product} draft={draft} />
      </div>
    </Panel>
  );
}

function Sentence({ product, draft }: { product: Product | null; draft: DoseDraft }) {
  const complete = parseAmount(draft.amount) !== undefined && parseDays(draft.days) !== undefined;
  if (!product || !complete) return <p className="text-ink-2">{text.waiting}</p>;
  const order = orderOf(draft, product);
  if (!order) return <p className="font-semibold text-danger">{text.tooMuch}</p>;
  const packs = bestPacks(product, order.quantity);
  const rest = [
    text.quantity(amountText(order.quantity, product.unit)),
    packs && text.packs(packs.count),
    order.repeats > 0 && text.fills(order.repeats + 1),
    text.valid(order.validDays),
  ];
  return (
    <p>
      <PatientSentence dose={order.dose} />{' '}
      <span className="text-sm text-ink-2">{rest.filter(Boolean).join(' · ')}</span>
    </p>
  );
}
