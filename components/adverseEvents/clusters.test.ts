import { expect, it } from 'vitest';
import type { AdverseEventContent } from '#fhir/adverseEvent.ts';
import { clustersOf } from './clusters.ts';

const event = (id: string, medicine: AdverseEventContent['medicine'], serious = false): AdverseEventContent => ({
  ...{ id, recorder: { id: 'prac-a', name: 'N' }, medicine, criteria: serious ? ['hospitalisation'] : [] },
  ...{ outcome: 'unknown', narrative: 'x', recordedAt: '2026-11-27T08:00:00Z' },
});
const amoxicillin = { code: 'MP-20417', name: 'amoxicillin 500 mg capsule' };

it('points out batches that several reports name, whatever their writing, and no report twice', () => {
  const twice = event('ae-1', { ...amoxicillin, batch: 'b 1' });
  expect(
    clustersOf([
      twice,
      twice,
      event('ae-2', { ...amoxicillin, batch: 'B1' }, true),
      event('ae-3', { ...amoxicillin, batch: 'B2' }),
      event('ae-4', { code: 'MP-10001', name: 'other', batch: 'B1' }),
      event('ae-5', amoxicillin),
      event('ae-6', amoxicillin),
      event('ae-7', { name: 'Herbal Tea', batch: 'X' }),
      event('ae-8', { name: 'herbal tea ', batch: 'x' }),
      event('ae-9', { name: 'herbal tea', batch: 'x' }),
    ]),
  ).toEqual([
    { medicine: 'herbal tea', name: 'Herbal Tea', batch: 'X', reports: ['ae-7', 'ae-8', 'ae-9'], serious: 0 },
    { medicine: 'MP-20417', name: amoxicillin.name, batch: 'B1', reports: ['ae-1', 'ae-2'], serious: 1 },
  ]);
});
