import { expect, test } from 'vitest';
import { epcsOf, eventSchema, maxEpcs } from './event.ts';

const seen = {
  type: 'ObjectEvent',
  eventTime: '2026-11-27T08:15:00.000+01:00',
  eventTimeZoneOffset: '+01:00',
  action: 'OBSERVE',
  epcList: ['https://id.gs1.org/01/09506000134352/21/1'],
};
const faults = (event: unknown) => eventSchema.safeParse(event).error?.issues.map(({ path }) => path.join('/'));

test('extensions stay where they stand, and nothing else that is unknown', () => {
  const event = {
    ...seen,
    'example:ward': { 'example:bed': [1, 'two', null, { deep: true }] },
    readPoint: { id: 'https://id.gs1.org/414/9506000134376', 'example:door': 'north' },
    ilmd: { 'cbvmda:lotNumber': 'A1' },
    action: 'ADD',
  };
  expect(eventSchema.parse(event)).toEqual(event);
  expect(faults({ ...seen, ward: 'A' })).toEqual(['ward']);
  expect(faults({ ...seen, readPoint: { id: 'urn:x:y', door: 'north' } })).toEqual(['readPoint/door']);
  expect(faults({ ...seen, ilmd: { lotNumber: 'A1' } })).toEqual(['ilmd/lotNumber']);
});

test.each([
  ['type', 'QuantityEvent'],
  ['eventTime', '2026-11-27T08:15:00'],
  ['eventTimeZoneOffset', '+15:00'],
  ['action', 'UPDATE'],
  ['epcList', 'https://id.gs1.org/01/09506000134352/21/1'],
  ['recordTime', 'yesterday'],
])('%s is not %s', (name, value) => {
  expect(faults({ ...seen, [name]: value })).toEqual([name]);
});

test('sizes are bounded, all lists of an event together', () => {
  const serials = (count: number, from: number) =>
    Array.from({ length: count }, (_, index) => `https://id.gs1.org/01/09506000134352/21/${from + index}`);
  const transformed = (inputs: number, outputs: number) => {
    const { action: _, epcList: __, ...rest } = seen;
    return {
      ...rest,
      type: 'TransformationEvent',
      inputEPCList: serials(inputs, 0),
      outputEPCList: serials(outputs, inputs),
    };
  };
  expect(faults(transformed(maxEpcs / 2, maxEpcs / 2))).toBeUndefined();
  expect(faults(transformed(maxEpcs / 2 + 1, maxEpcs / 2))).toEqual(['']);
  expect(faults({ ...seen, 'example:note': 'x'.repeat(5000) })).toEqual(['example:note']);
});

test('every EPC of an event is named with its list', () => {
  const event = eventSchema.parse({
    type: 'AggregationEvent',
    eventTime: seen.eventTime,
    eventTimeZoneOffset: seen.eventTimeZoneOffset,
    action: 'ADD',
    parentID: 'https://id.gs1.org/00/376104250021234569',
    childEPCs: seen.epcList,
  });
  expect(epcsOf(event)).toEqual([
    { role: 'parent', epc: 'https://id.gs1.org/00/376104250021234569' },
    { role: 'child', epc: 'https://id.gs1.org/01/09506000134352/21/1' },
  ]);
});
