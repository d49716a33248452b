import { describe, expect, it } from 'vitest';
import { buildClaim } from '#fhir/claim.ts';
import { systems } from '#fhir/coding.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { agreedBefore, askedBefore, isOfProduct, isWaiting } from './agreedBefore.ts';

const policy = `pol-${'a'.repeat(26)}`;
const view = (change: Partial<ClaimView>): ClaimView =>
  ({ use: 'preauthorisation', policy, category: 'inpatient', state: 'approved', ...change }) as ClaimView;

describe('what an insurer has agreed to before', () => {
  it('is what was asked of this policy, for this kind of service, and granted in full or in part', () => {
    const granted = [view({}), view({ state: 'partlyApproved' })];
    const others = [
      ...[view({ use: 'claim' }), view({ policy: `pol-${'b'.repeat(26)}` }), view({ category: 'emergency' })],
      ...(['submitted', 'inReview', 'denied', 'appealed', 'reversed'] as const).map((state) => view({ state })),
    ];
    expect(agreedBefore([...others, ...granted], policy, 'inpatient')).toEqual(granted);
  });

  it('is nothing where no card is open', () => {
    expect(agreedBefore([view({})], undefined, 'inpatient')).toEqual([]);
  });
});

it('what an insurer was asked stands until it is taken back, whatever it said', () => {
  const states = ['submitted', 'inReview', 'denied', 'approved', 'partlyApproved'] as const;
  const asked = states.map((state) => view({ state, category: 'medicine' }));
  const others = [view({ state: 'reversed', category: 'medicine' }), view({ use: 'claim', category: 'medicine' })];
  expect(askedBefore([...others, ...asked], policy, 'medicine')).toEqual(asked);
  // Only what an insurer has not answered keeps it from being asked again: what it agreed to may be used up.
  expect(asked.filter(isWaiting).map(({ state }) => state)).toEqual(['submitted', 'inReview']);
});

it('an agreement is of a product where it names that one and no other', () => {
  const of = (...codes: string[]) => ({
    claim: JSON.parse(
      JSON.stringify(
        buildClaim({
          ...{ id: `clm-${'a'.repeat(26)}`, use: 'preauthorisation', category: 'medicine', policy, currency: 'EUR' },
          ...{ insurer: { id: 'inst-northern-mutual' }, provider: { id: 'inst-river-pharmacy' } },
          ...{ practitioner: { id: `prac-${'a'.repeat(26)}` }, created: '2026-03-01T09:00:00.000Z' },
          servedAt: '2026-03-01T00:00:00.000Z',
          items: codes.map((code) => ({ of: { concept: concept(code) }, quantity: 28, unit: 'tablet', net: 900 })),
        }),
      ),
    ),
  });
  const concept = (code: string) => ({ coding: [{ system: systems.product, code, display: code }], text: code });
  expect(isOfProduct(of('MP-14301'), 'MP-14301')).toBe(true);
  expect(isOfProduct(of('MP-14302'), 'MP-14301')).toBe(false);
  expect(isOfProduct(of('MP-14301', 'MP-14302'), 'MP-14301')).toBe(false);
  expect(isOfProduct({ claim: { resourceType: 'Bundle' } }, 'MP-14301')).toBe(false);
});
