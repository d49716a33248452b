import { coverageTiers, productCode } from '#chaincode/model/formulary.ts';
import { benefitCategories, type Plan, type PlanTerms, planTerms, serviceCode } from '#chaincode/model/plan.ts';
import { checkRule } from '#coverage/rules.ts';
import { t } from '#messages/en.ts';
import { readAmount, readWhole } from './amount.ts';
import type { PlanDraft, ShareDraft } from './planDraft.ts';

const text = t.claimsPlans.faults;

/** What is wrong with a draft, in words, by the field's name, such as `benefits.medicine.percent`. */
export type PlanFaults = ReadonlyMap<string, string>;
export type ReadPlan = { terms: PlanTerms; validFrom: string } | { faults: PlanFaults };

/** A draft as terms; `before` is the version that it follows. */
export function readPlan(draft: PlanDraft, now: Date, before?: Pick<Plan, 'validFrom'>): ReadPlan {
  const faults = new Map<string, string>();
  /** The value, where there is one; else the field is at fault. */
  const need = <Value>(field: string, value: Value | undefined, words: string, instead: Value): Value => {
    if (value === undefined) faults.set(field, words);
    return value ?? instead;
  };
  const amountIn = (field: string, typed: string) => need(field, readAmount(typed), text.amount, 0);
  const limitIn = (field: string, typed: string) =>
    typed.trim() === '' ? undefined : need(field, readAmount(typed), text.amountOrNone, 0);
  const shareIn = (field: string, { percent, coPay, priorAuthorisation }: ShareDraft) => ({
    percent: need(`${field}.percent`, readWhole(percent, 0, 100), text.percent, 0),
    coPay: amountIn(`${field}.coPay`, coPay),
    priorAuthorisation,
  });
  const check = (field: string, isRight: boolean, words: string) => {
    if (!isRight && !faults.has(field)) faults.set(field, words);
  };
  const once = (values: readonly string[], fieldOf: (place: number) => string) => {
    for (const [place, value] of values.entries()) {
      check(fieldOf(place), value === '' || values.indexOf(value) === place, text.twice);
    }
  };

  const name = draft.name.trim();
  check('name', name.length >= 2 && name.length <= 80, text.name);
  const currency = draft.currency.trim().toUpperCase();
  check('currency', /^[A-Z]{3}$/.test(currency), text.currency);
  const validFrom = need('validFrom', validFromOf(draft.validFrom, now, before), text.date, now.toISOString());
  const covered = benefitCategories.filter((category) => draft.benefits[category].covered);
  check('benefits', covered.length > 0, text.benefits);
  const codes = draft.prices.map(({ code }) => code.trim().toUpperCase());
  for (const [place, code] of codes.entries()) {
    check(
      `prices.${place}.code`,
      productCode.safeParse(code).success || serviceCode.safeParse(code).success,
      text.code,
    );
  }
  once(codes, (place) => `prices.${place}.code`);
  for (const [place, { id, when, words }] of draft.rules.entries()) {
    check(`rules.${place}.id`, /^[a-z][a-z0-9-]{1,39}$/.test(id.trim()), text.ruleId);
    check(`rules.${place}.when`, when.trim() !== '', text.when);
    check(`rules.${place}.when`, when.length <= 500, text.when);
    const fault = when.trim() === '' ? undefined : checkRule(when);
    check(`rules.${place}.when`, fault === undefined, fault?.words ?? '');
    check(`rules.${place}.words`, words.trim().length >= 3 && words.trim().length <= 300, text.words);
  }
  once(
    draft.rules.map(({ id }) => id.trim()),
    (place) => `rules.${place}.id`,
  );

  const candidate = {
    ...{ name, currency, deductible: amountIn('deductible', draft.deductible) },
    annualLimit: limitIn('annualLimit', draft.annualLimit),
    outOfPocketLimit: limitIn('outOfPocketLimit', draft.outOfPocketLimit),
    benefits: covered.map((category) => ({
      category,
      ...shareIn(`benefits.${category}`, draft.benefits[category]),
      free: draft.benefits[category].free,
      annualLimit: limitIn(`benefits.${category}.annualLimit`, draft.benefits[category].annualLimit),
    })),
    tiers: Object.fromEntries(
      coverageTiers.flatMap((tier) =>
        draft.tiers[tier].own ? [[tier, shareIn(`tiers.${tier}`, draft.tiers[tier])]] : [],
      ),
    ),
    prices: draft.prices.map(({ price, per }, place) => ({
      code: codes[place],
      price: amountIn(`prices.${place}.price`, price),
      per: need(`prices.${place}.per`, readWhole(per, 1, 10_000), text.per, 1),
    })),
    filingDays: need('filingDays', readWhole(draft.filingDays, 1, 730), text.days('730'), 1),
    appealDays: need('appealDays', readWhole(draft.appealDays, 1, 365), text.days('365'), 1),
    reviewAbove: limitIn('reviewAbove', draft.reviewAbove),
    rules: draft.rules.map(({ id, when, effect, reason, words }) => ({
      ...{ id: id.trim(), when: when.trim(), effect, reason, words: words.trim() },
    })),
  };
  if (faults.size > 0) return { faults };
  // JSON leaves out what is undefined, as the ledger has it.
  const parsed = planTerms.safeParse(JSON.parse(JSON.stringify(candidate)));
  return parsed.success ? { terms: parsed.data, validFrom } : { faults: new Map([['name', text.whole]]) };
}

/** The beginning of that day where the person is, and never before the version before; undefined for a day that is over. */
function validFromOf(day: string, now: Date, before: Pick<Plan, 'validFrom'> | undefined): string | undefined {
  const start = new Date(`${day}T00:00:00`).getTime();
  const today = new Date(now).setHours(0, 0, 0, 0);
  if (Number.isNaN(start) || start < today) return undefined;
  const earliest = before === undefined ? start : Date.parse(before.validFrom);
  return new Date(Math.max(start, earliest)).toISOString();
}
