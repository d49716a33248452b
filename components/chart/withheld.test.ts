import { expect, it } from 'vitest';
import { withheldFrom } from './withheld.ts';

it('a list whose main part is withheld is wholly withheld', () => {
  expect(withheldFrom('allergies', ['clinical', 'hiv'])).toEqual({ categories: ['clinical'], whole: true });
});

it('what is marked as sensitive may be missing from any list', () => {
  expect(withheldFrom('medicines', ['results', 'mental'])).toEqual({ categories: ['mental'], whole: false });
});

it('nothing withheld is nothing said', () => {
  expect(withheldFrom('problems', [])).toEqual({ categories: [], whole: false });
});
