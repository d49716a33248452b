import type { CodeableConcept, Quantity } from '../r4/datatypes.ts';
import type { Observation } from '../r4/observation.ts';
import { clip, codeKey, measuredQuantity, wordsOf } from './concept.ts';
import type { ChartEntry, Measured } from './entry.ts';

type Valued = Pick<
  Observation,
  | 'valueQuantity'
  | 'valueCodeableConcept'
  | 'valueString'
  | 'valueBoolean'
  | 'valueInteger'
  | 'valueRange'
  | 'valueRatio'
  | 'valueTime'
  | 'valueDateTime'
  | 'valuePeriod'
  | 'dataAbsentReason'
  | 'interpretation'
  | 'referenceRange'
>;

/** The value of an observation or of one of its components, with range and interpretation. */
export function measuredOf(valued: Valued): Measured | undefined {
  const value = bareValue(valued);
  const flag = valued.interpretation?.[0]?.coding?.find(({ code }) => code !== undefined)?.code ?? undefined;
  const range = value?.n === undefined ? {} : rangeOf(valued, value.u);
  const flagged = flag === undefined ? {} : { f: flag.slice(0, 16) };
  const whole = { ...value, ...range, ...flagged };
  return Object.keys(whole).length === 0 ? undefined : whole;
}

function bareValue(valued: Valued): Measured | undefined {
  if (valued.valueQuantity) return measuredQuantity(valued.valueQuantity);
  if (valued.valueInteger !== undefined) return { n: valued.valueInteger };
  const said = textValue(valued);
  return said === undefined ? undefined : { t: said };
}

function textValue(valued: Valued): string | undefined {
  const { valueRange, valueRatio, valuePeriod } = valued;
  if (valued.valueCodeableConcept) return wordsOf(valued.valueCodeableConcept);
  if (valued.valueString !== undefined) return clip(valued.valueString);
  if (valued.valueBoolean !== undefined) return valued.valueBoolean ? 'yes' : 'no';
  if (valueRange) return `${amount(valueRange.low)} – ${amount(valueRange.high)}`;
  if (valueRatio) return `${amount(valueRatio.numerator)} : ${amount(valueRatio.denominator)}`;
  if (valuePeriod) return `${valuePeriod.start ?? ''} – ${valuePeriod.end ?? ''}`;
  return valued.valueDateTime ?? valued.valueTime ?? wordsOf(valued.dataAbsentReason);
}
const amount = (quantity: Quantity | undefined) =>
  quantity?.value === undefined ? '' : `${quantity.value}${quantity.unit ? ` ${quantity.unit}` : ''}`;

/** The normal range, where it is in the value's unit. Ranges for others (therapeutic, other ages) are left in the resource. */
function rangeOf({ referenceRange }: Valued, unit: string | undefined): Pick<Measured, 'lo' | 'hi'> {
  const normal = referenceRange?.find(({ type }) => type === undefined || isNormal(type));
  const inUnit = (limit: Quantity | undefined) => {
    const own = limit?.code ?? limit?.unit;
    return own === undefined || own === unit ? limit?.value : undefined;
  };
  const [lo, hi] = [inUnit(normal?.low), inUnit(normal?.high)];
  return { ...(lo === undefined ? {} : { lo }), ...(hi === undefined ? {} : { hi }) };
}
const isNormal = (type: CodeableConcept) => type.coding?.some(({ code }) => code === 'normal') ?? false;

export function partsOf(observation: Observation): Pick<ChartEntry, 'p'> {
  const parts = (observation.component ?? []).slice(0, 12).map((component) => {
    const code = codeKey(component.code)?.slice(0, 96);
    return { ...measuredOf(component), ...(code === undefined ? {} : { code }), x: wordsOf(component.code) ?? '' };
  });
  return parts.length === 0 ? {} : { p: parts };
}

/** Whether a value lies outside of its range, by the laboratory's word, else by the range. */
export function isAbnormal({ f, n, lo, hi }: Measured): boolean {
  if (f !== undefined) return !['N', 'NEG', 'IND', 'ND', 'NR', 'NS', 'S'].includes(f);
  return n !== undefined && ((lo !== undefined && n < lo) || (hi !== undefined && n > hi));
}
