import { describe, expect, it } from 'vitest';
import { eventSchema } from '#epcis/event.ts';
import { itemUri, packed } from '#epcis/write.ts';
import { changes, commissionEvents, merged, planOf, receiving, shipping, zoneOffset } from './compose.ts';

const gtin = '09506000134352';
const [first, second] = ['A/1', 'A2'].map((serial) => ({ kind: 'pack' as const, gtin, serial }));
const box = { kind: 'container' as const, sscc: '395060001343520018' };
const occasion = { site: '9506000100005', at: new Date('2027-01-10T12:00:00Z'), timeZoneOffset: '+01:00' };
if (!first || !second) throw new Error('there are two packs');

describe('what people do, as EPCIS events', () => {
  it('has the shape of EPCIS, whatever is done', () => {
    const events = [
      ...commissionEvents(occasion, { gtin, serials: ['A1'], batch: 'B-7', expiry: '2028-06-30' }),
      shipping(occasion, '9506000200002', true)([box]),
      receiving(occasion, [{ item: first, reason: 'missing' }])([second]),
      ...Object.values(changes).map((change) => change(occasion, [first])),
    ];
    for (const event of events) expect(eventSchema.parse(event)).toEqual(event);
  });

  it('tells a return from other shipments, by its id too', () => {
    const [there, back] = [false, true].map((returned) => shipping(occasion, '9506000200002', returned)([box]));
    expect(back).toMatchObject({ disposition: 'returned', bizStep: 'shipping' });
    expect(back?.eventID).not.toBe(there?.eventID);
  });

  it('keeps the receiver’s word about what has not arrived', () => {
    const event = receiving(occasion, [{ item: first, reason: 'damaged' }])([second]);
    expect(event).toMatchObject({
      epcList: [itemUri(second)],
      'medloom:shortfall': [{ 'medloom:epc': itemUri(first), 'medloom:reason': 'damaged' }],
    });
    expect(receiving(occasion)([second])).not.toHaveProperty('@context');
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
        { item: first, channels: ['supply-0'] },
        { item: second, channels: ['supply-1'] },
        { item: box, channels: ['supply-1', 'supply-0'] },
      ],
      shipping(occasion, '9506000200002', false),
    );
    expect(plan.map(({ channel }) => channel)).toEqual(['supply-0', 'supply-1']);
    const [there, elsewhere] = plan.flatMap(({ events }) => events);
    expect(there).toMatchObject({ epcList: [itemUri(first), itemUri(box)] });
    expect(elsewhere).toMatchObject({ epcList: [itemUri(second), itemUri(box)], eventID: there?.eventID });
  });

  it('has what is of one channel signed together', () => {
    const event = packed(occasion, box.sscc, [first]);
    const plans = ['supply-0', 'supply-1', 'supply-0'].map((channel) => ({ channel, events: [event] }));
    expect(merged(plans).map(({ channel, events }) => [channel, events.length])).toEqual([
      ['supply-0', 2],
      ['supply-1', 1],
    ]);
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
