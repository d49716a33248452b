import { placeOf } from '../../supplyIndexer/fact.ts';
import { about, type Rule } from './rule.ts';

/** Somebody handed on a pack that may be handed on no more, or tried to. */
export const expiredOrRecalled: Rule = {
  id: 'expiredOrRecalled',
  level: 'serious',
  description:
    'An expired or recalled pack was dispensed, shipped or decommissioned, or somebody tried to; or it arrived at a place after the recall.',
  source:
    'Directive 2001/83/EC, articles 80(d) and 117 (recall); Delegated Regulation (EU) 2016/161, article 40 (recalled and withdrawn packs are decommissioned); EU Guidelines on Good Distribution Practice 2013/C 343/01, 5.5 (what expires leaves saleable stock) and 6.5 (recalls).',
  judge(judged) {
    const { fact } = judged;
    const why = reasonOf(fact);
    if (why === undefined) return [];
    return [{ ...about(judged), site: placeOf(fact), facts: { why, step: fact.step, outcome: fact.outcome } }];
  },
};

function reasonOf({ outcome, code, alerts }: Parameters<Rule['judge']>[0]['fact']): string | undefined {
  if (outcome === 'refused') return code === 'EXPIRED' ? 'expired' : code === 'RECALLED' ? 'recalled' : undefined;
  return alerts.find((alert) => alert === 'recalled' || alert === 'expired');
}
