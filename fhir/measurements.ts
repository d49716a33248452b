import { systems } from './coding.ts';

/** Measurements that a form offers and the samples use: LOINC code, UCUM unit and the reference range of adults. */
export interface Measurement {
  /** LOINC */
  code: string;
  name: string;
  /** UCUM code, and how it is written for people. */
  unit: string;
  unitText: string;
  low?: number;
  high?: number;
  kind: 'laboratory' | 'vital-signs';
}

const lab = (code: string, name: string, unit: string, low?: number, high?: number, unitText = unit): Measurement => ({
  ...{ code, name, unit, unitText, kind: 'laboratory' },
  ...(low === undefined ? {} : { low }),
  ...(high === undefined ? {} : { high }),
});
const vital = (
  code: string,
  name: string,
  unit: string,
  unitText: string,
  low?: number,
  high?: number,
): Measurement => ({
  ...lab(code, name, unit, low, high, unitText),
  kind: 'vital-signs',
});

export const measurements = {
  hba1c: lab('59261-8', 'HbA1c (IFCC)', 'mmol/mol', 20, 42),
  glucose: lab('14771-0', 'Fasting glucose', 'mmol/L', 3.9, 5.6),
  creatinine: lab('14682-9', 'Creatinine', 'umol/L', 60, 105, 'µmol/L'),
  egfr: lab('62238-1', 'eGFR (CKD-EPI)', 'mL/min/{1.73_m2}', 60, undefined, 'mL/min/1.73 m²'),
  potassium: lab('2823-3', 'Potassium', 'mmol/L', 3.5, 5.1),
  sodium: lab('2951-2', 'Sodium', 'mmol/L', 136, 145),
  cholesterol: lab('14647-2', 'Cholesterol', 'mmol/L', undefined, 5),
  ldl: lab('22748-8', 'LDL cholesterol', 'mmol/L', undefined, 3),
  hdl: lab('14646-4', 'HDL cholesterol', 'mmol/L', 1),
  triglycerides: lab('14927-8', 'Triglycerides', 'mmol/L', undefined, 1.7),
  alt: lab('1742-6', 'ALT', 'U/L', undefined, 45),
  haemoglobin: lab('718-7', 'Haemoglobin', 'g/dL', 12, 17),
  leukocytes: lab('6690-2', 'Leukocytes', '10*9/L', 4, 11, '10⁹/L'),
  platelets: lab('777-3', 'Platelets', '10*9/L', 150, 400, '10⁹/L'),
  crp: lab('1988-5', 'C-reactive protein', 'mg/L', undefined, 5),
  tsh: lab('3016-3', 'TSH', 'm[IU]/L', 0.4, 4, 'mU/L'),
  ferritin: lab('2276-4', 'Ferritin', 'ug/L', 15, 200, 'µg/L'),
  inr: lab('6301-6', 'INR', '{INR}', 0.9, 1.2, ''),
  weight: vital('29463-7', 'Body weight', 'kg', 'kg'),
  height: vital('8302-2', 'Body height', 'cm', 'cm'),
  pulse: vital('8867-4', 'Heart rate', '/min', '/min', 50, 100),
  temperature: vital('8310-5', 'Body temperature', 'Cel', '°C', 36, 37.5),
  saturation: vital('59408-5', 'Oxygen saturation', '%', '%', 94, 100),
} as const satisfies Record<string, Measurement>;
export type MeasurementName = keyof typeof measurements;

export const systolic = vital('8480-6', 'Systolic blood pressure', 'mm[Hg]', 'mmHg', 90, 140);
export const diastolic = vital('8462-4', 'Diastolic blood pressure', 'mm[Hg]', 'mmHg', 60, 90);

/** The Quantity of a value. */
export const quantityOf = ({ unit, unitText }: Measurement, value: number) => ({
  value,
  ...(unitText === '' ? {} : { unit: unitText }),
  system: systems.ucum,
  code: unit,
});
