import { diastolic, measurements, systolic } from '#fhir/measurements.ts';

/**
 * What devices measure. A **measure** is what one reading says, with the number that stands for it on the wire; a **series** is
 * one number of it over time, which is what limits, scores, digests and plots are about: blood pressure has two.
 */

/** One number over time. Values outside of the bounds are no measurement of a living person and are refused. */
export interface Series {
  /** LOINC */
  loinc: string;
  /** How LOINC calls it, for FHIR. */
  display: string;
  /** UCUM code, and how it is written for people. */
  unit: string;
  unitText: string;
  /** Smallest and greatest value that a device can mean. */
  lowest: number;
  highest: number;
  /** Digits behind the point that are kept: on the wire a value is a whole number of such steps. */
  decimals: number;
  /** A sensor says it by itself every few seconds or minutes; others are measured or entered a few times a day. */
  sensed: boolean;
}

const like = (
  { code, name, unit, unitText }: { code: string; name: string; unit: string; unitText: string },
  lowest: number,
  highest: number,
  { decimals = 0, sensed = false }: { decimals?: number; sensed?: boolean } = {},
): Series => ({ loinc: code, display: name, unit, unitText, lowest, highest, decimals, sensed });
const bySensor = { sensed: true };
const oneDecimal = { decimals: 1 };

/** Bounds are those of what devices can show (and a body can have for minutes), not of what is healthy. */
export const series = {
  heartRate: like(measurements.pulse, 10, 350, bySensor),
  respiratoryRate: like({ code: '9279-1', name: 'Respiratory rate', unit: '/min', unitText: '/min' }, 0, 120, bySensor),
  saturation: like(measurements.saturation, 20, 100, bySensor),
  /** Supplemental oxygen; 0 is room air, said by somebody or by the concentrator. */
  oxygenFlow: like(
    { code: '3151-8', name: 'Inhaled oxygen flow rate', unit: 'L/min', unitText: 'L/min' },
    0,
    80,
    oneDecimal,
  ),
  systolic: like(systolic, 30, 320),
  diastolic: like(diastolic, 10, 240),
  temperature: like(measurements.temperature, 24, 46, oneDecimal),
  /** By a glucose meter from capillary blood. In mg/dL (LOINC 2339-0) it is converted before it is a reading. */
  glucose: like(
    { code: '14743-9', name: 'Glucose in capillary blood by glucometer', unit: 'mmol/L', unitText: 'mmol/L' },
    ...([0.3, 60, oneDecimal] as const),
  ),
  weight: like(measurements.weight, 0.5, 500, oneDecimal),
  /** ACVPU, as somebody entered it: its place in `consciousnessLevels`. */
  consciousness: like({ code: '80288-4', name: 'Level of consciousness', unit: '1', unitText: '' }, 0, 4),
} as const satisfies Record<string, Series>;
export type SeriesName = keyof typeof series;
export const seriesNames: readonly SeriesName[] = [
  ...(['heartRate', 'respiratoryRate', 'saturation', 'oxygenFlow', 'systolic', 'diastolic'] as const),
  ...(['temperature', 'glucose', 'weight', 'consciousness'] as const),
];

/**
 * ACVPU: alert, new confusion, responds to voice, to pain, unresponsive, with the SNOMED CT findings that stand for them in the
 * United Kingdom's NEWS2 profiles.
 */
export const consciousnessLevels = [
  { name: 'alert', snomed: '248234008', display: 'Mentally alert' },
  { name: 'confusion', snomed: '130987000', display: 'Acute confusion' },
  { name: 'voice', snomed: '300202002', display: 'Responds to voice' },
  { name: 'pain', snomed: '450847001', display: 'Responds to pain' },
  { name: 'unresponsive', snomed: '422768004', display: 'Unresponsive' },
] as const;
export type ConsciousnessLevel = (typeof consciousnessLevels)[number]['name'];

/** What one reading says: numbers of series, a strip of an electrocardiogram, or something that happened. */
export type Measure =
  | { code: number; kind: 'numbers'; series: readonly [SeriesName, ...SeriesName[]] }
  | { code: number; kind: 'strip' | 'event' };

/** The codes stand on the wire and in stored frames: they are never given to another measure. */
export const measures = {
  heartRate: { code: 1, kind: 'numbers', series: ['heartRate'] },
  respiratoryRate: { code: 2, kind: 'numbers', series: ['respiratoryRate'] },
  saturation: { code: 3, kind: 'numbers', series: ['saturation'] },
  oxygenFlow: { code: 4, kind: 'numbers', series: ['oxygenFlow'] },
  consciousness: { code: 5, kind: 'numbers', series: ['consciousness'] },
  bloodPressure: { code: 6, kind: 'numbers', series: ['systolic', 'diastolic'] },
  temperature: { code: 7, kind: 'numbers', series: ['temperature'] },
  glucose: { code: 8, kind: 'numbers', series: ['glucose'] },
  weight: { code: 9, kind: 'numbers', series: ['weight'] },
  /** Samples for a second, then the samples in microvolts (MDC_ECG_ELEC_POTL, ISO/IEEE 11073-10101 131328). */
  ecg: { code: 10, kind: 'strip' },
  /** A fall that the device noticed (SNOMED CT 1912002); the value is 1. */
  fall: { code: 11, kind: 'event' },
} as const satisfies Record<string, Measure>;
export type MeasureName = keyof typeof measures;
export const measureNames: readonly MeasureName[] = [
  ...(['heartRate', 'respiratoryRate', 'saturation', 'oxygenFlow', 'consciousness', 'bloodPressure'] as const),
  ...(['temperature', 'glucose', 'weight', 'ecg', 'fall'] as const),
];

const byCode = new Map<number, MeasureName>(measureNames.map((name) => [measures[name].code, name]));
/** Undefined where this version does not know the code. */
export const measureOfCode = (code: number): MeasureName | undefined => byCode.get(code);

/** Series of a measure, in the order of a reading's values; none for strips and events. */
export function seriesOf(name: MeasureName): readonly SeriesName[] {
  const measure: Measure = measures[name];
  return measure.kind === 'numbers' ? measure.series : [];
}
/** The number of a series on the wire: its measure's code and its place there. */
export function seriesCode(name: SeriesName): number {
  const measure = measureOf(name);
  return measures[measure].code * seriesInMeasure + seriesOf(measure).indexOf(name);
}
const seriesInMeasure = 4;
/** Undefined where this version does not know the code. */
export function seriesOfCode(code: number): SeriesName | undefined {
  const measure = measureOfCode(Math.floor(code / seriesInMeasure));
  return measure === undefined ? undefined : seriesOf(measure)[code % seriesInMeasure];
}

/** How long the newest value may be spoken of as the present one: later it is shown as old, and calls nobody any more. */
export const standsForMs = (name: SeriesName): number => (series[name].sensed ? 3_600_000 : 86_400_000);

/** The measure whose reading gives a series. */
export const measureOf = (name: SeriesName): MeasureName =>
  name === 'systolic' || name === 'diastolic' ? 'bloodPressure' : name;

/** Bounds of a strip: at most half a minute at 500 samples a second, and what an amplifier of 16 bits shows. */
export const strip = { slowest: 50, fastest: 1_000, mostSamples: 15_000, microvolts: 32_767 } as const;

/** mg/dL (LOINC 2339-0) in mmol/L: the molar mass of glucose is 180.156 g/mol. */
export const glucoseFromMassConcentration = (milligramsPerDecilitre: number): number =>
  milligramsPerDecilitre / 18.0156;
