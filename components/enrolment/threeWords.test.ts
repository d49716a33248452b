import { describe, expect, it } from 'vitest';
import { threeWords, wrongWords } from './threeWords.ts';

describe('confirmation of the recovery phrase', () => {
  it('asks for three different words in their order', () => {
    for (let seed = 0; seed < 50; seed += 1) {
      let state = seed;
      const random = (below: number) => {
        state = (state * 31 + 7) % 9973;
        return state % below;
      };
      const chosen = threeWords(12, random);
      expect(new Set(chosen).size).toBe(3);
      expect(chosen).toEqual([...chosen].sort((a, b) => a - b));
      expect(Math.min(...chosen)).toBeGreaterThanOrEqual(1);
      expect(Math.max(...chosen)).toBeLessThanOrEqual(12);
    }
  });

  it('names each wrong word', () => {
    const words = ['apple', 'bread', 'cloud'];
    expect(wrongWords(words, { 1: ' Apple ', 3: 'cloud' })).toEqual([]);
    expect(wrongWords(words, { 1: 'bread', 2: '', 3: 'cloud' })).toEqual([1, 2]);
  });
});
