import type { Measured } from '#fhir/chart/entry.ts';
import { type Person, yearsAt } from './subject.ts';

const micromolesPerMilligramPerDecilitre = 88.4;

/** Creatinine in mg/dL; undefined in another unit. */
function milligrams({ n, u }: Measured): number | undefined {
  if (n === undefined || n <= 0) return undefined;
  if (u === 'umol/L') return n / micromolesPerMilligramPerDecilitre;
  return u === 'mg/dL' ? n : undefined;
}

/**
 * eGFR in mL/min/1.73 m² by the CKD-EPI creatinine equation of 2021 (without race; KDIGO 2024 CKD guideline, section on
 * evaluation of GFR). Only for adults whose sex is male or female.
 */
export function estimatedGfr(creatinine: Measured, { birthDate, sex }: Person, at: string): number | undefined {
  const serum = milligrams(creatinine);
  const age = birthDate === '' ? undefined : yearsAt(birthDate, at);
  if (serum === undefined || age === undefined || age < 18 || (sex !== 'female' && sex !== 'male')) return undefined;
  const isFemale = sex === 'female';
  const [kappa, alpha] = isFemale ? [0.7, -0.241] : [0.9, -0.302];
  const ratio = serum / kappa;
  return 142 * Math.min(ratio, 1) ** alpha * Math.max(ratio, 1) ** -1.2 * 0.9938 ** age * (isFemale ? 1.012 : 1);
}
