import { describe, expect, it } from 'vitest';
import { t } from '#messages/en.ts';
import { draftOf, isUnlimited, readLimits } from './limitsDraft.ts';

const { changeLimits, tooLarge } = t.claimsPayouts;
const began = { perDay: 5_000_000, releaseAbove: 100_000 };

describe('limits as somebody types them', () => {
  it('set what was changed, and leave what was not', () => {
    const draft = draftOf(began);
    expect(draft).toEqual({ perDay: '50000.00', releaseAbove: '1000.00' });
    expect(readLimits(draft, began)).toEqual({ wanted: {}, faults: {} });
    expect(readLimits({ perDay: '50000', releaseAbove: '0' }, began)).toEqual({
      ...{ wanted: { releaseAbove: 0 }, faults: {} },
    });
  });

  it('are no amounts, or too large: each is told as what it is', () => {
    expect(readLimits({ perDay: '1000000000', releaseAbove: 'x' }, began)).toEqual({
      ...{ wanted: {}, faults: { perDay: tooLarge, releaseAbove: changeLimits.fault } },
    });
    expect(readLimits({ ...draftOf(began), perDay: '' }, began).faults).toEqual({ perDay: changeLimits.fault });
  });

  it('begin without a fault where the chain has more than can be typed, so that the other is changed alone', () => {
    const [large, most] = [100_000_000_000, Number((2n ** 128n - 1n) / 10_000n)];
    expect(isUnlimited(most)).toBe(true);
    expect(isUnlimited(large)).toBe(false);
    for (const perDay of [large, most]) {
      const high = { ...began, perDay };
      const draft = draftOf(high);
      expect(readLimits({ ...draft, releaseAbove: '7' }, high)).toEqual({ wanted: { releaseAbove: 700 }, faults: {} });
      expect(readLimits({ ...draft, perDay: '8' }, high)).toEqual({ wanted: { perDay: 800 }, faults: {} });
    }
  });
});
