import { describe, expect, it } from 'vitest';
import type { Claim } from '#chaincode/model/claim.ts';
import type { Policy } from '#chaincode/model/policy.ts';
import { dryRun } from '#coverage/dryRun.ts';
import { id, servedAt, tablets, termsOf } from '#coverage/testing.ts';
import { testInsured } from '#crypto/claim/testClaim.ts';
import { buildClaim } from '#fhir/claim.ts';
import type { ReadClaim } from './judgeCase.ts';
import { decidedOf, type PastCase } from './pastCases.ts';

const sealed = { cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64) };
const policy: Policy = {
  ...{ id: id('pol'), plan: id('plan'), signingKey: 'K'.repeat(122), readingKey: 'R'.repeat(1622), details: sealed },
  ...{ at: '2025-03-01T00:00:00.000Z', from: '2025-03-01T00:00:00.000Z', insurer: 'inst-northern-mutual' },
  ...{ state: 'active', by: id('prac'), version: 2 },
};

function readOf(letter: string, change: Partial<Claim> = {}): ReadClaim {
  const claim: Claim = {
    ...{ id: id('clm', letter), use: 'claim', category: 'medicine', policy: policy.id, authorisation: id('aut') },
    ...{ service: letter.repeat(64), servedAt, currency: 'EUR', billed: 3_000, content: sealed, at: servedAt },
    ...{ reference: 'ab'.repeat(32), plan: { id: policy.plan, version: 1 }, insurer: policy.insurer },
    ...{ provider: 'inst-city-pharmacy', by: id('prac'), state: 'approved', messages: [], receipts: [], version: 2 },
    decisions: [
      {
        ...{ claim: id('clm', letter), version: 1, usage: 0, outcome: 'approved', allowed: 3_000, insurer: 2_000 },
        ...{ patient: 1_000, deductible: 0, reasons: [], explanation: sealed, by: id('dev'), at: servedAt },
      },
    ],
    ...change,
  };
  const billed = buildClaim({
    ...{ id: claim.id, use: claim.use, category: claim.category, policy: policy.id, currency: 'EUR' },
    ...{ insurer: { id: claim.insurer }, provider: { id: claim.provider }, practitioner: { id: claim.by } },
    ...{ servedAt: claim.servedAt, created: claim.at },
    ...(claim.preauthorisation !== undefined && { preauthorisation: claim.preauthorisation }),
    items: [
      {
        of: { code: tablets.code, name: 'tablets', atc: tablets.atc },
        ...{ quantity: 30, unit: tablets.unit, net: 3_000 },
      },
    ],
  });
  const content = { version: 1 as const, claim: {}, referenceSalt: 'A'.repeat(43) };
  return { claim, billed, opened: { content, explanations: [], messages: [] } };
}
const caseOf = (read: ReadClaim): PastCase => ({
  ...{ read, insured: testInsured },
  checked: { shown: {}, dispense: undefined, faults: [] },
});
const decided = (reads: ReadClaim[], agreed: ReadClaim[] = []) =>
  decidedOf(
    { cases: reads.map(caseOf), agreed, closed: 0 },
    { claims: [], agreed: [], policies: [policy], formulary: [] },
  );

describe('past claims that a plan is tried on', () => {
  it('end as they did, where the plan is the same', () => {
    const run = dryRun(termsOf(), decided([readOf('a')]));
    expect(run).toMatchObject({ claims: 1, toPerson: 0, changed: [], after: { insurer: 2_000, patient: 1_000 } });
  });

  it('are held beside those that were claimed before, and not beside later ones', () => {
    const [first, second] = decided([
      readOf('a'),
      readOf('b', { at: '2026-11-21T10:00:00.000Z', servedAt: '2026-11-21T10:00:00.000Z' }),
    ]);
    expect([first?.history.size, second?.history.size]).toEqual([0, 1]);
  });

  it('know who decided them, whom they insure, and what was agreed to before', () => {
    const agreed = readOf('c', { use: 'preauthorisation' });
    const named = readOf('d', { preauthorisation: agreed.claim.id });
    const byHand = readOf('e', {
      decisions: agreed.claim.decisions.map((decision) => ({ ...decision, by: id('prac') })),
    });
    const [one, other] = decided([named, byHand], [agreed]);
    expect(one).toMatchObject({
      ...{ byPerson: false, birthDate: testInsured.birthDate, disagreements: [] },
      preauthorisation: { allowed: 3_000, codes: [tablets.code] },
    });
    expect(other).toMatchObject({ byPerson: true });
    expect(other?.preauthorisation).toBeUndefined();
  });
});
