import { describe, expect, it } from 'vitest';
import { splitMatches } from './splitMatches.ts';

const marked = (text: string, query: string) =>
  splitMatches(text, query)
    .filter((part) => part.match)
    .map((part) => part.text);

describe('splitMatches', () => {
  it('marks beginnings of words only', () => {
    expect(marked('Clarithromycin 250 mg', 'clar')).toEqual(['Clar']);
    expect(marked('Azithromycin', 'thro')).toEqual([]);
    expect(marked('Clarithromycin 250 mg', 'clar 25')).toEqual(['Clar', '25']);
  });

  it('keeps the whole text', () => {
    const text = 'Amoxicillin / clavulanic acid 500 mg';
    expect(
      splitMatches(text, 'amox cla ac')
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  });

  it('marks nothing without a query', () => {
    expect(splitMatches('Text', '')).toEqual([{ at: 0, text: 'Text', match: false }]);
  });
});
