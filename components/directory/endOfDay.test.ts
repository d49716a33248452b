import { expect, it } from 'vitest';
import { endOfDay } from './endOfDay.ts';

it('lasts until the day is over, and takes no day that is past, or none', () => {
  const now = new Date(2026, 4, 6, 12);
  expect(endOfDay('2026-05-06', now)).toBe(new Date(2026, 4, 6, 23, 59, 59).toISOString());
  expect(endOfDay('2026-05-05', now)).toBeUndefined();
  expect(endOfDay('', now)).toBeUndefined();
});
