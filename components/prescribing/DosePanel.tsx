'use client';

import { MessageSquareQuote } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { PatientSentence } from '#components/prescriptions/PatientSentence.tsx';
import { SelectField, TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { sentenceIn } from '#fhir/dosage.ts';
import { type Language, languageNames, languages } from '#fhir/sentence/language.ts';
import type { Product } from '#formulary/product.ts';
import { t } from '#messages/en.ts';
import {
  type DoseDraft,
  everyShown,
  type Frequency,
  frequencies,
  longestInterval,
  orderOf,
  parseAmount,
  parseDays,
  quantityOf,
  repeatings,
  usualInterval,
  withRepeats,
} from './dose.ts';
import { bestPacks } from './products.ts';

const text = t.prescribing.dose;
const mostRepeats = 12;
const languageOptions = languages.map((value) => ({ value, label: languageNames[value] }));
const often = (Object.keys(frequencies) as Frequency[]).map((value) => ({ value, label: text.frequencies[value] }));
const kinds = repeatings.map((value) => ({ value, label: text.repeatings[value] }));
const repeats = Array.from({ length: mostRepeats + 1 }, (_, count) => ({
  value: String(count),
  label: count === 0 ? text.none : text.times(count),
}));

/**
 * Amount, how often, for how long, repeats, and the sentence that they make for the patient. Enter goes on to the next
 * field, and from the last one to `onLast`.
 */
export function DosePanel({
  product,
  draft,
  onChange,
  language,
  onLanguage,
  onLast,
  disabled,
}: {
  product: Product | null;
  draft: DoseDraft;
  onChange: (draft: DoseDraft) => void;
  /** In which the patient reads the sentence. */
  language: Language;
  onLanguage: (language: Language) => void;
  onLast: () => void;
  disabled: boolean;
}) {
  const set = (part: Partial<DoseDraft>) => onChange({ ...draft, ...part });
  const days = parseDays(draft.days);
  const every = everyShown(draft);
  const repeated = draft.repeats > 0 && product?.controlled !== true;
  const grid = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent<HTMLElement>) => {
    if (event.key !== 'Enter' || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    const fields = [...(grid.current?.querySelectorAll<HTMLElement>('input, select') ?? [])];
    const next = fields[fields.indexOf(event.currentTarget) + 1];
    if (!next) return onLast();
    next.focus();
    if (next instanceof HTMLInputElement) next.select();
  };
  const field = { disabled, onKeyDown };
  return (
    <Panel>
      <PanelHead title={text.title} />
      <div className="grid items-start gap-3 sm:grid-cols-2 lg:grid-cols-4" ref={grid}>
        <TextField
          label={product ? text.amountUnit(product.unit) : text.amount}
          inputMode="decimal"
          autoComplete="off"
          maxLength={9}
          value={draft.amount}
          {...field}
          hint={draft.amount === '' ? text.noUsual : undefined}
          error={draft.amount !== '' && parseAmount(draft.amount) === undefined ? text.amountWrong : null}
          onChange={(event) => set({ amount: event.target.value })}
        />
        <SelectField
          label={text.often}
          value={draft.frequency}
          {...field}
          onChange={(frequency) => set({ frequency })}
          options={often}
        />
        <TextField
          label={text.forDays}
          inputMode="numeric"
          autoComplete="off"
          maxLength={3}
          value={draft.days}
          {...field}
          error={parseDays(draft.days) === undefined ? text.daysWrong : null}
          onChange={(event) => set({ days: event.target.value })}
        />
        <SelectField
          label={text.repeats}
          value={String(product?.controlled ? 0 : draft.repeats)}
          {...field}
          disabled={disabled || product?.controlled === true}
          hint={product?.controlled ? text.noRepeats : undefined}
          onChange={(value) => onChange(withRepeats(draft, Number(value)))}
          options={repeats}
        />
        {repeated && (
          <>
            <div className="sm:col-span-2 lg:col-span-3">
              <SelectField
                label={text.repeating}
                value={draft.repeating}
                {...field}
                onChange={(repeating) => set({ repeating })}
                options={kinds}
              />
            </div>
            <TextField
              label={text.every}
              inputMode="numeric"
              autoComplete="off"
              maxLength={3}
              placeholder={
                draft.repeating === 'sameCode' ? text.anyTime : days === undefined ? '' : String(usualInterval(days))
              }
              value={every}
              {...field}
              error={every !== '' && parseDays(every, longestInterval) === undefined ? text.everyWrong : null}
              onChange={(event) => set({ every: event.target.value })}
            />
          </>
        )}
        <div className="sm:col-span-2">
          <TextField
            label={text.asNeeded}
            autoComplete="off"
            maxLength={80}
            value={draft.asNeeded}
            {...field}
            onChange={(event) => set({ asNeeded: event.target.value })}
          />
        </div>
        <div className="sm:col-span-2">
          <TextField
            label={text.reason}
            autoComplete="off"
            maxLength={200}
            value={draft.reason}
            {...field}
            onChange={(event) => set({ reason: event.target.value })}
          />
        </div>
        <div className="sm:col-span-2 lg:col-span-4">
          <TextField
            label={text.note}
            autoComplete="off"
            maxLength={300}
            value={draft.note}
            {...field}
            onChange={(event) => set({ note: event.target.value })}
          />
        </div>
      </div>
      <div className="mt-4 flex flex-wrap items-start gap-3 rounded-lg bg-sunken px-3.5 py-3">
        <MessageSquareQuote size={19} aria-hidden className="mt-0.5 shrink-0 text-ink-2" />
        <div className="min-w-0 flex-1 basis-60" aria-live="polite">
          <Sentence product={product} draft={draft} language={language} />
        </div>
        <div className="w-36">
          <SelectField
            label={t.safety.language}
            value={language}
            disabled={disabled}
            onChange={onLanguage}
            options={languageOptions}
          />
        </div>
      </div>
    </Panel>
  );
}

function Sentence({ product, draft, language }: { product: Product | null; draft: DoseDraft; language: Language }) {
  const complete = parseAmount(draft.amount) !== undefined && parseDays(draft.days) !== undefined;
  if (!product || !complete) return <p className="text-ink-2">{text.waiting}</p>;
  const order = orderOf(draft, product);
  if (!order) {
    const wrong = draft.repeats > 0 ? text.tooLong : text.tooMuch;
    return <p className="font-semibold text-danger">{wrong}</p>;
  }
  const packs = bestPacks(product, order.quantity);
  const rest = [
    text.quantity(quantityOf(order)),
    packs && text.packs(packs.count, packs.size),
    order.everyDays !== undefined && text.interval(order.everyDays),
    order.repeats > 0 && order.everyDays === undefined && text.atOnce,
    order.parts > 1 ? text.parts(order.parts, order.validDays) : text.valid(order.validDays),
  ];
  return (
    <>
      <p>
        <PatientSentence dose={order.dose} />{' '}
        <span className="text-sm text-ink-2">{rest.filter(Boolean).join(' · ')}</span>
      </p>
      {language !== 'en' && (
        <p lang={language} className="mt-1">
          “{sentenceIn(language, order.dose)}”
        </p>
      )}
    </>
  );
}
