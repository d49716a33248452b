import { expect, test } from 'vitest';
import { drawStrip } from './ecgPath.ts';

test('a strip has the proportions of paper: a second is 25 mm wide, a millivolt 10 mm high', () => {
  const drawn = drawStrip([2, 0, 1000, -250, 0]);
  expect(drawn).toMatchObject({ seconds: 2, width: 200, low: -0.25, high: 1, height: 80 });
  // Top of the paper is 1.5 mV.
  expect(drawn.path).toBe('M0 60L50 20L100 70L150 60');
});

test('no sample is left out', () => {
  const samples = Array.from({ length: 2_500 }, (_, index) => (index === 1_234 ? 1_900 : 0));
  const { path, high } = drawStrip([250, ...samples]);
  expect(path.split('L')).toHaveLength(2_500);
  expect(high).toBe(1.9);
});
