import { describe, expect, it } from 'vitest';
import { randomBytes } from '../bytes.ts';
import { newIdentifier } from '../identifier.ts';
import { addressOf } from '../token.ts';
import { paymentAddressOf, paymentKeyOf } from './paymentKey.ts';

describe('a payment key', () => {
  const seed = randomBytes(32);
  const policy = newIdentifier('pol');

  it('is the same in every browser of the person, and another for each policy and person', () => {
    expect(paymentKeyOf(seed, policy)).toEqual(paymentKeyOf(seed, policy));
    expect(paymentAddressOf(seed, policy)).toBe(addressOf(paymentKeyOf(seed, policy)));
    const others = [paymentAddressOf(seed, newIdentifier('pol')), paymentAddressOf(randomBytes(32), policy)];
    for (const other of [...others, addressOf(seed)]) expect(other).not.toBe(paymentAddressOf(seed, policy));
  });
});
