/**
 * Conversions between the UCUM units in which laboratories report the same value. Only what is exact or has one accepted factor;
 * everything else is left as it is, since a wrong number is worse than two lines.
 */

/** Factor to a common unit of the dimension. */
const scales: Record<string, { dimension: string; factor: number }> = {
  'g/L': { dimension: 'mass concentration', factor: 1 },
  'g/dL': { dimension: 'mass concentration', factor: 10 },
  'mg/L': { dimension: 'mass concentration', factor: 1e-3 },
  'mg/dL': { dimension: 'mass concentration', factor: 1e-2 },
  'ug/L': { dimension: 'mass concentration', factor: 1e-6 },
  'ng/mL': { dimension: 'mass concentration', factor: 1e-6 },
  'mol/L': { dimension: 'substance concentration', factor: 1 },
  'mmol/L': { dimension: 'substance concentration', factor: 1e-3 },
  'umol/L': { dimension: 'substance concentration', factor: 1e-6 },
  'nmol/L': { dimension: 'substance concentration', factor: 1e-9 },
  'pmol/L': { dimension: 'substance concentration', factor: 1e-12 },
  kg: { dimension: 'mass', factor: 1 },
  g: { dimension: 'mass', factor: 1e-3 },
  '[lb_av]': { dimension: 'mass', factor: 0.453_592_37 },
  m: { dimension: 'length', factor: 1 },
  cm: { dimension: 'length', factor: 0.01 },
  '[in_i]': { dimension: 'length', factor: 0.0254 },
  '[ft_i]': { dimension: 'length', factor: 0.3048 },
  '10*9/L': { dimension: 'number concentration', factor: 1 },
  '10*3/uL': { dimension: 'number concentration', factor: 1 },
  '10*12/L': { dimension: 'number concentration', factor: 1000 },
  '10*6/uL': { dimension: 'number concentration', factor: 1000 },
};

/** Molar masses in g/mol, by LOINC codes whose substance they are. */
const molarMass: Record<string, number> = {
  // Creatinine
  ...{ 'loinc|2160-0': 113.12, 'loinc|14682-9': 113.12 },
  // Glucose
  ...{ 'loinc|2345-7': 180.156, 'loinc|2339-0': 180.156, 'loinc|1558-6': 180.156, 'loinc|14749-6': 180.156 },
  // Cholesterol, HDL, LDL
  ...{ 'loinc|2093-3': 386.65, 'loinc|2085-9': 386.65, 'loinc|13457-7': 386.65, 'loinc|18262-6': 386.65 },
};

/** Haemoglobin A1c: IFCC mmol/mol and NGSP percent (master equation, https://ngsp.org/ifcc.asp). */
const a1c = new Set(['loinc|4548-4', 'loinc|59261-8']);
const ngspOf = (ifcc: number) => 0.09148 * ifcc + 2.152;
const ifccOf = (ngsp: number) => (ngsp - 2.152) / 0.09148;

/** A value in another unit, rounded to six significant digits where it changed; undefined where it cannot be said. */
export function convert(value: number, from: string, to: string, code: string): number | undefined {
  if (from === to) return value;
  if (a1c.has(code) && from === 'mmol/mol' && to === '%') return rounded(ngspOf(value));
  if (a1c.has(code) && from === '%' && to === 'mmol/mol') return rounded(ifccOf(value));
  if (from === 'Cel' && to === '[degF]') return rounded(value * 1.8 + 32);
  if (from === '[degF]' && to === 'Cel') return rounded((value - 32) / 1.8);
  const [source, aim] = [scaleOf(from), scaleOf(to)];
  if (!source || !aim) return undefined;
  const based = value * source.factor;
  if (source.dimension === aim.dimension) return rounded(based / aim.factor);
  const mass = molarMass[code];
  if (mass === undefined) return undefined;
  if (source.dimension === 'mass concentration' && aim.dimension === 'substance concentration')
    return rounded(based / mass / aim.factor);
  if (source.dimension === 'substance concentration' && aim.dimension === 'mass concentration')
    return rounded((based * mass) / aim.factor);
  return undefined;
}
const scaleOf = (unit: string) => (Object.hasOwn(scales, unit) ? scales[unit] : undefined);
const rounded = (value: number) => Number(value.toPrecision(6));
