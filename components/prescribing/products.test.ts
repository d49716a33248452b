import { describe, expect, it } from 'vitest';
import { bestPacks, capitalised } from './products.ts';

describe('products in words', () => {
  it('chooses packs with least left over', () => {
    const packs = [
      { size: 14, gtin: '' },
      { size: 28, gtin: '' },
    ];
    expect(bestPacks({ packs }, 14)).toEqual({ size: 14, count: 1 });
    expect(bestPacks({ packs }, 28)).toEqual({ size: 28, count: 1 });
    expect(bestPacks({ packs }, 30)).toEqual({ size: 14, count: 3 });
    expect(bestPacks({ packs: [] }, 30)).toBeUndefined();
  });

  it('begins a line with a capital', () => {
    expect(capitalised('omeprazole')).toBe('Omeprazole');
  });
});
