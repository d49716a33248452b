import { describe, expect, it } from 'vitest';
import { roles } from '#server/people/schema.ts';
import { currentOf, destinations, homeOf, underThumb } from './navigation.ts';

describe('navigation', () => {
  it('gives every role a first screen of its own', () => {
    const homes = roles.map(homeOf);
    expect(new Set(homes).size).toBe(roles.length);
  });

  it('marks the innermost room as the current one', () => {
    expect(currentOf('doctor', '/doctor')).toBe('/doctor');
    expect(currentOf('doctor', '/doctor/prescriptions/rx-0-abc')).toBe('/doctor/prescriptions');
    expect(currentOf('doctor', '/doctor/prescribe')).toBe('/doctor/prescribe');
  });

  it('marks nothing in a room of another role', () => {
    expect(currentOf('doctor', '/pharmacy')).toBeUndefined();
    expect(currentOf('pharmacist', '/pharmacyx')).toBeUndefined();
  });

  it('keeps the rooms of a role under its first screen', () => {
    for (const role of roles) {
      for (const { href } of destinations[role]) {
        // What patients, doctors and pharmacists report is one room of all three.
        if (href !== '/report') expect(href.startsWith(homeOf(role))).toBe(true);
      }
    }
  });

  it('shows at most six places on a phone, and opens every other room from the last', () => {
    for (const role of roles) {
      const { shown, more } = underThumb(role);
      expect(shown.length + (more.length > 0 ? 1 : 0)).toBeLessThanOrEqual(6);
      expect([...shown, ...more]).toEqual(destinations[role]);
    }
  });

  it('takes six places only where every name fits', () => {
    for (const role of roles) {
      const { shown } = underThumb(role);
      if (shown.length === 6) expect(shown.filter(({ label }) => label.length > 10)).toEqual([]);
    }
    expect(underThumb('doctor').more.map(({ href }) => href)).toEqual([
      '/doctor/prescriptions',
      '/doctor/billing',
      '/report',
    ]);
  });
});
