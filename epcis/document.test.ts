import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { allFaults, checkDocument } from './document.ts';
import { publishedFiles, publishedText } from './testing/published.ts';

const folder = new URL('./testing/examples/', import.meta.url);
const examples = readdirSync(folder).filter((file) => file.endsWith('.json'));
const example = (file: string): unknown => JSON.parse(readFileSync(new URL(file, folder), 'utf8'));
const event = (index: number, rest: string) => `/epcisBody/eventList/${index}${rest}`;

/** Those of the examples that are older than the published schema, or wrong, and what of them is refused. */
const refused: Readonly<Record<string, string[]>> = {
  'AggregationEvent_all_possible_fields.json': [event(0, '/persistentDisposition')],
  'AggregationEvent_with_persistentDisposition.json': [
    event(0, '/persistentDisposition'),
    event(1, '/persistentDisposition'),
  ],
  'AggregationEvent_with_userExtensions.json': [event(0, '/extension')],
  'AssociationEvent_with_userExtensions.json': [event(0, '/extension')],
  // A GTIN whose check digit is wrong; the schema takes any URI.
  'Combination_of_different_event.json': [event(0, '/epcList/0'), event(1, '/persistentDisposition')],
  // A temperature without a unit, which the schema allows and the standard does not.
  'JumbledFieldsOrder.json': [event(0, '/sensorElementList/0/sensorReport/0/uom')],
  'ObjectEvent_all_possible_fields.json': [
    'countryOfExport',
    'grossWeight',
    'netWeight',
    'countryOfOrigin',
    'drainedWeight',
    'lotNumber',
  ].map((name) => event(0, `/ilmd/${name}`)),
  'SensorData_with_combined_events.json': [
    event(7, '/sensorElementList/0/sensorReport/1/type'),
    event(7, '/sensorElementList/0/sensorReport/2/type'),
    event(8, '/sensorElementList/0/sensorReport/0/type'),
    event(8, '/sensorElementList/0/sensorReport/1/type'),
    event(10, '/sensorElementList/0/sensorReport/0/type'),
    event(12, '/bizStep'),
  ],
  'TransactionEvent_all_possible_fields.json': [event(0, '/persistentDisposition')],
  'TransactionEvent_with_userExtensions.json': [event(0, '/sensorElementList/0/sensorReport/0/type')],
};

test.each(examples)('example %s', (file) => {
  const checked = checkDocument(example(file));
  expect(allFaults(checked).map(({ pointer }) => pointer)).toEqual(refused[file] ?? []);
  expect(checked.events.length).toBeGreaterThan(0);
  for (const { event: taken, faults } of checked.events) expect(taken === undefined).toBe(faults.length > 0);
});

/** GS1 keeps those that its schema is checked with in this folder. */
const published = publishedFiles('epcis', '.jsonld').filter((file) => file.startsWith('JSON/'));

test.runIf(published.length > 0).each(published)('published example %s is taken', (file) => {
  const checked = checkDocument(JSON.parse(publishedText('epcis', file)));
  expect(allFaults(checked)).toEqual([]);
  expect(checked.events.length).toBeGreaterThan(0);
});

test('each event of a document is judged by itself', () => {
  const { faults, events } = checkDocument(example('Combination_of_different_event.json'));
  expect(faults).toEqual([]);
  expect(events.map((checked) => checked.event?.type)).toEqual([
    undefined,
    undefined,
    ...events.slice(2).map((checked) => checked.event?.type),
  ]);
  expect(events.slice(2).every((checked) => checked.event !== undefined)).toBe(true);
});

const now = new Date('2026-11-27T12:00:00Z');
const context = ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld', { example: 'https://example.com/' }];
const envelope = {
  '@context': context,
  type: 'EPCISDocument',
  schemaVersion: '2.0',
  creationDate: '2026-11-27T08:00:00Z',
  epcisBody: { eventList: [] },
};
const pointers = (value: unknown) => allFaults(checkDocument(value, { now })).map(({ pointer }) => pointer);

test.each([
  [null, ['/@context', '/type']],
  [[], ['/@context', '/type']],
  ['text', ['/@context', '/type']],
  [{}, ['/@context', '/type']],
  [{ ...envelope, schemaVersion: 2 }, ['/schemaVersion']],
  [{ ...envelope, creationDate: '2026-11-27' }, ['/creationDate']],
  [{ ...envelope, creationDate: undefined, epcisBody: {} }, ['/epcisBody/eventList', '/creationDate']],
  [{ ...envelope, epcisBody: { eventList: {} } }, ['/epcisBody/eventList']],
  [{ ...envelope, epcisBody: { eventList: [1] } }, ['/epcisBody/eventList/0/type']],
  [{ ...envelope, epcisBody: { eventList: [{ type: 'example:Own' }] } }, ['/epcisBody/eventList/0/type']],
  [{ ...envelope, stranger: 1 }, ['/stranger']],
  [{ ...envelope, '@context': undefined }, ['/@context']],
  [{ ...envelope, '@context': 'https://example.com/context.jsonld' }, ['/@context']],
  [{ ...envelope, '@context': [context[0], 'https://example.com/context.jsonld'] }, ['/@context/1']],
  [{ ...envelope, '@context': [{ action: 'https://example.com/action' }] }, ['/@context/0/action']],
  [{ ...envelope, '@context': [{ '@vocab': 'https://example.com/' }] }, ['/@context/0/@vocab']],
  [{ ...envelope, '@context': [{ example: { '@id': 'https://example.com/' } }] }, ['/@context/0/example']],
])('around the events: %j', (value, expected) => {
  expect(pointers(JSON.parse(JSON.stringify(value))).sort()).toEqual([...expected].sort());
});

test('what is larger than any document is refused before anybody looks into it', () => {
  const list = (length: number) => ({ ...envelope, epcisBody: { eventList: Array.from({ length }, () => ({})) } });
  expect(pointers(list(2001))).toEqual(['/epcisBody/eventList']);
  expect(pointers({ ...envelope, 'example:note': 'x'.repeat(5000) })).toEqual(['/example:note']);
  let deep: unknown = 1;
  for (let level = 0; level < 5000; level++) deep = [deep];
  expect(pointers({ ...envelope, 'example:deep': deep })[0]).toMatch(/^\/example:deep(\/0){23}$/);
});

/** Anything in place of anything. */
function mutated(value: unknown, at: number, by: unknown): unknown {
  let left = at;
  const walk = (each: unknown): unknown => {
    if (left-- === 0) return by;
    if (Array.isArray(each)) return each.map(walk);
    if (typeof each !== 'object' || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([name, inner]) => [name, walk(inner)]));
  };
  return walk(value);
}

test('whatever stands in a document, it is taken or refused with pointers into it', () => {
  fc.assert(
    fc.property(fc.constantFrom(...examples), fc.nat(150), fc.jsonValue(), (file, at, by) => {
      for (const { pointer, message } of allFaults(checkDocument(mutated(example(file), at, by), { now }))) {
        expect(pointer).toMatch(/^(\/([^~]|~[01])*)?$/);
        expect(message).toMatch(/\.$|\(character \d+\)$/);
      }
    }),
    { numRuns: 300 },
  );
});
