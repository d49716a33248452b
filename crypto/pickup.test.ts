import { expect, it } from 'vitest';
import { formatPickupCode, newPickupCode, parsePickupCode, pickupHashOf, pickupKeyOf } from './pickup.ts';

const [one, other] = ['rx-0-abcdefghijklmnopqrstuvwxyz', 'rx-0-bbcdefghijklmnopqrstuvwxyz'];
const dataKey = new Uint8Array(32).fill(7);

it('makes codes that are read back however they are typed', () => {
  const code = newPickupCode();
  expect(formatPickupCode(code)).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(parsePickupCode(` ${formatPickupCode(code).toLowerCase().replace('-', ' ')} `)).toBe(code);
  expect(parsePickupCode('o1il-0oOL')).toBe('01110001');
  expect(newPickupCode()).not.toBe(code);
});

it.each(['', '1234567', '123456789', 'ABCDEFGU'])('takes “%s” for none', (typed) => {
  expect(parsePickupCode(typed)).toBeUndefined();
});

it('gives one key for one prescription, data key and code', () => {
  const key = pickupKeyOf(dataKey, one, '7KQ2M9XT');
  expect(key).toHaveLength(32);
  expect(pickupHashOf(dataKey, one, '7KQ2M9XT')).toMatch(/^[0-9a-f]{64}$/);
  expect(pickupKeyOf(dataKey, one, '7KQ2M9XT')).toEqual(key);
  expect(pickupKeyOf(dataKey, other, '7KQ2M9XT')).not.toEqual(key);
  expect(pickupKeyOf(dataKey, one, '7KQ2M9XV')).not.toEqual(key);
  expect(pickupKeyOf(new Uint8Array(32), one, '7KQ2M9XT')).not.toEqual(key);
});
