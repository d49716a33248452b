import { describe, expect, it } from 'vitest';
import { faultOfSerials, faultsOf } from './batchForm.ts';

const now = Date.parse('2027-01-10T12:00:00Z');
const right = { batch: 'NV-2701', expiry: '2029-01-31', count: '1000' };
const wrong = (change: Partial<typeof right>) => Object.keys(faultsOf({ ...right, ...change }, now));

describe('a batch', () => {
  it('is made when it is right', () => {
    expect(wrong({})).toEqual([]);
    expect(wrong({ count: '5000', expiry: '2027-01-10' })).toEqual([]);
  });

  it.each(['', 'two words', 'x'.repeat(21), 'Ünlaut'])('has no batch number “%s”', (batch) => {
    expect(wrong({ batch })).toEqual(['batch']);
  });

  it.each(['', '2027-01-09', '2027-02-30', 'soon'])('cannot be used until “%s”', (expiry) => {
    expect(wrong({ expiry })).toEqual(['expiry']);
  });

  it.each(['', '0', '-1', '1.5', '5001', '1e3'])('has no “%s” packs', (count) => {
    expect(wrong({ count })).toEqual(['count']);
  });
});

describe('a maker’s own serial numbers', () => {
  it('are taken where each is another', () => {
    expect(faultOfSerials(['A1', 'A2'])).toBeNull();
  });

  it('name the first that is none, and one that stands twice', () => {
    expect(faultOfSerials(['A1', 'b c'])).toContain('2');
    expect(faultOfSerials(['A1', 'A2', 'A1'])).toContain('A1');
    expect(faultOfSerials([])).not.toBeNull();
  });
});
