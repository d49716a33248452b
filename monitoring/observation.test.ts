import { expect, test } from 'vitest';
import { checkResource } from '#fhir/r4/resource.ts';
import { type MeasureName, measureNames } from './catalogue.ts';
import { observationOf } from './observation.ts';
import { flags, type Reading } from './reading.ts';
import { sampleReadings } from './samples.ts';

const at = Date.UTC(2026, 5, 1, 8);
const said = (reading: Reading) =>
  observationOf({ id: 'r1', patient: `pt-0-${'b'.repeat(26)}`, device: 'dev-bedside-1', reading });
const of = (measure: MeasureName) => {
  const found = sampleReadings(at).find((reading) => reading.measure === measure);
  if (found === undefined) throw new Error(measure);
  return said(found);
};

test('every measure is a resource of R4', () => {
  for (const measure of measureNames) {
    const resource = of(measure);
    expect(checkResource(JSON.parse(JSON.stringify(resource)))).toMatchObject({ ok: true });
    expect(resource).toMatchObject({ effectiveDateTime: '2026-06-01T08:00:00.000Z', status: 'final' });
  }
});

test('what profiles of the vital signs ask for is there', () => {
  expect(of('saturation').code.coding?.map(({ code }) => code)).toEqual(['59408-5', '2708-6']);
  expect(of('temperature')).toMatchObject({ valueQuantity: { value: 36.8, code: 'Cel' } });
  const { component = [] } = of('bloodPressure');
  expect(component.map(({ code, valueQuantity }) => [code.coding?.[0]?.code, valueQuantity?.value])).toEqual([
    ['8480-6', 124],
    ['8462-4', 78],
  ]);
  expect(of('consciousness')).toMatchObject({ valueCodeableConcept: { coding: [{ code: '248234008' }] } });
  expect(of('ecg')).toMatchObject({ valueSampledData: { period: 4, dimensions: 1 } });
});

test('what a sensor doubted is preliminary', () => {
  const reading = { at, measure: 'heartRate', values: [72], flags: flags.poorSignal } as const;
  expect(said(reading).status).toBe('preliminary');
});
