import fc from 'fast-check';
import { expect, test } from 'vitest';
import { identifierOf } from '../gs1/uri.ts';
import { canonicalEvent } from './canonical.ts';
import { checkDocument } from './document.ts';
import { type EpcisEvent, epcsOf } from './event.ts';
import { eventHash } from './hash.ts';
import { epcisContext } from './namespaces.ts';
import {
  commissioned,
  decommissioned,
  destroyed,
  didNotOccur,
  dispensed,
  held,
  type Item,
  measured,
  packed,
  received,
  released,
  shipped,
  stolen,
  unpacked,
} from './write.ts';

const occasion = { at: new Date('2026-11-27T07:15:00Z'), timeZoneOffset: '+01:00', site: '9506000134376' };
const [maker, pharmacy] = ['9506000134376', '9506000134383'];
const serials = fc.uniqueArray(
  fc.string({ unit: fc.constantFrom(...'!"%&\'()*+,-./0123456789:;<=>?AZ_az'), minLength: 1, maxLength: 20 }),
  { minLength: 1, maxLength: 5 },
);
const sscc = '095060001343500019';
const reports = [{ type: 'Temperature', minValue: 2.5, maxValue: 9, uom: 'CEL' }];

/** Every kind of event that is written here, about packs with these serial numbers. */
function all(names: string[]): EpcisEvent[] {
  const items: Item[] = names.map((serial) => ({ gtin: '09506000134352', serial }));
  const event = decommissioned(occasion, items);
  return [
    commissioned(occasion, { gtin: '09506000134352', serials: names, batch: 'A/1', expiry: '2029-01-31' }),
    packed(occasion, sscc, items),
    unpacked(occasion, sscc, items),
    unpacked(occasion, sscc),
    shipped(occasion, [{ sscc }], { from: maker, to: pharmacy, toSite: pharmacy, despatchAdvice: 'urn:x-despatch:17' }),
    shipped(occasion, items, { from: maker, to: pharmacy }),
    received(occasion, [{ sscc }], maker),
    event,
    didNotOccur(event, new Date('2026-11-27T08:00:00Z')),
    dispensed(occasion, items),
    held(occasion, items, 'damaged'),
    released(occasion, items),
    destroyed(occasion, items),
    stolen(occasion, items),
    measured(occasion, [{ sscc }], { from: new Date('2026-11-27T06:15:00Z'), reports }),
  ];
}

test('what is written is taken, is canonical, and has its hash for an ID', () => {
  fc.assert(
    fc.property(serials, (names) => {
      const events = all(names);
      for (const event of events) {
        expect(event.eventID).toBe(eventHash(event));
        expect(canonicalEvent(event)).toEqual(event);
      }
      const document = {
        '@context': epcisContext,
        type: 'EPCISDocument',
        schemaVersion: '2.0',
        creationDate: occasion.at.toISOString(),
        epcisBody: { eventList: events },
      };
      const checked = checkDocument(JSON.parse(JSON.stringify(document)), { now: occasion.at });
      expect(checked.faults).toEqual([]);
      expect(checked.events).toEqual(events.map((event) => ({ event, faults: [], remarks: [] })));
    }),
    { numRuns: 20 },
  );
});

test('an event names what it is about', () => {
  const event = commissioned(occasion, {
    gtin: '09506000134352',
    serials: ['A/7', 'B'],
    batch: 'A1',
    expiry: '2029-01-31',
  });
  expect(epcsOf(event).map(({ epc }) => identifierOf(epc)?.part)).toEqual(['A/7', 'B']);
  expect(event).toMatchObject({
    eventTime: '2026-11-27T07:15:00.000Z',
    eventTimeZoneOffset: '+01:00',
    ilmd: { 'cbvmda:lotNumber': 'A1', 'cbvmda:itemExpirationDate': '2029-01-31' },
    bizLocation: { id: 'https://id.gs1.org/414/9506000134376' },
  });
});

test('two occasions are two events', () => {
  const [one, other] = [occasion, { ...occasion, at: new Date('2026-11-27T07:15:00.001Z') }];
  expect(dispensed(one, [{ sscc }]).eventID).not.toBe(dispensed(other, [{ sscc }]).eventID);
});
