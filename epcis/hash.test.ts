import fc from 'fast-check';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { type EpcisEvent, eventSchema } from './event.ts';
import { eventHash, isEventHash, preHash } from './hash.ts';
import reference from './testing/hashes.json' with { type: 'json' };
import { publishedFiles, publishedText } from './testing/published.ts';

const context = reference['@context'];
const [urns, links] = reference.events;

test.each(reference.events)('$name: as the reference implementation has it', ({ event, preHash: text, hash }) => {
  const parsed = eventSchema.parse(event);
  expect(preHash(parsed, context)).toBe(text);
  expect(eventHash(parsed, context)).toBe(hash);
  expect(isEventHash(hash)).toBe(true);
});

test('one event has one hash, and it says nothing about when it was recorded or declared an error', () => {
  expect(urns?.hash).toBe(links?.hash);
  const event = eventSchema.parse(urns?.event);
  const declared: EpcisEvent = {
    ...event,
    eventID: 'urn:uuid:00000000-0000-4000-8000-000000000000',
    recordTime: '2027-01-01T00:00:00Z',
    errorDeclaration: { declarationTime: '2027-01-01T00:00:00Z', reason: 'did_not_occur' },
  };
  expect(eventHash(declared, context)).toBe(urns?.hash);
});

test('prefixes may be declared by the event itself', () => {
  for (const { event, hash } of reference.events) {
    expect(eventHash(eventSchema.parse({ ...event, '@context': context }))).toBe(hash);
  }
});

/** The same value with the members of its objects in another order. */
function shuffled(value: unknown, random: () => number): unknown {
  if (Array.isArray(value)) return value.map((each) => shuffled(each, random));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .map(([name, each]) => ({ name, each: shuffled(each, random), at: random() }))
      .sort((a, b) => a.at - b.at)
      .map(({ name, each }) => [name, each]),
  );
}

test('the order of members says nothing', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...reference.events),
      fc.infiniteStream(fc.double({ min: 0, max: 1 })),
      ({ event, hash }, stream) => {
        const random = () => Number(stream.next().value);
        expect(eventHash(eventSchema.parse(shuffled(event, random)), context)).toBe(hash);
      },
    ),
  );
});

test.each([
  ['2026-11-27T08:15:00+01:00', '2026-11-27T07:15:00.000Z'],
  ['2026-11-27T08:15:00.1235Z', '2026-11-27T08:15:00.124Z'],
  ['2026-11-27T08:15:00.12349Z', '2026-11-27T08:15:00.123Z'],
  ['2026-12-31T23:59:59.9996-05:00', '2027-01-01T05:00:00.000Z'],
])('the time %s is %s', (eventTime, canonical) => {
  const event = eventSchema.parse({ ...urns?.event, eventTime });
  expect(preHash(event)).toContain(`eventTime=${canonical}eventTimeZoneOffset`);
});

const documentSchema = z.looseObject({
  '@context': z.unknown(),
  epcisBody: z.union([
    z.object({ eventList: z.array(eventSchema) }).transform(({ eventList }) => eventList),
    z.object({ event: eventSchema }).transform(({ event }) => [event]),
    z
      .object({ queryResults: z.object({ resultsBody: z.object({ eventList: z.array(eventSchema) }) }) })
      .transform(({ queryResults }) => queryResults.resultsBody.eventList),
  ]),
});

/** Its own way to leave members out is no part of the standard. */
const published = publishedFiles('hash', '.jsonld').filter((file) => !file.includes('IgnoreFields'));

test.runIf(published.length > 0).each(published)('published example %s', (file) => {
  const document = documentSchema.parse(JSON.parse(publishedText('hash', file)));
  const hashes = document.epcisBody.map((event) => eventHash(event, document['@context']));
  expect(hashes.join('\n')).toBe(publishedText('hash', file.replace('.jsonld', '.hashes')).trim());
});
