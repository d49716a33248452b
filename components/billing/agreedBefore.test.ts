import { describe, expect, it } from 'vitest';
import type { ClaimView } from '#server/claims/schema.ts';
import { agreedBefore } from './agreedBefore.ts';

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
