import { describe, expect, it } from 'vitest';
import { licenceHolds } from './licence.ts';

const licence = { validFrom: '2026-01-01T00:00:00Z', validTo: '2027-01-01T00:00:00Z' };

describe('licenceHolds', () => {
  it('includes the first instant and excludes the last', () => {
    expect(licenceHolds(licence, Date.parse(licence.validFrom))).toBe(true);
    expect(licenceHolds(licence, Date.parse(licence.validFrom) - 1)).toBe(false);
    expect(licenceHolds(licence, Date.parse(licence.validTo) - 1)).toBe(true);
    expect(licenceHolds(licence, Date.parse(licence.validTo))).toBe(false);
  });
});
