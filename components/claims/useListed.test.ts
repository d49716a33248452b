import { expect, it } from 'vitest';
import { listedAtATime } from '#server/claims/schema.ts';
import { eachOnce, leftAfter } from './useListed.ts';

it('what is left is what no page before has brought, and never less than nothing', () => {
  expect(leftAfter(1, listedAtATime)).toBe(0);
  expect(leftAfter(1, listedAtATime + 1)).toBe(1);
  expect(leftAfter(2, 3 * listedAtATime)).toBe(listedAtATime);
  expect(leftAfter(4, 10)).toBe(0);
});

it('an entry that two pages bring stands once, where and as it came first', () => {
  const [a, b, old, c] = [{ id: 'a' }, { id: 'b', version: 2 }, { id: 'b', version: 1 }, { id: 'c' }];
  expect(eachOnce([a, b, old, c])).toEqual([a, b, c]);
});
