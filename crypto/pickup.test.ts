import { expect, it } from 'vitest';
import { createPickupCode, parsePickupCode, pickupHashOf, pickupKeyOf } from './pickup.ts';

const [one, other] = ['rx-0-abcdefghijklmnopqrstuvwxyz', 'rx-0-bbcdefghijklmnopqrstuvwxyz'];

it('makes codes that are read back however they are typed', () => {
  const code = createPickupCode();
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}-[0-9A-HJKMNP-TV-Z]{4}$/);
  expect(parsePickupCode(` ${code.toLowerCase().replace('-', ' ')} `)).toBe(code.replace('-', ''));
  expect(parsePickupCode('o1il-0oOL')).toBe('01110001');
  expect(createPickupCode()).not.toBe(code);
});

it.each(['', '1234567', '123456789', 'ABCDEFGU'])('refuses “%s”', (typed) => {
  expect(() => parsePickupCode(typed)).toThrow(expect.objectContaining({ code: 'PICKUP_CODE' }));
});

it('gives one key for one prescription and code', async () => {
  const key = await pickupKeyOf(one, '7KQ2-M9XT');
  expect(key).toHaveLength(32);
  expect(pickupHashOf(key)).toMatch(/^[0-9a-f]{64}$/);
  expect(await pickupKeyOf(one, '7kq2 m9xt')).toEqual(key);
  expect(await pickupKeyOf(other, '7KQ2-M9XT')).not.toEqual(key);
  expect(await pickupKeyOf(one, '7KQ2-M9XV')).not.toEqual(key);
});
