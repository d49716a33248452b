import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { canonicalEvent } from './canonical.ts';
import { checkDocument } from './document.ts';
import { eventSchema } from './event.ts';
import { eventHash } from './hash.ts';
import reference from './testing/hashes.json' with { type: 'json' };

const folder = new URL('./testing/examples/', import.meta.url);
const documents = readdirSync(folder)
  .filter((file) => file.endsWith('.json'))
  .map((file) => checkDocument(JSON.parse(readFileSync(new URL(file, folder), 'utf8'))));
const events = [
  ...documents.flatMap(({ context, events: list }) => list.map(({ event }) => ({ event, context }))),
  ...reference.events.map(({ event }) => ({ event: eventSchema.parse(event), context: reference['@context'] })),
].filter(({ event }) => event !== undefined);

test('an event keeps its hash in its canonical form, which is taken and stays the same', () => {
  expect(events.length).toBeGreaterThan(40);
  for (const { event, context } of events) {
    if (event === undefined) continue;
    const canonical = canonicalEvent(event, context);
    expect(eventHash(canonical)).toBe(eventHash(event, context));
    expect(canonicalEvent(canonical)).toEqual(canonical);
  }
});

test('identifiers become Digital Links, terms bare, and what names a document stays', () => {
  const event = eventSchema.parse({
    type: 'ObjectEvent',
    eventTime: '2026-11-27T08:15:00.000+01:00',
    eventTimeZoneOffset: '+01:00',
    action: 'OBSERVE',
    epcList: ['urn:epc:id:sgtin:950600.0013435.A%2F7', 'https://example.com/assets/17'],
    bizStep: 'urn:epcglobal:cbv:bizstep:shipping',
    disposition: 'https://ref.gs1.org/cbv/Disp-in_transit',
    readPoint: { id: 'urn:epc:id:sgln:950600.013437.0', 'cbvmda:note': 'urn:epc:id:sgln:950600.013437.0' },
    destinationList: [{ type: 'cbv:SDT-owning_party', destination: 'urn:epc:id:pgln:950600.013438' }],
    sensorElementList: [
      {
        sensorReport: [
          { type: 'gs1:Temperature', value: 5, uom: 'CEL', rawData: 'https://data.example.com/8004/9506000134' },
        ],
      },
    ],
    'example:own': 'urn:epc:id:sgln:950600.013437.0',
  });
  expect(canonicalEvent(event, { example: 'https://ns.example.com/' })).toEqual({
    ...event,
    '@context': [
      'https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld',
      { cbvmda: 'urn:epcglobal:cbv:mda:', example: 'https://ns.example.com/' },
    ],
    eventID: eventHash(event, { example: 'https://ns.example.com/' }),
    epcList: ['https://id.gs1.org/01/09506000134352/21/A%2F7', 'https://example.com/assets/17'],
    bizStep: 'shipping',
    disposition: 'in_transit',
    readPoint: { ...event.readPoint, id: 'https://id.gs1.org/414/9506000134376' },
    destinationList: [{ type: 'owning_party', destination: 'https://id.gs1.org/417/9506000134383' }],
    sensorElementList: [
      {
        sensorReport: [
          { type: 'Temperature', value: 5, uom: 'CEL', rawData: 'https://data.example.com/8004/9506000134' },
        ],
      },
    ],
  });
});
