import { describe, expect, it } from 'vitest';
import { newIdentifier } from '#crypto/identifier.ts';
import { deviceIn, untilOf } from './seatTerm.ts';

describe('a seat as a form offers it', () => {
  it('finds the number of a device in what was typed or scanned', () => {
    const id = newIdentifier('dev');
    for (const text of [id, ` ${id.toUpperCase()} `, `https://medloom.example/devices/${id}?from=qr`]) {
      expect(deviceIn(text)).toBe(id);
    }
    for (const text of ['', 'dev-', id.slice(0, -1), id.replace('dev', 'prac')]) expect(deviceIn(text)).toBeUndefined();
  });

  it('ends after its period, or not by itself', () => {
    const now = new Date('2027-01-01T00:00:00.000Z');
    expect(untilOf('week', now)).toBe('2027-01-08T00:00:00.000Z');
    expect(untilOf('always', now)).toBeUndefined();
  });
});
