import { describe, expect, it } from 'vitest';
import { boldParts } from './boldParts.ts';

describe('boldParts', () => {
  const sentence = 'Take 1 tablet by mouth every 12 hours for 7 days.';

  it('marks phrases in their order and keeps the whole sentence', () => {
    const parts = boldParts(sentence, ['1 tablet', 'every 12 hours', '7 days']);
    expect(parts.filter(({ bold }) => bold).map(({ text }) => text)).toEqual(['1 tablet', 'every 12 hours', '7 days']);
    expect(parts.map(({ text }) => text).join('')).toBe(sentence);
  });

  it('passes over what is not there', () => {
    expect(boldParts(sentence, ['2 tablets', '']).map(({ text }) => text)).toEqual([sentence]);
  });
});
