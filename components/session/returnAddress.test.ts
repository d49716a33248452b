import { describe, expect, it } from 'vitest';
import { returnAddress } from './returnAddress.ts';

describe('returnAddress', () => {
  it('goes to a path of this site', () => {
    expect(returnAddress('?to=%2Fpharmacy%2Fheld')).toBe('/pharmacy/held');
  });

  it.each(['?to=https://evil.example', '?to=//evil.example', '?to=/%5Cevil.example', '?to=javascript:alert(1)', ''])(
    'goes home instead of %s',
    (search) => {
      expect(returnAddress(search)).toBe('/');
    },
  );
});
