import { describe, expect, it } from 'vitest';
import { randomBytes, toHex } from '../bytes.ts';
import { newIdentifier } from '../identifier.ts';
import { beneficiaryOf } from './beneficiary.ts';
import { paymentKeyOf } from './paymentKey.ts';

describe('a beneficiary’s number', () => {
  it('is the same in every browser of the person, another’s for everybody else, and no key', () => {
    const seed = randomBytes(32);
    expect(beneficiaryOf(seed)).toBe(beneficiaryOf(seed));
    expect(beneficiaryOf(seed)).toMatch(/^[0-9a-f]{64}$/);
    const others = [beneficiaryOf(randomBytes(32)), toHex(seed), toHex(paymentKeyOf(seed, newIdentifier('pol')))];
    expect(others).not.toContain(beneficiaryOf(seed));
  });
});
