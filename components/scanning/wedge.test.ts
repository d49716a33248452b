import { describe, expect, it } from 'vitest';
import { createWedge, type WedgeAnswer } from './wedge.ts';

/** Presses keys so many milliseconds apart; `^` before a key holds Ctrl. */
function press(keys: string[], every: number): WedgeAnswer[] {
  const wedge = createWedge();
  return keys.map((key, index) =>
    wedge.take({ key: key.replace(/^\^/, ''), ctrlKey: key.startsWith('^') && key.length > 1, at: index * every }),
  );
}

describe('a keyboard wedge', () => {
  it('hears a scanner by its speed', () => {
    const answers = press([...'0109506000', 'Enter'], 8);
    expect(answers.at(-1)).toEqual({ kind: 'scanned', text: '0109506000' });
    expect(answers[0]).toEqual({ kind: 'typed' });
    expect(answers.slice(1, -1).every(({ kind }) => kind === 'burst')).toBe(true);
  });

  it('leaves a hand alone', () => {
    expect(press([...'0109506000', 'Enter'], 120).every(({ kind }) => kind === 'typed')).toBe(true);
  });

  it('leaves a short burst alone', () => {
    expect(press([...'ab', 'Enter'], 5).at(-1)).toEqual({ kind: 'typed' });
  });

  it.each([
    ['Ctrl and ]', '^]'],
    ['the character itself', '\u001d'],
    ['F8', 'F8'],
  ])('hears the group separator as %s', (_, key) => {
    expect(press([...'10ABC', key, ...'21X', 'Tab'], 8).at(-1)).toEqual({ kind: 'scanned', text: '10ABC\u001d21X' });
  });

  it('begins anew after a pause', () => {
    const wedge = createWedge();
    wedge.take({ key: 'x', ctrlKey: false, at: 0 });
    [...'010950600'].forEach((key, index) => {
      wedge.take({ key, ctrlKey: false, at: 5_000 + index * 5 });
    });
    expect(wedge.take({ key: 'Enter', ctrlKey: false, at: 5_060 })).toEqual({ kind: 'scanned', text: '010950600' });
  });

  it('hears Shift without taking it for a character', () => {
    expect(press(['Shift', 'A', 'Shift', 'B', ...'12345', 'Enter'], 8).at(-1)).toEqual({
      kind: 'scanned',
      text: 'AB12345',
    });
  });
});
