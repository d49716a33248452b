import type { Limits, PlanTerms, Scoring, Trend } from './plan.ts';

/**
 * Where a plan starts before a clinician has thought of the patient. Nothing is watched by these until a clinician has signed
 * them. Sources:
 * - RCP: Royal College of Physicians, National Early Warning Score (NEWS) 2, London 2017. Critical is what scores 3 there,
 *   urgent what scores 2.
 * - ACC/AHA 2017 guideline on high blood pressure: a crisis from above 180 mmHg systolic or 120 mmHg diastolic.
 * - ADA, Standards of Care in Diabetes, section 6: hypoglycaemia of level 1 below 3.9 and of level 2 below 3.0 mmol/L; and the
 *   international consensus on time in range (Battelino 2019): hyperglycaemia of level 2 above 13.9 mmol/L.
 * - ESC 2021 guideline on heart failure: more than 2 kg in 3 days is a reason to call.
 */
const limits: PlanTerms['limits'] = {
  heartRate: { criticalLow: 41, high: 110, criticalHigh: 130, hysteresis: 3, forSeconds: 60 },
  respiratoryRate: { criticalLow: 9, high: 20, criticalHigh: 24, hysteresis: 1, forSeconds: 60 },
  saturation: { criticalLow: 92, low: 94, hysteresis: 1, forSeconds: 60 },
  systolic: { criticalLow: 91, low: 101, high: 180, criticalHigh: 219, hysteresis: 5, forSeconds: 0 },
  diastolic: { high: 120, hysteresis: 5, forSeconds: 0 },
  temperature: { criticalLow: 35.1, high: 39, hysteresis: 0.2, forSeconds: 0 },
  glucose: { criticalLow: 3, low: 3.9, high: 13.9, hysteresis: 0.3, forSeconds: 0 },
};

/** Target 88 to 92 % (RCP): for hypercapnic respiratory failure, by a clinician's decision only. */
export const saturationOfScale: Record<Scoring['scale'], Limits> = {
  1: { criticalLow: 92, low: 94, hysteresis: 1, forSeconds: 60 },
  2: { criticalLow: 84, low: 86, hysteresis: 1, forSeconds: 60 },
};

export const weightGain: Trend = { series: 'weight', change: 2, windowSeconds: 3 * 86_400, level: 'urgent' };

/**
 * RCP has the longest interval between two sets of observations at 12 hours, and hourly or less where somebody is at risk: a
 * parameter counts for an hour.
 */
export const scoringDefaults = { windowSeconds: 3_600, forSeconds: 60 } as const;

/** Terms without NEWS2 and quiet hours: both are a decision about this patient. */
export const defaultTerms = (responder: string): PlanTerms => ({
  limits,
  trends: [weightGain],
  falls: 'urgent',
  missingAfterSeconds: { heartRate: 900, saturation: 900 },
  missingLevel: 'notice',
  settleSeconds: 300,
  responder,
  escalateAfterSeconds: { critical: 300, urgent: 900, notice: 43_200 },
});
