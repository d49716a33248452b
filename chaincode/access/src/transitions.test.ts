import { describe, expect, it } from 'vitest';
import type { Emergency } from '../../model/access.ts';
import { categories } from '../../model/category.ts';
import { thrownCode } from '../../testing/ledger.ts';
import { confirm, isOpen, open, openedBy, review } from './transitions.ts';

const begin = Date.parse('2026-05-01T12:00:00.000Z');
const after = (hours: number) => new Date(begin + hours * 3_600_000);
const opened = (): Emergency =>
  open({ id: 'emg', patient: 'pt', actor: 'one', institution: 'house', reason: 'a fall' }, after(0));
const justified = { outcome: 'justified' as const, note: 'as the record shows' };
const unjustified = { ...justified, outcome: 'unjustified' as const };

it('opens the summary for four hours', () => {
  expect(openedBy(opened())).toEqual(['summary']);
  expect(isOpen(opened(), after(3.999))).toBe(true);
  expect(isOpen(opened(), after(4))).toBe(false);
});

describe('a confirmation', () => {
  it('opens everything for four hours from then', () => {
    const full = confirm(opened(), 'other', after(3));
    expect(full).toMatchObject({
      level: 'full',
      confirmedBy: 'other',
      confirmedAt: after(3).toISOString(),
      version: 2,
    });
    expect(openedBy(full)).toEqual(categories);
    expect(isOpen(full, after(6.999))).toBe(true);
    expect(isOpen(full, after(7))).toBe(false);
  });

  it('comes once, and not after the end', () => {
    expect(thrownCode(() => confirm(opened(), 'other', after(4)))).toBe('EXPIRED');
    const full = confirm(opened(), 'other', after(1));
    expect(thrownCode(() => confirm(full, 'third', after(2)))).toBe('WRONG_STATE');
    const closed = review(opened(), 'judge', unjustified, after(1));
    expect(thrownCode(() => confirm(closed, 'other', after(2)))).toBe('EXPIRED');
  });
});

describe('a review', () => {
  it('comes once, before or after the end', () => {
    const reviewed = review(opened(), 'judge', justified, after(50));
    expect(reviewed).toMatchObject({ review: { ...justified, by: 'judge' }, until: opened().until, version: 2 });
    expect(thrownCode(() => review(reviewed, 'judge', unjustified, after(51)))).toBe('WRONG_STATE');
  });

  it('closes at once what was not justified, and opens nothing that was closed', () => {
    expect(isOpen(review(opened(), 'judge', unjustified, after(1)), after(1))).toBe(false);
    expect(isOpen(review(opened(), 'judge', justified, after(1)), after(2))).toBe(true);
    expect(review(opened(), 'judge', unjustified, after(9)).until).toBe(opened().until);
  });
});
