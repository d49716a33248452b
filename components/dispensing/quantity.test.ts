import { describe, expect, it } from 'vitest';
import { parseQuantity, suggestedQuantity } from './quantity.ts';

describe('quantity to hand out', () => {
  it('takes whole units up to what is left', () => {
    expect(parseQuantity('14', 14)).toEqual({ quantity: 14 });
    expect(parseQuantity('15', 14)).toEqual({ fault: 'too-much' });
  });

  it.each(['', '0', '-1', '1.5', '1,5', 'all', '1e2'])('refuses “%s”', (text) => {
    expect(parseQuantity(text, 100)).toEqual({ fault: 'whole' });
  });

  it('suggests one fill, or the rest of a begun one', () => {
    expect(suggestedQuantity({ quantity: 14, fills: 3, left: 42 })).toBe(14);
    expect(suggestedQuantity({ quantity: 14, fills: 3, left: 38 })).toBe(10);
    expect(suggestedQuantity({ quantity: 14, fills: 1, left: 4 })).toBe(4);
  });
});
