import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Signal, signalsOf, signalThresholds } from './fraud.ts';
import type { PastClaim } from './history.ts';
import { median, modifiedZScore } from './outlier.ts';
import { factsOf, historyOf, id, itemOf, pastOf, productOf, servedAt, tablets } from './testing.ts';

const day = (date: string) => `2026-11-${date}T10:00:00.000Z`;
const codes = (signals: Signal[]) => signals.map(({ code }) => code);
/** Fills of thirty tablets by other members, of four providers. */
const others = (change: (n: number) => Partial<PastClaim> = () => ({})) =>
  Array.from({ length: 16 }, (_, n) =>
    pastOf({
      ...{ policy: id('pol', 'z'), provider: `inst-pharmacy-no${n % 4}`, servedAt: '2026-09-01T00:00:00.000Z' },
      items: [itemOf({ net: 2_900 + (n % 5) * 50, quantity: 28 + (n % 3) * 2 })],
      ...change(n),
    }),
  );

describe('a claim', () => {
  it('is not unusual by itself, nor beside a fill that is used up, a denied or a reversed one', () => {
    expect(signalsOf(factsOf(), historyOf())).toEqual([]);
    const history = historyOf(
      pastOf({ servedAt: day('18') }),
      pastOf({ result: 'denied' }),
      pastOf({ result: 'reversed' }),
      pastOf({ use: 'preauthorisation' }),
      pastOf({ policy: id('pol', 'b') }),
    );
    expect(signalsOf(factsOf(), history)).toEqual([]);
  });

  it('of a service that was claimed is told, reversed or not, with the claim', () => {
    const past = pastOf({ service: factsOf().service, result: 'reversed', servedAt: day('01') });
    expect(signalsOf(factsOf(), historyOf(past))).toEqual([
      { code: 'sameService', numbers: { claims: 1 }, claims: [past.id] },
    ]);
  });

  it('of the same product on the same day is told', () => {
    const past = pastOf();
    expect(signalsOf(factsOf(), historyOf(past))).toEqual([
      { code: 'sameProductSameDay', item: 1, numbers: { quantity: 30, claims: 1 }, claims: [past.id] },
    ]);
    expect(signalsOf(factsOf(), historyOf(pastOf({ items: [itemOf({ code: productOf('g').code })] })))).toEqual([]);
  });

  it('for more than the days since the last fill allow is told with the sum', () => {
    const past = pastOf({ servedAt: day('18'), items: [itemOf({ quantity: 60 })] });
    expect(signalsOf(factsOf(), historyOf(past))).toEqual([
      {
        ...{ code: 'earlyRefill', item: 1, claims: [past.id] },
        numbers: { lastQuantity: 60, days: 2, daily: 16, allowed: 32, quantity: 30 },
      },
    ]);
  });

  it('is held against the prescribed dose where that is known', () => {
    const history = historyOf(pastOf({ servedAt: day('10') }));
    expect(signalsOf(factsOf(), history)).toEqual([]);
    expect(signalsOf(factsOf(), history, new Map([[1, 2]]))).toMatchObject([
      { code: 'earlyRefill', numbers: { lastQuantity: 30, daily: 2, days: 10, allowed: 25 } },
    ]);
  });

  it('for more than anybody takes is told', () => {
    const items = [itemOf({ quantity: 1_601 })];
    expect(signalsOf(factsOf({ items }), historyOf())).toMatchObject([
      { code: 'aboveDailyMaximum', numbers: { quantity: 1_601, most: 1_600, daily: 16 } },
    ]);
    expect(signalsOf(factsOf({ items: [itemOf({ quantity: 1_600 })] }), historyOf())).toEqual([]);
  });

  it('after many of the same day is told', () => {
    const same = Array.from({ length: 5 }, (_, n) =>
      pastOf({ items: [itemOf({ code: `MP-0000${n}`, atc: `A0${n}AA01` })] }),
    );
    expect(signalsOf(factsOf(), historyOf(...same))).toMatchObject([
      { code: 'manyClaims', numbers: { claims: 6, most: 5 } },
    ]);
    expect(signalsOf(factsOf(), historyOf(...same.slice(1)))).toEqual([]);
  });
});

describe('a provider', () => {
  it('whose price is far from others’ is told, with theirs', () => {
    const items = [itemOf({ net: 9_000 })];
    expect(signalsOf(factsOf({ items }), historyOf(...others()))).toEqual([
      {
        ...{ code: 'priceOutlier', item: 1, claims: [] },
        numbers: { value: 300_000, median: expect.any(Number), score: expect.any(Number), samples: 16, providers: 4 },
      },
    ]);
    expect(signalsOf(factsOf(), historyOf(...others()))).toEqual([]);
  });

  it('whose quantity is far from others’ is told', () => {
    const items = [itemOf({ quantity: 300, net: 30_000 })];
    expect(codes(signalsOf(factsOf({ items }), historyOf(...others())))).toEqual(['quantityOutlier']);
  });

  it('is held against half more than others, where all of them bill the same', () => {
    const same = others(() => ({ items: [itemOf()] }));
    const bill = (net: number) => codes(signalsOf(factsOf({ items: [itemOf({ net })] }), historyOf(...same)));
    expect(bill(4_500)).toEqual([]);
    expect(bill(4_530)).toEqual(['priceOutlier']);
  });

  it('is compared with nobody where there are few, and never with itself', () => {
    const items = [itemOf({ net: 9_000 })];
    expect(signalsOf(factsOf({ items }), historyOf(...others().slice(0, signalThresholds.fewestSamples - 1)))).toEqual(
      [],
    );
    expect(
      signalsOf(factsOf({ items }), historyOf(...others((n) => ({ provider: `inst-pharmacy-no${n % 2}` })))),
    ).toEqual([]);
    expect(signalsOf(factsOf({ items }), historyOf(...others(() => ({ provider: factsOf().provider }))))).toEqual([]);
    expect(signalsOf(factsOf({ items }), historyOf(...others(() => ({ result: 'reversed' }))))).toEqual([]);
  });
});

it('of two that look alike the first is not held against the second', () => {
  const later = pastOf({ filedAt: '2026-11-20T10:00:01.000Z' });
  expect(signalsOf(factsOf(), historyOf(later))).toEqual([]);
});

it('a request for agreement is not unusual', () => {
  expect(signalsOf(factsOf({ use: 'preauthorisation' }), historyOf(pastOf()))).toEqual([]);
});

it('the order in which the past is learnt changes nothing', () => {
  const past = [...others(), pastOf({ servedAt: day('18'), items: [itemOf({ quantity: 60 })] }), pastOf({ servedAt })];
  const expected = codes(signalsOf(factsOf(), historyOf(...past)));
  expect(expected).toEqual(['sameProductSameDay']);
  fc.assert(
    fc.property(fc.shuffledSubarray(past, { minLength: past.length }), (shuffled) => {
      expect(codes(signalsOf(factsOf(), historyOf(...shuffled)))).toEqual(expected);
    }),
  );
});

describe('robust statistics', () => {
  it('take the middle', () => {
    expect([median([]), median([3]), median([4, 1]), median([9, 1, 2])]).toEqual([undefined, 3, 2.5, 2]);
    expect(modifiedZScore(10, [1, 2, 3, 4, 5])).toBeCloseTo(0.6745 * 7, 9);
    expect(modifiedZScore(10, [3, 3, 3, 5])).toBeCloseTo(7 / (1.253314 * 0.5), 9);
    expect(modifiedZScore(10, [3, 3, 3])).toBeUndefined();
    expect(modifiedZScore(10, [])).toBeUndefined();
  });

  it('do not follow a few who say something else', () => {
    const many = fc.array(fc.integer({ min: 90, max: 110 }), { minLength: 21, maxLength: 40 });
    fc.assert(
      fc.property(many, fc.array(fc.integer({ min: 1e6, max: 1e9 }), { maxLength: 9 }), (usual, wild) => {
        const middle = median([...usual, ...wild]) ?? 0;
        expect(middle).toBeGreaterThanOrEqual(90);
        expect(middle).toBeLessThanOrEqual(110);
      }),
    );
  });
});

it('only medicines are held against what anybody takes', () => {
  const { atc: _, ...visit } = itemOf({
    category: 'consultation',
    code: 'GP-VISIT',
    unit: tablets.unit,
    quantity: 9_999,
  });
  expect(signalsOf(factsOf({ category: 'consultation', items: [visit] }), historyOf())).toEqual([]);
});
