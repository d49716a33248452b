import { afterEach, describe, expect, it, vi } from 'vitest';
import { serialNumber } from '#chaincode/model/trace.ts';
import { newSerials, randomDigits } from './serials.ts';

afterEach(() => {
  vi.restoreAllMocks();
});

describe('serial numbers', () => {
  it('are of GS1’s characters, of one length, and each another', () => {
    const serials = newSerials(2_000);
    expect(new Set(serials).size).toBe(2_000);
    for (const serial of serials) {
      expect(serialNumber.safeParse(serial).success).toBe(true);
      expect(serial).toHaveLength(16);
      expect(serial).not.toMatch(/[01IO]/);
    }
  });

  it('have every character equally often at every place', () => {
    const counts = new Map<string, number>();
    const serials = newSerials(4_000);
    for (const char of serials.join('')) counts.set(char, (counts.get(char) ?? 0) + 1);
    expect(counts.size).toBe(32);
    // 2,000 each are due, with a standard deviation of 44.
    for (const count of counts.values()) expect(Math.abs(count - 2_000)).toBeLessThan(300);
  });

  it('do not come from a generator that can be foretold', () => {
    vi.spyOn(Math, 'random').mockImplementation(() => {
      throw new Error('Math.random was asked');
    });
    const [first] = newSerials(1);
    expect(newSerials(1)[0]).not.toBe(first);
  });

  it('leave out what is taken', () => {
    const zeros = <T extends ArrayBufferView | null>(array: T): T => array;
    const drawn = vi.spyOn(crypto, 'getRandomValues').mockImplementationOnce(zeros);
    expect(newSerials(1, new Set(['2'.repeat(16)]))[0]).not.toBe('2'.repeat(16));
    expect(drawn).toHaveBeenCalledTimes(2);
  });
});

describe('digits', () => {
  it('are as many as asked for', () => {
    expect(randomDigits(7)).toMatch(/^\d{7}$/);
    expect(new Set(Array.from({ length: 100 }, () => randomDigits(7))).size).toBeGreaterThan(95);
  });
});
