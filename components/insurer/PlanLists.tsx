'use client';

import { BadgeEuro, CircleCheck, Plus, Scale, Trash2 } from 'lucide-react';
import { claimReasons } from '#chaincode/model/plan.ts';
import { Button, IconButton } from '#components/ui/Button.tsx';
import { SelectField, TextAreaField, TextField } from '#components/ui/Field.tsx';
import { Panel, PanelHead } from '#components/ui/Panel.tsx';
import { checkRule, ruleItem, ruleVariables } from '#coverage/rules.ts';
import { t } from '#messages/en.ts';
import type { SectionProps } from './PlanSections.tsx';
import { type PriceDraft, type RuleDraft, withPrice, withRule } from './planDraft.ts';

const text = t.claimsPlans.editor;
const mostPrices = 100;
const mostRules = 20;

/** The most that counts for a product or service. */
export function PricesSection({ draft, faultOf, set }: SectionProps) {
  const { prices } = draft;
  const change = (key: number, part: Partial<PriceDraft>) =>
    set({ prices: prices.map((price) => (price.key === key ? { ...price, ...part } : price)) });
  return (
    <Panel labelledBy="plan-prices">
      <PanelHead
        id="plan-prices"
        title={text.prices}
        icon={BadgeEuro}
        aside={
          prices.length < mostPrices && (
            <Button size="sm" icon={Plus} onClick={() => set({ prices: withPrice(prices) })}>
              {text.addPrice}
            </Button>
          )
        }
      />
      <p className="max-w-prose text-sm text-ink-2">{text.pricesBody}</p>
      {prices.length === 0 && <p className="mt-2 text-sm text-ink-3">{text.noPrices}</p>}
      <ul className="mt-2 divide-y divide-line">
        {prices.map(({ key, code, price, per }, place) => {
          const field = `prices.${place}`;
          return (
            <li key={key} className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-3 py-3">
              <div className="grid gap-3 sm:grid-cols-3">
                <TextField
                  data-field={`${field}.code`}
                  label={text.code}
                  error={faultOf(`${field}.code`)}
                  mono
                  maxLength={20}
                  autoComplete="off"
                  spellCheck={false}
                  value={code}
                  onChange={({ target }) => change(key, { code: target.value })}
                />
                <TextField
                  data-field={`${field}.price`}
                  label={text.price}
                  error={faultOf(`${field}.price`)}
                  inputMode="decimal"
                  value={price}
                  onChange={({ target }) => change(key, { price: target.value })}
                />
                <TextField
                  data-field={`${field}.per`}
                  label={text.per}
                  error={faultOf(`${field}.per`)}
                  inputMode="numeric"
                  value={per}
                  onChange={({ target }) => change(key, { per: target.value })}
                />
              </div>
              <IconButton
                icon={Trash2}
                label={text.remove(code || text.price)}
                onClick={() => set({ prices: prices.filter((each) => each.key !== key) })}
              />
            </li>
          );
        })}
      </ul>
    </Panel>
  );
}

/** The insurer's own rules, each checked while it is typed. */
export function RulesSection({ draft, faultOf, set }: SectionProps) {
  const { rules } = draft;
  const change = (key: number, part: Partial<RuleDraft>) =>
    set({ rules: rules.map((rule) => (rule.key === key ? { ...rule, ...part } : rule)) });
  return (
    <Panel labelledBy="plan-rules">
      <PanelHead
        id="plan-rules"
        title={text.rules}
        icon={Scale}
        aside={
          rules.length < mostRules && (
            <Button size="sm" icon={Plus} onClick={() => set({ rules: withRule(rules) })}>
              {text.addRule}
            </Button>
          )
        }
      />
      <p className="max-w-prose text-sm text-ink-2">{text.rulesBody}</p>
      <Vocabulary />
      {rules.length === 0 && <p className="mt-2 text-sm text-ink-3">{text.noRules}</p>}
      <ul className="mt-2 divide-y divide-line">
        {rules.map((rule, place) => (
          <li key={rule.key} className="grid grid-cols-[minmax(0,1fr)_auto] items-start gap-3 py-4">
            <RuleFields
              rule={rule}
              field={`rules.${place}`}
              faultOf={faultOf}
              onChange={(part) => change(rule.key, part)}
            />
            <IconButton
              icon={Trash2}
              label={text.remove(rule.id || text.rules)}
              onClick={() => set({ rules: rules.filter(({ key }) => key !== rule.key) })}
            />
          </li>
        ))}
      </ul>
    </Panel>
  );
}

function RuleFields({
  rule,
  field,
  faultOf,
  onChange,
}: {
  rule: RuleDraft;
  field: string;
  faultOf: SectionProps['faultOf'];
  onChange: (part: Partial<RuleDraft>) => void;
}) {
  const { id, when, effect, reason, words } = rule;
  const isWritten = when.trim() !== '';
  const fault = isWritten ? checkRule(when) : undefined;
  return (
    <div className="space-y-3">
      <TextAreaField
        data-field={`${field}.when`}
        label={text.when}
        hint={
          isWritten && fault === undefined ? (
            <span className="inline-flex items-center gap-1.5 text-ok">
              <CircleCheck size={15} aria-hidden className="shrink-0" />
              {text.whenOk}
            </span>
          ) : undefined
        }
        error={fault?.words ?? faultOf(`${field}.when`)}
        rows={2}
        maxLength={500}
        spellCheck={false}
        autoComplete="off"
        value={when}
        onChange={({ target }) => onChange({ when: target.value })}
      />
      <div className="grid gap-3 sm:grid-cols-3">
        <TextField
          data-field={`${field}.id`}
          label={text.ruleId}
          hint={text.ruleIdHint}
          error={faultOf(`${field}.id`)}
          mono
          maxLength={40}
          autoComplete="off"
          spellCheck={false}
          value={id}
          onChange={({ target }) => onChange({ id: target.value })}
        />
        <SelectField
          label={text.effect}
          options={(['review', 'deny'] as const).map((value) => ({ value, label: text.effects[value] }))}
          value={effect}
          onChange={(chosen) => onChange({ effect: chosen })}
        />
        <SelectField
          label={text.reason}
          options={claimReasons.map((value) => ({ value, label: t.claims.reasons[value] }))}
          value={reason}
          onChange={(chosen) => onChange({ reason: chosen })}
        />
      </div>
      <TextField
        data-field={`${field}.words`}
        label={text.words}
        error={faultOf(`${field}.words`)}
        maxLength={300}
        autoComplete="off"
        value={words}
        onChange={({ target }) => onChange({ words: target.value })}
      />
    </div>
  );
}

/** What a rule may name, as the language declares it. */
function Vocabulary() {
  const groups = Object.entries(ruleVariables).map(([name, members]) => ({
    name,
    members: Object.keys(members).map((member) => `${name}.${member}`),
  }));
  return (
    <details className="mt-2 text-sm">
      <summary className="cursor-pointer font-semibold text-ink-2">{text.vocabulary}</summary>
      <div className="mt-2 space-y-2 text-ink-2">
        <p>
          {text.vocabularyBody} <code className="font-mono text-xs break-words">{text.example}</code>
        </p>
        {groups.map(({ name, members }) => (
          <p key={name} className="font-mono text-xs break-words">
            {members.join('  ')}
          </p>
        ))}
        <p>
          {text.ofItems}: <span className="font-mono text-xs">{Object.keys(ruleItem).join('  ')}</span>
        </p>
      </div>
    </details>
  );
}
