import { describe, expect, it } from 'vitest';
import { eventHash } from '#epcis/hash.ts';
import { didNotOccur } from '#epcis/write.ts';
import { factsOf } from '../transactions/handlers.ts';
import { ledgerCall, transactionIntent } from '../transactions/schema.ts';

const event = {
  bizStep: 'shipping',
  type: 'ObjectEvent' as const,
  action: 'OBSERVE' as const,
  eventTime: '2027-01-10T12:00:00.000Z',
  eventTimeZoneOffset: '+01:00',
  epcList: ['https://id.gs1.org/00/395060001343520018'],
  sensorElementList: [{ sensorReport: [{ type: 'Temperature', value: 4.5, uom: 'CEL' }] }],
  'medloom:note': { b: 1, a: ['x', 0.5] },
};
const capture = {
  ...{ kind: 'capture' as const, capture: '6f0f4f8e-33a1-4c0c-9d53-2b1f5c0fd8ab', channel: 'supply-0' },
  events: [event],
};

describe('a capture', () => {
  it('is the same call on both sides, though one of them has parsed it', () => {
    const call = ledgerCall(capture);
    expect(call).toMatchObject({ channel: 'supply-0', contract: 'supply', function: 'capture', transient: {} });
    expect(ledgerCall(transactionIntent.parse(structuredClone(capture)))).toEqual(call);
  });

  it('loses nothing of an event, fractions and extensions included', () => {
    expect(JSON.parse(ledgerCall(capture).args[0] ?? '')).toEqual([event]);
  });

  it('is another on another channel, and keeps no more than the hashes of its events', () => {
    const facts = factsOf(capture);
    expect(facts.subject).not.toBe(factsOf({ ...capture, channel: 'supply-1' }).subject);
    expect(facts.kept).toEqual({ hashes: [eventHash(event)], declared: [] });
    const declaration = didNotOccur(event, new Date('2027-01-11T12:00:00Z'));
    const both = factsOf({ ...capture, events: [event, declaration] }).kept;
    expect(both).toEqual({ hashes: [eventHash(event)], declared: [eventHash(event)] });
    expect(facts.secret).toBe(false);
  });

  it.each<[string, object]>([
    ['channel', { channel: 'care-0' }],
    ['capture', { capture: 'x' }],
    ['events', { events: [] }],
    ['events', { events: Array.from({ length: 501 }, () => event) }],
    ['events.0.eventTime', { events: [{ ...event, eventTime: 'now' }] }],
    ['events.0.note', { events: [{ ...event, note: 'x' }] }],
  ])('refuses a wrong %s', (path, change) => {
    const parsed = transactionIntent.safeParse({ ...capture, ...change });
    expect(parsed.error?.issues.map((issue) => issue.path.join('.'))).toContain(path);
  });
});
