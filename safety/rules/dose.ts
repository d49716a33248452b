import { isIn } from '../atc.ts';
import { amountOf, type Daily, dailyOf, isAbove } from '../daily.ts';
import type { Finding, Said } from '../finding.ts';
import { titled } from '../recognise.ts';
import { type Order, type Subject, yearsAt } from '../subject.ts';
import { ageLimits } from '../table/ages.ts';
import { doseLimits } from '../table/doses/limits.ts';
import type { DoseLimit } from '../table/doses/row.ts';

/** Routes by which a medicine acts where it is put: no daily limit is set for them. */
const local: ReadonlySet<string> = new Set(['cutaneous', 'ocular', 'otic', 'nasal']);

const inWords = ({ from, to }: DoseLimit) => (to < 200 ? `below ${to} years` : `from ${from} years on`);

function exceeded(
  limit: DoseLimit,
  daily: Daily,
  weight: number | undefined,
): { found: string; most: string } | undefined {
  const { unit, day, single, interval } = daily;
  const of = (amount: number, most: number | undefined, when: string) =>
    most !== undefined && isAbove(amount, most)
      ? { found: `${amountOf(amount, unit)} ${when}`, most: `${amountOf(most, unit)} ${when}` }
      : undefined;
  const byWeight = (perKg: number | undefined) =>
    perKg === undefined || weight === undefined ? undefined : perKg * weight;
  const isOften = limit.days !== undefined && isAbove(limit.days, interval);
  return (
    (isOften ? { found: 'more often', most: `once in ${limit.days} days` } : undefined) ??
    of(day, limit.day, 'a day') ??
    of(day, byWeight(limit.dayPerKg), 'a day') ??
    of(single, limit.single, 'at once') ??
    of(single, byWeight(limit.singlePerKg), 'at once')
  );
}

/** The dose against limits by age and weight, and the medicine against the youngest age for it. */
export function checkDose({ birthDate, weight }: Subject, order: Order): Said {
  const { product, at } = order;
  const said: Said = { findings: [], unknown: [] };
  const age = birthDate.value === undefined ? undefined : yearsAt(birthDate.value, at);
  const limits = doseLimits.filter(({ atc }) => atc === product.atc);
  const ages = ageLimits.filter(({ atc }) => isIn(product.atc, atc));
  if (birthDate.missing !== undefined && (limits.length > 0 || ages.length > 0))
    said.unknown.push({ what: 'age', ...birthDate.missing });
  const subject = titled(product.name);

  const tooYoung = ages
    .filter(({ below }) => age !== undefined && age < below)
    .sort((one, other) => one.below - other.below)[0];
  if (tooYoung !== undefined && age !== undefined) {
    const { id, below, severity, explanation, source } = tooYoung;
    const title = below < 1 ? `${subject}: too young for it` : `${subject}: not below ${below} years`;
    said.findings.push({
      rule: id,
      kind: 'dose',
      severity,
      title,
      explanation,
      source,
      evidence: `${yearsText(age)} old`,
    });
  }

  // Without an age what no adult may take is too much all the same.
  const inForce = limits.filter(({ from, to }) =>
    age === undefined ? to >= 200 && from < 18 : age >= from && age < to,
  );
  const isCovered = inForce.some(namesAmount);
  const daily = dailyOf(order);
  if ((!isCovered || daily?.unit !== 'mg') && !local.has(product.route))
    said.unknown.push({
      ...{ what: 'dose', why: 'noRule' },
      ...(limits.some(namesAmount) && !isCovered && { detail: 'no limits for this age' }),
    });
  if (daily?.unit !== 'mg') return said;
  const needsWeight = inForce.some(({ dayPerKg, singlePerKg }) => dayPerKg !== undefined || singlePerKg !== undefined);
  if (needsWeight && weight.missing !== undefined) said.unknown.push({ what: 'weight', ...weight.missing });
  const tooMuch = (limit: DoseLimit, whose: string): Finding[] => {
    const over = exceeded(limit, daily, weight.value);
    if (over === undefined) return [];
    const { id, severity, source } = limit;
    const title = `${subject}: more than the highest dose`;
    const explanation = `The most is ${over.most} ${whose}.`;
    const evidence = limit.days === undefined ? over.found : `every ${round(daily.interval)} days`;
    return [{ rule: id, kind: 'dose', severity, title, explanation, source, evidence }];
  };
  const byWeight = needsWeight && weight.value !== undefined ? ` at ${weight.value} kg` : '';
  said.findings.push(...inForce.flatMap((limit) => tooMuch(limit, `${inWords(limit)}${byWeight}`)));
  // By weight a heavy child would get more than an adult.
  const ofAdults = limits.filter(({ from, to }) => age !== undefined && age < from && from < 18 && to >= 200);
  said.findings.push(...ofAdults.flatMap((limit) => tooMuch(limit, `${inWords(limit)}; no child takes more`)));
  return said;
}

/** Whether a row limits how much is taken, and not only how often. */
const namesAmount = ({ day, single, dayPerKg, singlePerKg }: DoseLimit): boolean =>
  [day, single, dayPerKg, singlePerKg].some((most) => most !== undefined);

const round = (value: number) => Number(value.toFixed(2));
const yearsText = (age: number) => (age < 2 ? `${Math.floor(age * 12)} months` : `${Math.floor(age)} years`);
