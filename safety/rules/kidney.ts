import { isIn } from '../atc.ts';
import { amountOf, dailyOf, isAbove } from '../daily.ts';
import { nothing, type Said } from '../finding.ts';
import { titled } from '../recognise.ts';
import type { Order, Subject } from '../subject.ts';
import { type KidneyLimit, kidneyLimits } from '../table/kidney.ts';

/** Rows of one medicine are named alike but for the limit. */
const familyOf = ({ id }: KidneyLimit) => id.replace(/-\d+$/, '');

/** The medicine and its dose against kidney function: of several limits the lowest that is not reached speaks. */
export function checkKidney({ kidney }: Subject, order: Order): Said {
  const { product } = order;
  const limits = kidneyLimits.filter(({ atc }) => isIn(product.atc, atc));
  if (limits.length === 0) return nothing;
  const said: Said = { findings: [], unknown: [] };
  const { value: eGFR, missing } = kidney;
  if (missing !== undefined) said.unknown.push({ what: 'kidney', ...missing });
  if (eGFR === undefined) return said;
  const below = limits.filter((limit) => eGFR < limit.below).sort((one, other) => one.below - other.below);
  for (const family of Map.groupBy(below, familyOf).values()) {
    const [limit] = family;
    if (limit === undefined) continue;
    const evidence = [`eGFR ${Number(eGFR.toFixed(1))}`];
    if (limit.day !== undefined) {
      const daily = dailyOf(order);
      if (daily === undefined || daily.unit !== 'mg') {
        said.unknown.push({ what: 'dose', why: 'noRule' });
        continue;
      }
      if (!isAbove(daily.day, limit.day)) continue;
      evidence.push(`${amountOf(daily.day, daily.unit)} a day`);
    }
    const { id, severity, explanation, source } = limit;
    const title = `${titled(product.name)}: kidney function`;
    said.findings.push({
      rule: id,
      kind: 'kidney',
      severity,
      title,
      explanation,
      source,
      evidence: evidence.join(', '),
    });
  }
  return said;
}
