import { firstDayOf, type Usage } from '#chaincode/model/claim.ts';
import type { PlanTerms } from '#chaincode/model/plan.ts';
import type { Policy } from '#chaincode/model/policy.ts';
import type { Shares } from '#fhir/adjudication.ts';
import { type ClaimItem, itemFault } from './claimItem.ts';
import type { ClaimFacts } from './facts.ts';
import { signalsOf } from './fraud.ts';
import type { ClaimHistory } from './history.ts';
import { partOf } from './rounding.ts';
import { ruleInputOf } from './ruleInput.ts';
import { evaluateRule } from './rules.ts';
import { accountOf, type ItemShare, type ItemTerms, shareOut, sumOf } from './share.ts';
import { Trace } from './trace.ts';

/** By what a claim, or a question of eligibility, is judged. */
export interface Grounds {
  terms: PlanTerms;
  policy: Pick<Policy, 'state' | 'from' | 'until'>;
  /** `YYYY-MM-DD`; absent where the insurer does not know it. */
  birthDate?: string | undefined;
  /** Of the policy's year in which the service lies. */
  usage: Usage;
  /** What the insurer has agreed to before, where the claim names it. */
  preauthorisation?: { allowed: number; codes: readonly string[] } | undefined;
  history: ClaimHistory;
  /** By item, what the prescription has the member take a day, where evidence shows it. */
  dailyUnits?: Map<number, number>;
}

export interface Judged {
  items: ItemShare[];
  /** By item. */
  needsAuthorisation: boolean[];
  total: Shares;
  /** Whether the policy was in force at the service. */
  inForce: boolean;
  trace: Trace;
}

/** Judges by policy, plan, rules and what is unusual, and shares out. No clock: the same grounds always come to the same. */
export function judge(facts: ClaimFacts, grounds: Grounds, trace = new Trace()): Judged {
  const inForce = wasInForce(facts, grounds, trace);
  wasFiledInTime(facts, grounds, trace);
  const terms = facts.items.map((item) => termsOf(item, facts, grounds, trace));
  const shares = shareOut(
    terms.map(({ share }) => share),
    accountOf(grounds.terms, grounds.usage, facts.category),
  );
  for (const [index, share] of shares.entries()) tellShare(share, terms[index]?.share, index + 1, facts, trace);
  preauthorised(facts, grounds, terms, sumOf(shares), trace);
  rules(facts, grounds, trace);
  signals(facts, grounds, trace);
  const { reviewAbove } = grounds.terms;
  if (reviewAbove !== undefined) {
    const isAbove = facts.billed > reviewAbove;
    const numbers = { billed: facts.billed, reviewAbove };
    trace.add('reviewAbove', isAbove ? 'review' : 'passed', { numbers, ...(isAbove && { reason: 'LARGE_AMOUNT' }) });
  }
  const items = shares;
  return { items, needsAuthorisation: terms.map(({ authorise }) => authorise), total: sumOf(items), inForce, trace };
}

function wasInForce({ servedAt }: ClaimFacts, { policy }: Grounds, trace: Trace): boolean {
  const { state, from, until } = policy;
  const at = Date.parse(servedAt);
  const isIn =
    (state === 'active' || state === 'ended') &&
    from !== undefined &&
    at >= firstDayOf(from) &&
    (until === undefined || at < Date.parse(until));
  trace.add('policy', isIn ? 'passed' : 'denied', { subject: state, ...(!isIn && { reason: 'NOT_INSURED_THEN' }) });
  return isIn;
}

function wasFiledInTime({ servedAt, filedAt }: ClaimFacts, { terms }: Grounds, trace: Trace): void {
  const days = Math.floor((Date.parse(filedAt) - Date.parse(servedAt)) / 86_400_000);
  const isLate = days > terms.filingDays;
  const numbers = { days, filingDays: terms.filingDays };
  trace.add('filing', isLate ? 'denied' : 'passed', { numbers, ...(isLate && { reason: 'TOO_LATE' }) });
}

interface Termed {
  share: ItemTerms;
  /** Whether it is paid only where the insurer has agreed before. */
  authorise: boolean;
}

/** What the plan says of an item; what is not covered counts nothing. */
function termsOf(item: ClaimItem, facts: ClaimFacts, { terms }: Grounds, trace: Trace): Termed {
  const { sequence, net: billed } = item;
  const none: Termed = { share: { billed, listed: 0, percent: 0, coPay: 0, free: true }, authorise: false };
  const fault = itemFault(item);
  if (fault !== undefined)
    trace.add('quantity', 'review', { item: sequence, subject: fault, reason: 'EVIDENCE_INVALID' });
  const benefit = terms.benefits.find(({ category }) => category === item.category);
  if (benefit === undefined || facts.currency !== terms.currency) {
    trace.add('benefit', 'denied', { item: sequence, subject: item.category, reason: 'NOT_COVERED' });
    return none;
  }
  trace.add('benefit', 'passed', { item: sequence, subject: item.category, numbers: { percent: benefit.percent } });
  const tier = item.category === 'medicine' && item.tier !== 'unlisted' ? item.tier : undefined;
  const ofTier = tier === undefined ? undefined : terms.tiers[tier];
  // A plan may cover what the authority's list does not.
  if (tier === 'notCovered' && (ofTier?.percent ?? 0) === 0) {
    trace.add('tier', 'denied', { item: sequence, subject: tier, reason: 'NOT_COVERED' });
    return none;
  }
  const { percent, coPay, priorAuthorisation } = ofTier ?? benefit;
  if (ofTier !== undefined) trace.add('tier', 'passed', { item: sequence, subject: tier, numbers: { percent, coPay } });
  const listed = listedPrice(item, terms, trace);
  return { share: { billed, listed, percent, coPay, free: benefit.free }, authorise: priorAuthorisation };
}

function listedPrice({ code, sequence, quantity, net }: ClaimItem, terms: PlanTerms, trace: Trace): number | undefined {
  const price = terms.prices.find((each) => each.code === code);
  if (price === undefined) return undefined;
  const listed = partOf(price.price, quantity, price.per);
  const isAbove = net > listed;
  trace.add('price', isAbove ? 'reduced' : 'passed', {
    ...{ item: sequence, subject: code },
    numbers: { billed: net, listed, price: price.price, per: price.per, quantity },
    ...(isAbove && { reason: 'PRICE_ABOVE_LIST' }),
  });
  return listed;
}

/** What of an item's shares came from which term. */
function tellShare(share: ItemShare, of: ItemTerms | undefined, item: number, facts: ClaimFacts, trace: Trace): void {
  const { allowed, insurer, patient, coPay, deductible, beforeLimits, relieved } = share;
  if (of === undefined || beforeLimits + patient === 0) return;
  if (coPay > 0) trace.add('coPay', 'passed', { item, numbers: { coPay } });
  if (deductible > 0) {
    trace.add('deductible', 'passed', {
      item,
      numbers: { deductible },
      ...(insurer === 0 && { reason: 'DEDUCTIBLE' }),
    });
  }
  trace.add('percent', 'passed', { item, numbers: { percent: of.percent, insurer: beforeLimits - relieved } });
  if (relieved > 0) trace.add('outOfPocket', 'passed', { item, numbers: { patient, relieved } });
  if (insurer < beforeLimits) {
    const numbers = { insurer, beforeLimits };
    trace.add('annualLimit', 'reduced', { item, subject: facts.category, numbers, reason: 'ANNUAL_LIMIT' });
  }
  trace.add('shares', 'passed', { item, numbers: { billed: share.billed, allowed, insurer, patient } });
}

/** What needs the insurer's word beforehand has it, for these services and at most so much over all claims that name it; a request for it goes to a person. */
function preauthorised(facts: ClaimFacts, grounds: Grounds, terms: Termed[], total: Shares, trace: Trace): void {
  const needing = facts.items.filter((_, index) => terms[index]?.authorise);
  if (needing.length === 0) return;
  const reason = 'NO_PRIOR_AUTHORISATION';
  const { preauthorisation: agreed } = grounds;
  if (facts.use === 'preauthorisation') trace.add('authorisation', 'review', { subject: 'asked', reason });
  else if (agreed === undefined) trace.add('authorisation', 'denied', { subject: 'missing', reason });
  else if (needing.some(({ code }) => !agreed.codes.includes(code))) {
    trace.add('authorisation', 'review', { subject: 'otherService', reason });
  } else {
    const left = Math.max(0, agreed.allowed - grounds.history.usedOf(facts));
    const isAbove = total.allowed > left;
    const numbers = { allowed: total.allowed, agreed: left };
    trace.add('authorisation', isAbove ? 'review' : 'passed', {
      numbers,
      ...(isAbove && { subject: 'above', reason }),
    });
  }
}

function rules(facts: ClaimFacts, grounds: Grounds, trace: Trace): void {
  const { terms, policy, birthDate, usage, history } = grounds;
  if (terms.rules.length === 0) return;
  const input = ruleInputOf(facts, { from: policy.from ?? facts.servedAt, birthDate, usage, history });
  for (const { id: subject, when, effect, reason, words } of terms.rules) {
    const result = evaluateRule({ when }, input);
    if ('failed' in result)
      trace.add('rule', 'review', { subject, reason: 'RULE', words: result.failed.slice(0, 300) });
    else if (result.is) trace.add('rule', effect === 'deny' ? 'denied' : 'review', { subject, reason, words });
    else trace.add('rule', 'passed', { subject });
  }
}

function signals(facts: ClaimFacts, { history, dailyUnits }: Grounds, trace: Trace): void {
  for (const { code, item, numbers, claims } of signalsOf(facts, history, dailyUnits)) {
    const reason = code === 'sameService' || code === 'sameProductSameDay' ? 'DUPLICATE' : 'UNUSUAL';
    const told = { ...(item !== undefined && { item }), numbers: { ...numbers, against: claims.length } };
    trace.add('signal', 'review', { subject: code, reason, ...told });
  }
}
