import { describe, expect, it } from 'vitest';
import { type CharacterSet, charactersPattern, readCharacters } from './characters.ts';
import { Gs1Error } from './error.ts';

/** General Specifications, section 7.11: figures 7.11-1 and 7.11-2, character by character. */
const figures: Record<CharacterSet, string> = {
  82: '!"%&\'()*+,-./0123456789:;<=>?ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz',
  39: '#-/0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ',
  10: '0123456789',
};
const ascii = Array.from({ length: 0x180 }, (_, code) => String.fromCharCode(code));

function isRead(text: string, set: CharacterSet): boolean {
  try {
    return readCharacters(text, set, 20, 'A text') === text;
  } catch (error) {
    if (error instanceof Gs1Error) return false;
    throw error;
  }
}

describe.each([82, 39, 10] as const)('the set of %i characters', (set) => {
  it('has those of the figure and no others, for who reads and for who only looks', () => {
    expect(figures[set]).toHaveLength(set);
    const inside = new Set(figures[set]);
    for (const char of ascii) {
      expect([char, isRead(char, set)]).toEqual([char, inside.has(char)]);
      expect([char, charactersPattern(set, 20).test(char)]).toEqual([char, inside.has(char)]);
    }
  });

  it('is taken up to its length', () => {
    for (const text of ['', 'A'.repeat(20), '0'.repeat(20), '0'.repeat(21), '0\n']) {
      expect(charactersPattern(set, 20).test(text)).toBe(isRead(text, set));
    }
  });
});
