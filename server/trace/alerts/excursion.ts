import { placeOf } from '../../supplyIndexer/fact.ts';
import { about, type Rule } from './rule.ts';

/** A sensor read a temperature outside of a product's storage limits. */
export const excursion: Rule = {
  id: 'excursion',
  level: 'serious',
  description:
    'A sensor read a temperature outside of the storage limits of a product in the container or of the pack.',
  source:
    'EU Guidelines on Good Distribution Practice 2013/C 343/01, 9.2 and 9.4 (excursions in transport are reported and investigated); GS1 EPCIS 2.0, sensorElementList.',
  judge(judged) {
    const { fact } = judged;
    if (fact.outcome !== 'accepted' || !fact.alerts.includes('excursion')) return [];
    const { celsius } = fact;
    const facts: Record<string, number> =
      celsius.length === 0
        ? {}
        : { lowest: Math.min(...celsius), highest: Math.max(...celsius), readings: celsius.length };
    return [{ ...about(judged), site: placeOf(fact), facts }];
  },
};
