'use client';

import { CalendarDays, Pill as PillIcon, Umbrella, Wallet } from 'lucide-react';
import { coverageTiers } from '#chaincode/model/formulary.ts';
import { type BenefitCategory, benefitCategories } from '#chaincode/model/plan.ts';
import { CheckBox } from '#components/ui/CheckBox.tsx';
import { TextField } from '#components/ui/Field.tsx';
import { formatMoney } from '#components/ui/format.ts';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { t } from '#messages/en.ts';
import { readAmount } from './amount.ts';
import type { BenefitDraft, PlanDraft, ShareDraft } from './planDraft.ts';

const text = t.claimsPlans.editor;

export interface SectionProps {
  draft: PlanDraft;
  /** Words for a field that is wrong, once they are to be shown. */
  faultOf: (field: string) => string | null;
  set: (change: Partial<PlanDraft>) => void;
}

/** What a plan's field is called in the page, so that the first that is wrong is found. */
const fieldId = (field: string) => ({ 'data-field': field });

/** Name, currency and days. `fixed`: another version has the currency. */
export function BasicsSection({ draft, faultOf, set, fixed }: SectionProps & { fixed: boolean }) {
  return (
    <Panel labelledBy="plan-basics">
      <PanelHead id="plan-basics" title={text.basics} icon={CalendarDays} />
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-3">
        <TextField
          {...fieldId('name')}
          label={text.name}
          error={faultOf('name')}
          maxLength={80}
          autoComplete="off"
          value={draft.name}
          onChange={({ target }) => set({ name: target.value })}
        />
        <TextField
          {...fieldId('validFrom')}
          label={text.validFrom}
          hint={text.validFromHint}
          error={faultOf('validFrom')}
          type="date"
          value={draft.validFrom}
          onChange={({ target }) => set({ validFrom: target.value })}
        />
        <TextField
          {...fieldId('currency')}
          label={text.currency}
          hint={text.currencyHint}
          error={faultOf('currency')}
          maxLength={3}
          autoComplete="off"
          readOnly={fixed}
          value={draft.currency}
          onChange={({ target }) => set({ currency: target.value })}
        />
        <TextField
          {...fieldId('filingDays')}
          label={text.filingDays}
          hint={text.filingDaysHint}
          error={faultOf('filingDays')}
          inputMode="numeric"
          value={draft.filingDays}
          onChange={({ target }) => set({ filingDays: target.value })}
        />
        <TextField
          {...fieldId('appealDays')}
          label={text.appealDays}
          hint={text.appealDaysHint}
          error={faultOf('appealDays')}
          inputMode="numeric"
          value={draft.appealDays}
          onChange={({ target }) => set({ appealDays: target.value })}
        />
      </div>
    </Panel>
  );
}

/** Deductible and limits of a year, and above what a person decides. */
export function LimitsSection({ draft, faultOf, set }: SectionProps) {
  const limits = ['annualLimit', 'outOfPocketLimit', 'reviewAbove'] as const;
  return (
    <Panel labelledBy="plan-limits">
      <PanelHead id="plan-limits" title={text.yearly} icon={Wallet} />
      <div className="grid gap-4 sm:grid-cols-2 lg:grid-cols-4">
        <TextField
          {...fieldId('deductible')}
          label={text.deductible}
          hint={text.deductibleHint}
          error={faultOf('deductible')}
          inputMode="decimal"
          value={draft.deductible}
          onChange={({ target }) => set({ deductible: target.value })}
        />
        {limits.map((name) => (
          <TextField
            key={name}
            {...fieldId(name)}
            label={text[name]}
            hint={text.mayBeEmpty}
            error={faultOf(name)}
            inputMode="decimal"
            value={draft[name]}
            onChange={({ target }) => set({ [name]: target.value })}
          />
        ))}
      </div>
    </Panel>
  );
}

/** What is covered, by kind of service, each with the sentence that members read. */
export function BenefitsSection({ draft, faultOf, set }: SectionProps) {
  const change = (category: BenefitCategory, part: Partial<BenefitDraft>) =>
    set({ benefits: { ...draft.benefits, [category]: { ...draft.benefits[category], ...part } } });
  const fault = faultOf('benefits');
  return (
    <Panel labelledBy="plan-benefits">
      <PanelHead id="plan-benefits" title={text.benefits} icon={Umbrella} />
      <p className="max-w-prose text-sm text-ink-2">{text.benefitsBody}</p>
      {fault && (
        <p role="alert" className="mt-2 text-sm font-semibold text-danger" tabIndex={-1} {...fieldId('benefits')}>
          {fault}
        </p>
      )}
      <ul className="mt-2 divide-y divide-line">
        {benefitCategories.map((category) => {
          const benefit = draft.benefits[category];
          const field = `benefits.${category}`;
          return (
            <li key={category} className="space-y-3 py-4">
              <CheckBox checked={benefit.covered} onChange={(covered) => change(category, { covered })}>
                <span className="font-semibold">{text.covered(t.claims.categories[category])}</span>
              </CheckBox>
              {benefit.covered && (
                <>
                  <div className="grid gap-4 sm:grid-cols-3">
                    <ShareFields
                      field={field}
                      share={benefit}
                      faultOf={faultOf}
                      onChange={(part) => change(category, part)}
                    />
                    <TextField
                      {...fieldId(`${field}.annualLimit`)}
                      label={text.limit}
                      hint={text.mayBeEmpty}
                      error={faultOf(`${field}.annualLimit`)}
                      inputMode="decimal"
                      value={benefit.annualLimit}
                      onChange={({ target }) => change(category, { annualLimit: target.value })}
                    />
                  </div>
                  <div className="flex flex-wrap gap-x-6 gap-y-2">
                    <CheckBox
                      checked={benefit.priorAuthorisation}
                      onChange={(priorAuthorisation) => change(category, { priorAuthorisation })}
                    >
                      {text.priorAuthorisation}
                    </CheckBox>
                    <CheckBox checked={benefit.free} onChange={(free) => change(category, { free })}>
                      {text.free}
                    </CheckBox>
                  </div>
                </>
              )}
              <p className="text-sm text-ink-2 first-letter:uppercase">
                {sentenceOf(category, benefit, draft.currency)}
              </p>
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** Shares of medicines by their tier, in place of the one for medicines. */
export function TiersSection({ draft, faultOf, set }: SectionProps) {
  return (
    <Panel labelledBy="plan-tiers">
      <PanelHead id="plan-tiers" title={text.tiers} icon={PillIcon} />
      <p className="max-w-prose text-sm text-ink-2">{text.tiersBody}</p>
      <ul className="mt-2 divide-y divide-line">
        {coverageTiers.map((tier) => {
          const share = draft.tiers[tier];
          const change = (part: Partial<typeof share>) =>
            set({ tiers: { ...draft.tiers, [tier]: { ...share, ...part } } });
          return (
            <li key={tier} className="space-y-3 py-3">
              <CheckBox checked={share.own} onChange={(own) => change({ own })}>
                {text.own(t.formulary.tiers[tier])}
              </CheckBox>
              {share.own && (
                <div className="grid items-end gap-4 sm:grid-cols-3">
                  <ShareFields field={`tiers.${tier}`} share={share} faultOf={faultOf} onChange={change} />
                  <div className="pb-2">
                    <CheckBox
                      checked={share.priorAuthorisation}
                      onChange={(priorAuthorisation) => change({ priorAuthorisation })}
                    >
                      {text.priorAuthorisation}
                    </CheckBox>
                  </div>
                </div>
              )}
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

function ShareFields({
  field,
  share,
  faultOf,
  onChange,
}: {
  field: string;
  share: ShareDraft;
  faultOf: SectionProps['faultOf'];
  onChange: (part: Partial<ShareDraft>) => void;
}) {
  return (
    <>
      <TextField
        {...fieldId(`${field}.percent`)}
        label={text.percent}
        error={faultOf(`${field}.percent`)}
        inputMode="numeric"
        maxLength={3}
        value={share.percent}
        onChange={({ target }) => onChange({ percent: target.value })}
      />
      <TextField
        {...fieldId(`${field}.coPay`)}
        label={text.coPay}
        error={faultOf(`${field}.coPay`)}
        inputMode="decimal"
        value={share.coPay}
        onChange={({ target }) => onChange({ coPay: target.value })}
      />
    </>
  );
}

/** What a member reads of a benefit, as far as it is written. */
function sentenceOf(category: BenefitCategory, benefit: BenefitDraft, currency: string): string {
  const words = t.claimsPlans.sentence;
  const name = t.claims.categories[category];
  if (!benefit.covered) return words.notCovered(name);
  const money = (typed: string) => {
    const amount = readAmount(typed);
    return amount === undefined || amount === 0 ? undefined : formatMoney(amount, isCurrency(currency));
  };
  const [coPay, limit] = [money(benefit.coPay), money(benefit.annualLimit)];
  return [
    words.covered(name, benefit.percent || '–'),
    coPay && words.coPay(coPay),
    benefit.free && words.free,
    limit && words.limit(limit),
    benefit.priorAuthorisation && words.prior,
    '.',
  ]
    .filter(Boolean)
    .join('');
}

/** A currency while it is typed is none yet. */
const isCurrency = (typed: string) => (/^[A-Za-z]{3}$/.test(typed) ? typed.toUpperCase() : undefined);
