import { describe, expect, it } from 'vitest';
import { initialsOf } from './Avatar.tsx';
import { ageAt, formatBirthDate, formatDateTime, formatRelative } from './format.ts';

describe('formats', () => {
  it('counts whole years', () => {
    expect(ageAt('1968-03-14', new Date(2026, 2, 13))).toBe(57);
    expect(ageAt('1968-03-14', new Date(2026, 2, 14))).toBe(58);
  });

  it('keeps a birth date on its day in every zone', () => {
    expect(formatBirthDate('1968-03-14')).toBe('14 Mar 1968');
  });

  it('names the zone when it is not the reader’s own', () => {
    expect(formatDateTime('2026-03-14T09:05:00Z', 'UTC')).toContain('UTC');
  });

  it('says how long ago', () => {
    const now = Date.parse('2026-03-14T12:00:00Z');
    expect(formatRelative('2026-03-14T11:58:00Z', now)).toBe('2 min ago');
    expect(formatRelative('2026-03-17T12:00:00Z', now)).toBe('in 3 days');
  });

  it('takes initials without titles', () => {
    expect(initialsOf('Dr Amara Weiss')).toBe('AW');
    expect(initialsOf('Björk')).toBe('B');
    expect(initialsOf('')).toBe('');
  });
});
