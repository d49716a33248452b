import { describe, expect, it } from 'vitest';
import { eventSchema } from '#epcis/event.ts';
import {
  caseUri,
  changes,
  changing,
  commissionEvents,
  packing,
  packUri,
  planOf,
  receiving,
  shipping,
  undone,
  zoneOffset,
} from './compose.ts';

const gtin = '09506000134352';
const sscc = '395060001343520018';
const occasion = { site: '9506000100005', at: new Date('2027-01-10T12:00:00Z') };
const packs = [packUri(gtin, 'A/1'), packUri(gtin, 'A2')];

describe('what people do, as EPCIS events', () => {
  it('has the shape of EPCIS, whatever is done', () => {
    const made = { gtin, serials: ['A1'], batch: 'B-7', expiry: '2028-06-30' };
    const events = [
      ...commissionEvents(occasion, made),
      packing(occasion, sscc, 'packing')(packs),
      packing(occasion, sscc, 'unpacking')([]),
      shipping(occasion, '9506000200002', false)([caseUri(sscc)]),
      receiving(occasion, 'urn:uuid:1', [{ epc: packs[0] ?? '', reason: 'missing' }])(packs),
      ...Object.keys(changes).map((change) => changing(occasion, change as keyof typeof changes)(packs)),
    ];
    for (const event of events) expect(eventSchema.parse(event)).toEqual(event);
    expect(undone(events[0] ?? shipping(occasion, '', false)([]), occasion.at)).toMatchObject({
      eventID: events[0]?.eventID,
      errorDeclaration: { reason: 'did_not_occur' },
    });
  });

  it('names packs and cases by their canonical links', () => {
    expect(packs[0]).toBe('https://id.gs1.org/01/09506000134352/21/A%2F1');
    expect(caseUri(sscc)).toBe('https://id.gs1.org/00/395060001343520018');
  });

  it('brings a large batch into being in several events, each with an id of its own', () => {
    const serials = Array.from({ length: 2_500 }, (_, index) => `S${index}`);
    const events = commissionEvents(occasion, { gtin, serials, batch: 'B', expiry: '2028-06-30' });
    expect(events.map((event) => ('epcList' in event ? event.epcList?.length : 0))).toEqual([1_000, 1_000, 500]);
    expect(new Set(events.map(({ eventID }) => eventID)).size).toBe(3);
  });

  it('tells each channel of its own packs, and every one of a case that is on it, under one id', () => {
    const plan = planOf(
      [
        { uri: packs[0] ?? '', channels: ['supply-0'] },
        { uri: packs[1] ?? '', channels: ['supply-1'] },
        { uri: caseUri(sscc), channels: ['supply-1', 'supply-0'] },
      ],
      shipping(occasion, '9506000200002', false),
    );
    expect(plan.map(({ channel }) => channel)).toEqual(['supply-0', 'supply-1']);
    const [first, second] = plan.flatMap(({ events }) => events);
    expect(first).toMatchObject({ epcList: [packs[0], caseUri(sscc)] });
    expect(second).toMatchObject({ epcList: [packs[1], caseUri(sscc)], eventID: first?.eventID });
  });

  it.each([
    [-60, '+01:00'],
    [0, '+00:00'],
    [210, '-03:30'],
    [-765, '+12:45'],
  ])('keeps the clock’s offset of the place: %s minutes', (behind, offset) => {
    expect(zoneOffset(occasion.at, behind)).toBe(offset);
  });
});
