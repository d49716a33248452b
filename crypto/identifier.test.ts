import { expect, it } from 'vitest';
import { newIdentifier, newPrescriptionId, newPseudonym } from './identifier.ts';

it('makes ids that the ledger takes, each different', () => {
  const pseudonym = newPseudonym(3);
  expect(pseudonym).toMatch(/^pt-3-[a-z2-7]{26}$/);
  expect(newPrescriptionId(pseudonym)).toMatch(/^rx-3-[a-z2-7]{26}$/);
  expect(newIdentifier('disp')).toMatch(/^disp-[a-z2-7]{26}$/);
  expect(new Set(Array.from({ length: 500 }, () => newIdentifier('prac'))).size).toBe(500);
});

it('refuses what names no channel', () => {
  expect(() => newPrescriptionId('pt-x-abc')).toThrow(RangeError);
  expect(() => newPseudonym(-1)).toThrow(RangeError);
  expect(() => newPseudonym(1.5)).toThrow(RangeError);
});
