import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ChannelMap, chooseChannel, faultOfNext } from './channelMap.ts';

const careMap = (channels: number, version = 1): ChannelMap => ({
  version,
  care: Array.from({ length: channels }, (_, number) => `care-${number}`),
  supply: [],
});
const map = (version: number, care: string[], supply: string[] = []): ChannelMap => ({ version, care, supply });
/** A name as pseudonyms carry it. */
const name = fc.string({ minLength: 26, maxLength: 26, unit: fc.constantFrom(...'abcdefghijklmnopqrstuvwxyz234567') });

describe('choosing a channel', () => {
  it('is the same in every process, whatever the order', () => {
    fc.assert(
      fc.property(name, fc.shuffledSubarray(careMap(40).care, { minLength: 1 }), (chosen, channels) => {
        expect(chooseChannel(channels, chosen)).toBe(chooseChannel(channels.toSorted(), chosen));
      }),
    );
    // Fixed for ever: pseudonyms and products were placed by it.
    expect(chooseChannel(careMap(4).care, 'a'.repeat(26))).toBe('care-3');
    expect(chooseChannel(['supply-0', 'supply-1'], '04012345678901')).toBe('supply-0');
  });

  it('gives a name to a channel that was added, or leaves it where it was', () => {
    fc.assert(
      fc.property(name, fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 30 }), (chosen, old, added) => {
        const before = chooseChannel(careMap(old).care, chosen);
        const after = chooseChannel(careMap(old + added).care, chosen);
        if (after !== before) expect(careMap(old).care).not.toContain(after);
      }),
    );
  });

  it.each([2, 4, 5, 8])('spreads names evenly over %i channels', (count) => {
    const perChannel = 1_000;
    const counts = new Map(careMap(count).care.map((channel) => [channel, 0]));
    for (let number = 0; number < perChannel * count; number += 1) {
      const chosen = chooseChannel([...counts.keys()], `name ${number}`);
      counts.set(chosen, (counts.get(chosen) ?? 0) + 1);
    }
    const squares = [...counts.values()].reduce((sum, value) => sum + (value - perChannel) ** 2 / perChannel, 0);
    // A bound that a fair choice exceeds once in a thousand for 7 degrees of freedom, and more rarely for fewer.
    expect(squares).toBeLessThan(24.32);
  });
});

describe('the next version', () => {
  const first = map(1, ['care-0', 'care-1'], ['supply-0']);

  it.each([
    ['the first one', undefined, first],
    ['a care channel more', first, map(2, ['care-0', 'care-1', 'care-2'], ['supply-0'])],
    ['a supply channel more', first, map(2, ['care-0', 'care-1'], ['supply-0', 'supply-1'])],
    ['another order', first, map(2, ['care-2', 'care-1', 'care-0'], ['supply-0'])],
  ])('may be %s', (_case, before, next) => expect(faultOfNext(before, next)).toBeUndefined());

  it.each([
    ['begin with 2', undefined, map(2, ['care-0']), 'version 1 is due'],
    ['leave a version out', first, map(3, ['care-0', 'care-1', 'care-2'], ['supply-0']), 'version 2 is due'],
    ['remove a channel', first, map(2, ['care-0', 'care-2', 'care-3'], ['supply-0']), 'lacks care-1'],
    ['remove a supply channel', first, map(2, ['care-0', 'care-1', 'care-2']), 'lacks supply-0'],
    ['rename a channel', first, map(2, ['care-0', 'care-9'], ['supply-0']), 'lacks care-1'],
    ['add nothing', first, map(2, ['care-1', 'care-0'], ['supply-0']), 'adds no channel'],
  ])('may not %s', (_case, before, next, fault) => expect(faultOfNext(before, next)).toContain(fault));

  it('never moves anybody, however often the map grows', () => {
    const steps = fc.array(fc.integer({ min: 1, max: 3 }), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(name, steps, (chosen, growth) => {
        let size = 1;
        let channels = careMap(size);
        let place = chooseChannel(channels.care, chosen);
        for (const [index, added] of growth.entries()) {
          size += added;
          const next = careMap(size, index + 2);
          expect(faultOfNext(channels, next)).toBeUndefined();
          const fresh = next.care.filter((channel) => !channels.care.includes(channel));
          const now = chooseChannel(next.care, chosen);
          expect([place, ...fresh]).toContain(now);
          place = now;
          channels = next;
        }
      }),
    );
  });
});
