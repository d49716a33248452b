import { describe, expect, it } from 'vitest';
import { sscc } from '#chaincode/model/trace.ts';
import { newSscc, prefixLengths } from './sscc.ts';

describe('a new case number', () => {
  it.each(prefixLengths)('is of the company, with a prefix of %i digits', (length) => {
    const number = newSscc('9506000100005', length);
    expect(sscc.safeParse(number).success).toBe(true);
    expect(number.slice(1, 1 + length)).toBe('9506000100005'.slice(0, length));
  });

  it('is another each time', () => {
    expect(newSscc('9506000100005', 7)).not.toBe(newSscc('9506000100005', 7));
  });
});
