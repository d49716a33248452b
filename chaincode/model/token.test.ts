import { expect, it } from 'vitest';
import { tokenStateOf, tokenStates } from './token.ts';

it.each([
  ['active', 60, 'active'],
  ['accepted', 60, 'active'],
  ['partial', 30, 'partial'],
  ['active', 30, 'partial'],
  ['accepted', 30, 'partial'],
  ['completed', 0, 'dispensed'],
  ['completed', 30, 'dispensed'],
  ['cancelled', 60, 'cancelled'],
  ['cancelled', 30, 'cancelled'],
] as const)('the token of a prescription that is %s with %i left of 60 is %s', (state, left, expected) => {
  expect(tokenStateOf({ state, left, quantity: 30, fills: 2 })).toBe(expected);
});

it('numbers the states as the contract does', () => {
  expect(tokenStates.indexOf('dispensed')).toBe(2);
});
