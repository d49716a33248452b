import type { Unit } from '#formulary/product.ts';
import type { ClaimItem } from './claimItem.ts';
import type { ClaimFacts } from './facts.ts';
import { type ClaimHistory, isBefore, type PastClaim } from './history.ts';
import { median, modifiedZScore } from './outlier.ts';

/**
 * What is unusual about a claim, beside the insurer's own past ones. A signal says what it saw and against what, and sends the claim to
 * a person: none denies.
 */

export const signalCodes = [
  'sameService',
  'sameProductSameDay',
  'earlyRefill',
  'aboveDailyMaximum',
  'priceOutlier',
  'quantityOutlier',
  'manyClaims',
] as const;
export interface Signal {
  code: (typeof signalCodes)[number];
  /** Number of the item, where it is about one. */
  item?: number;
  /** What was seen, and what it was held against. Amounts in minor units, scores in hundredths. */
  numbers: Record<string, number>;
  /** Claims that it was held against; of outliers none, since they are others'. */
  claims: string[];
}

/** From where on something is unusual. */
export const signalThresholds = {
  /** A fill covers at most so many days at the most that anybody takes. */
  longestFillDays: 100,
  /** Of a known dose, how much more than it a day is plausible, in percent. */
  doseMarginPercent: 125,
  /** Modified z-score, as its authors recommend. */
  score: 3.5,
  /** Where all others bill the same: this much of it, in percent. */
  ofTheSamePercent: 150,
  /** Fewer bills, or of fewer other providers, say nothing. */
  fewestSamples: 12,
  fewestProviders: 3,
  /** Claims of one member for services of one day. */
  claimsADay: 5,
} as const;

/** The most units of a medicine that anybody takes in a day, by what is counted: generous, since less is no sign of anything. */
const dailyMaximum: Record<Unit, number> = {
  ...{ tablet: 16, capsule: 16, drop: 100, mL: 120, sachet: 10, spray: 16, suppository: 6, pessary: 3, g: 60 },
  ...{ patch: 3, puff: 24, unit: 300, syringe: 4, injection: 4, vial: 8, ampoule: 8 },
};
const isUnit = (unit: string): unit is Unit => Object.hasOwn(dailyMaximum, unit);

const dayMs = 86_400_000;
const dayOf = (instant: string) => instant.slice(0, 10);

/**
 * `dailyUnits`: what the prescription has the member take a day, by item, where its evidence shows it.
 */
export function signalsOf(facts: ClaimFacts, history: ClaimHistory, dailyUnits = new Map<number, number>()): Signal[] {
  if (facts.use === 'preauthorisation') return [];
  const others = history.ofPolicy(facts.policy).filter((past) => counts(past, facts));
  return [
    ...sameService(facts, history),
    ...manyClaims(facts, others),
    ...facts.items.flatMap((item) => [
      ...sameDay(facts, item, others),
      ...(item.atc === undefined ? [] : fills(facts, item, others, dailyUnits.get(item.sequence))),
      ...outliers(facts, item, history),
    ]),
  ];
}

const counts = (past: PastClaim, facts: ClaimFacts) =>
  isBefore(past, facts) && past.use === 'claim' && past.result !== 'reversed' && past.result !== 'denied';

function sameService(facts: ClaimFacts, history: ClaimHistory): Signal[] {
  const same = history.ofService(facts.service).filter((past) => isBefore(past, facts) && past.use === 'claim');
  if (same.length === 0) return [];
  return [{ code: 'sameService', numbers: { claims: same.length }, claims: same.map(({ id }) => id) }];
}

function manyClaims(facts: ClaimFacts, others: readonly PastClaim[]): Signal[] {
  const same = others.filter(({ servedAt }) => dayOf(servedAt) === dayOf(facts.servedAt));
  const { claimsADay: most } = signalThresholds;
  if (same.length < most) return [];
  return [{ code: 'manyClaims', numbers: { claims: same.length + 1, most }, claims: same.map(({ id }) => id) }];
}

function sameDay(facts: ClaimFacts, item: ClaimItem, others: readonly PastClaim[]): Signal[] {
  const same = others.filter(
    ({ servedAt, items }) => dayOf(servedAt) === dayOf(facts.servedAt) && items.some(({ code }) => code === item.code),
  );
  if (same.length === 0) return [];
  return [
    {
      ...{ code: 'sameProductSameDay', item: item.sequence, claims: same.map(({ id }) => id) },
      numbers: { quantity: item.quantity, claims: same.length },
    },
  ];
}

/** Whether more is filled than the days allow: of this fill by itself, and since the last one of the same substance. */
function fills(facts: ClaimFacts, item: ClaimItem, others: readonly PastClaim[], dose: number | undefined): Signal[] {
  const { longestFillDays, doseMarginPercent } = signalThresholds;
  if (!isUnit(item.unit)) return [];
  const most = dailyMaximum[item.unit];
  const found: Signal[] = [];
  if (item.quantity > most * longestFillDays) {
    const numbers = { quantity: item.quantity, most: most * longestFillDays, daily: most, days: longestFillDays };
    found.push({ code: 'aboveDailyMaximum', item: item.sequence, numbers, claims: [] });
  }
  const last = lastFill(facts, item, others);
  if (last === undefined) return found;
  const days = Math.floor((Date.parse(facts.servedAt) - Date.parse(last.past.servedAt)) / dayMs);
  const daily = dose ?? most;
  const allowed = dose === undefined ? most * days : Math.ceil((dose * days * doseMarginPercent) / 100);
  // A fill of the same day is told as that.
  if (days === 0 || last.quantity <= allowed) return found;
  const numbers = { lastQuantity: last.quantity, days, daily, allowed, quantity: item.quantity };
  return [...found, { code: 'earlyRefill', item: item.sequence, numbers, claims: [last.past.id] }];
}

/** The newest fill before, of the same substance in the same unit. */
function lastFill({ servedAt }: ClaimFacts, { atc, unit }: ClaimItem, others: readonly PastClaim[]) {
  let newest: { past: PastClaim; quantity: number } | undefined;
  for (const past of others) {
    if (past.servedAt > servedAt || (newest !== undefined && past.servedAt <= newest.past.servedAt)) continue;
    const same = past.items.filter((each) => each.atc === atc && each.unit === unit);
    if (same.length > 0) newest = { past, quantity: same.reduce((sum, { quantity }) => sum + quantity, 0) };
  }
  return newest;
}

/** Price and quantity against what other providers bill for the same; only what is more is told. */
function outliers({ provider }: ClaimFacts, item: ClaimItem, history: ClaimHistory): Signal[] {
  const samples = history.samplesOfOthers(item.code, provider);
  const providers = new Set(samples.map((sample) => sample.provider)).size;
  const { fewestSamples, fewestProviders } = signalThresholds;
  if (samples.length < fewestSamples || providers < fewestProviders) return [];
  const perThousand = Math.round((item.net * 1_000) / item.quantity);
  const held = { samples: samples.length, providers };
  const told = (code: Signal['code'], value: number, others: number[]): Signal[] => {
    const score = scoreOf(value, others);
    if (score === undefined) return [];
    const numbers = { value, median: Math.round(median(others) ?? 0), score, ...held };
    return [{ code, item: item.sequence, numbers, claims: [] }];
  };
  return [
    ...told(
      'priceOutlier',
      perThousand,
      samples.map((sample) => sample.perThousand),
    ),
    ...told(
      'quantityOutlier',
      item.quantity,
      samples.map((sample) => sample.quantity),
    ),
  ];
}

/** In hundredths, where it is unusual; undefined where it is not. */
function scoreOf(value: number, others: number[]): number | undefined {
  const { score: most, ofTheSamePercent } = signalThresholds;
  const score = modifiedZScore(value, others);
  if (score !== undefined) return score > most ? Math.round(score * 100) : undefined;
  // All bill the same: there is no deviation to measure by.
  return value * 100 > (median(others) ?? 0) * ofTheSamePercent ? ofTheSamePercent : undefined;
}
