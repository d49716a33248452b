import { loincSystem } from '#fhir/build.ts';
import { systems } from '#fhir/coding.ts';
import type { CodeableConcept } from '#fhir/r4/datatypes.ts';
import type { Observation } from '#fhir/r4/observation.ts';
import { checkResource } from '#fhir/r4/resource.ts';
import { consciousnessLevels, type MeasureName, type SeriesName, series, seriesOf } from './catalogue.ts';
import { flags, type Reading } from './reading.ts';

/**
 * Readings as FHIR R4 Observations: the vital-signs profiles where there is one for the measure
 * (https://hl7.org/fhir/R4/observation-vitalsigns.html), so that they can be handed on like any other finding.
 */

const profile = (name: string) => `http://hl7.org/fhir/StructureDefinition/${name}`;
/** Profiles of R4; the others of the vital signs follow the general one. */
const profiles: Partial<Record<MeasureName, string>> = {
  heartRate: profile('heartrate'),
  respiratoryRate: profile('resprate'),
  saturation: profile('oxygensat'),
  bloodPressure: profile('bp'),
  temperature: profile('bodytemp'),
  weight: profile('bodyweight'),
  oxygenFlow: profile('vitalsigns'),
  consciousness: profile('vitalsigns'),
};
const category = (code: string): CodeableConcept => ({
  coding: [{ system: 'http://terminology.hl7.org/CodeSystem/observation-category', code }],
});
const loinc = (code: string, display: string): CodeableConcept => ({
  coding: [{ system: loincSystem, code, display }],
  text: display,
});

export interface Measurement {
  /** FHIR id. */
  id: string;
  /** Pseudonym. */
  patient: string;
  /** The device that measured, `dev-…`. */
  device: string;
  reading: Reading;
}

/** Throws `TypeError` where the project's own shape of R4 refuses it. */
export function observationOf({ id, patient, device, reading }: Measurement): Observation & { id: string } {
  const { measure, at } = reading;
  const profiled = profiles[measure];
  const checked = checkResource({
    ...{ resourceType: 'Observation', id },
    ...(profiled === undefined ? {} : { meta: { profile: [profiled] } }),
    status: reading.flags === 0 || reading.flags === flags.entered ? 'final' : 'preliminary',
    category: [category(categoryOf(measure))],
    code: codeOf(measure),
    subject: { reference: `Patient/${patient}` },
    effectiveDateTime: new Date(at).toISOString(),
    device: { identifier: { system: 'urn:medloom:device', value: device } },
    ...contentOf(reading),
  });
  if (!checked.ok) throw new TypeError(checked.issues.map(({ path, reason }) => `${path}: ${reason}`).join('; '));
  const { resource } = checked;
  if (resource.resourceType !== 'Observation') throw new TypeError('not an Observation');
  return { ...resource, id };
}

function categoryOf(measure: MeasureName): string {
  if (measure === 'ecg') return 'procedure';
  if (measure === 'fall') return 'survey';
  return measure === 'glucose' ? 'laboratory' : 'vital-signs';
}

function codeOf(measure: MeasureName): CodeableConcept {
  switch (measure) {
    case 'bloodPressure':
      return loinc('85354-9', 'Blood pressure panel with all children optional');
    case 'saturation': {
      // The profile of R4 asks for 2708-6; 59408-5 says that it was a pulse oximeter.
      const arterial = { system: loincSystem, code: '2708-6', display: 'Oxygen saturation in Arterial blood' };
      const { loinc: code, display } = series.saturation;
      return { coding: [{ system: loincSystem, code, display }, arterial], text: display };
    }
    case 'ecg':
      return {
        coding: [
          { system: 'urn:iso:std:iso:11073:10101', code: '131328', display: 'MDC_ECG_ELEC_POTL' },
          { system: loincSystem, code: '11524-6', display: 'EKG study' },
        ],
        text: 'Electrocardiogram strip',
      };
    case 'fall':
      return { coding: [{ system: systems.snomed, code: '1912002', display: 'Fall' }], text: 'Fall' };
    default:
      return loinc(series[measure].loinc, series[measure].display);
  }
}

function contentOf({ measure, values }: Reading): object {
  const [first = 0, ...others] = values;
  switch (measure) {
    case 'fall':
      return { valueBoolean: true };
    case 'ecg':
      return { valueSampledData: stripOf(first, others) };
    case 'consciousness': {
      const level = consciousnessLevels[first];
      if (level === undefined) throw new TypeError(`there is no level ${first}`);
      const { snomed, display } = level;
      return { valueCodeableConcept: { coding: [{ system: systems.snomed, code: snomed, display }], text: display } };
    }
    case 'bloodPressure':
      return {
        component: seriesOf(measure).map((name, index) => ({
          code: loinc(series[name].loinc, series[name].display),
          valueQuantity: quantityOf(name, values[index] ?? 0),
        })),
      };
    default:
      return { valueQuantity: quantityOf(measure, first) };
  }
}

const quantityOf = (name: SeriesName, value: number) => ({
  ...{ value, unit: series[name].unitText, system: systems.ucum, code: series[name].unit },
});

/** SampledData: whole microvolts. `period` is in milliseconds. */
const stripOf = (samplesASecond: number, samples: readonly number[]) => ({
  origin: { value: 0, unit: 'µV', system: systems.ucum, code: 'uV' },
  period: 1000 / samplesASecond,
  dimensions: 1,
  data: samples.join(' '),
});
