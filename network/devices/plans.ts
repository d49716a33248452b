import type { PlanTerms } from '#monitoring/plan.ts';
import { defaultTerms, saturationOfScale, scoringDefaults } from '#monitoring/planDefaults.ts';
import { measuresOf, type Wearer } from './wearers.ts';

/** So long may a measure be silent before that is told; what is measured once a day is not missed for two. */
const silences = {
  heartRate: 1_800,
  saturation: 1_800,
  glucose: 3_600,
  weight: 2 * 86_400,
  bloodPressure: 6 * 3_600,
} as const;

/** What a wearer's clinician has decided: the defaults, and what is different about this patient. */
export function termsFor(wearer: Wearer, [responder = '', escalateTo]: readonly string[]): PlanTerms {
  const terms = defaultTerms(responder);
  const { news2, body } = wearer;
  const measured: readonly string[] = wearer.boxes.flatMap(measuresOf);
  const missing = Object.entries(silences).filter(([name]) => measured.includes(name));
  const isChild = body.respiratoryRate > 18 && body.weightKg < 80 && news2 === undefined;
  return {
    ...terms,
    limits: {
      ...terms.limits,
      // Whoever climbs stairs is not ill.
      heartRate: {
        criticalLow: 41,
        high: isChild ? 140 : 120,
        criticalHigh: isChild ? 160 : 140,
        hysteresis: 5,
        forSeconds: 600,
      },
      respiratoryRate: { criticalLow: 9, high: 27, criticalHigh: 31, hysteresis: 2, forSeconds: 600 },
      saturation: { ...saturationOfScale[news2 ?? 1], forSeconds: 300 },
      ...(body.glucose > 7 && {
        glucose: { criticalLow: 3, low: 3.9, high: 18, criticalHigh: 22, hysteresis: 0.3, forSeconds: 900 },
      }),
    },
    ...(news2 !== undefined && {
      news2: { scale: news2, aged16OrMore: true, notPregnant: true, ...scoringDefaults, forSeconds: 10 },
    }),
    missingAfterSeconds: Object.fromEntries(missing),
    ...(escalateTo !== undefined && { escalateTo }),
  };
}
