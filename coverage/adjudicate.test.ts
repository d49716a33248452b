import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ClaimSubmission, claimDecision } from '#chaincode/model/claim.ts';
import type { ClaimReason } from '#chaincode/model/plan.ts';
import { noUsage } from '#chaincode/model/usage.ts';
import { buildClaim } from '#fhir/claim.ts';
import { claimStep } from '#fhir/claimStep.ts';
import { buildExplanation, parseExplanation, readExplanation } from '#fhir/explanation.ts';
import { encodeResource } from '#fhir/parse.ts';
import { FormularyList } from '#formulary/coverage.ts';
import { type Adjudicated, type Adjudication, adjudicate } from './adjudicate.ts';
import { disagreements, factsOf as factsOfClaim } from './facts.ts';
import {
  factsOf,
  historyOf,
  id,
  inputOf,
  itemOf,
  pastOf,
  policy,
  productOf,
  servedAt,
  tablets,
  termsOf,
} from './testing.ts';

const summary = (result: Adjudication) =>
  result.review === undefined
    ? { outcome: result.outcome, reasons: result.reasons, shares: [result.allowed, result.insurer, result.patient] }
    : { review: result.review };
const rule = (when: string, effect: 'deny' | 'review' = 'deny') => ({
  ...{ id: 'own-rule', when, effect, reason: 'RULE' as const, words: 'Not within a week of the last one.' },
});
const benefit = { category: 'medicine', percent: 80, coPay: 500, priorAuthorisation: true, free: false } as const;
const faultsOf = (reasons: readonly ClaimReason[]) => reasons.map((reason) => ({ reason, at: 'token' }));
const evidence = (...reasons: ClaimReason[]) => ({ evidence: { faults: faultsOf(reasons) } });
const denied = (...reasons: ClaimReason[]) => ({ outcome: 'denied', reasons, shares: [0, 0, 0] });
const cream = productOf('g');
const agreedTo = id('clm', 'p');
const usedBefore = pastOf({
  ...{ preauthorisation: agreedTo, allowed: 3_000, servedAt: '2026-10-01T10:00:00.000Z' },
  ...{ filedAt: '2026-10-01T10:00:00.000Z', items: [itemOf({ code: cream.code })] },
});

it('shares out a claim that is in order, and says each step', () => {
  const result = adjudicate(inputOf());
  expect(summary(result)).toEqual({ outcome: 'approved', reasons: [], shares: [3_000, 2_000, 1_000] });
  expect(result.trace.map(({ code, verdict }) => `${code} ${verdict}`)).toEqual([
    ...['agreement passed', 'evidence passed', 'quantity passed', 'policy passed', 'filing passed', 'benefit passed'],
    ...['coPay passed', 'percent passed', 'shares passed', 'outcome passed'],
  ]);
});

describe('it decides', () => {
  it.each<[string, Partial<Adjudicated>, object]>([
    ['nothing that the ledger says otherwise', { disagreements: ['billed'] }, denied('EVIDENCE_INVALID')],
    [
      'nothing of a policy that had not begun',
      { policy: { ...policy, from: '2026-11-21T00:00:00.000Z' } },
      denied('NOT_INSURED_THEN'),
    ],
    [
      'a service of the policy’s first day, of which only the day is known',
      {
        facts: factsOf({ servedAt: '2026-11-20T00:00:00.000Z' }),
        policy: { ...policy, from: '2026-11-20T14:00:00.000Z' },
      },
      { outcome: 'approved' },
    ],
    [
      'nothing of a policy that had ended',
      { policy: { ...policy, state: 'ended', until: servedAt } },
      denied('NOT_INSURED_THEN'),
    ],
    ['nothing of a policy that was refused', { policy: { ...policy, state: 'refused' } }, denied('NOT_INSURED_THEN')],
    ['nothing that comes too late', { facts: factsOf({ filedAt: '2026-12-21T10:00:00.000Z' }) }, denied('TOO_LATE')],
    [
      'what comes on the last day',
      { facts: factsOf({ filedAt: '2026-12-20T10:00:00.000Z' }) },
      { outcome: 'approved' },
    ],
    ['nothing for another', evidence('NOT_THE_MEMBER'), denied('NOT_THE_MEMBER')],
    ['nothing with a token that says otherwise', evidence('TOKEN_INVALID'), denied('TOKEN_INVALID')],
    [
      'nothing above what was dispensed',
      { evidence: { faults: [], dispensed: 29 } },
      denied('QUANTITY_ABOVE_DISPENSED'),
    ],
    [
      'nothing of a category without a benefit',
      {
        facts: factsOf({ category: 'diagnostics', items: [itemOf({ category: 'diagnostics', code: 'MRI' })] }),
        evidence: undefined,
      },
      denied('NOT_COVERED'),
    ],
    [
      'nothing of a tier that is not covered',
      { facts: factsOf({ items: [itemOf({ tier: 'notCovered' })] }) },
      denied('NOT_COVERED'),
    ],
    [
      'nothing of such a tier that the plan names without a share',
      {
        facts: factsOf({ items: [itemOf({ tier: 'notCovered' })] }),
        terms: termsOf({ tiers: { notCovered: { percent: 0, coPay: 0, priorAuthorisation: false } } }),
      },
      denied('NOT_COVERED'),
    ],
    ['nothing in another currency', { facts: factsOf({ currency: 'CHF' }) }, denied('NOT_COVERED')],
    [
      'by the tier in place of the benefit',
      { terms: termsOf({ tiers: { tier1: { percent: 50, coPay: 0, priorAuthorisation: false } } }) },
      { outcome: 'approved', shares: [3_000, 1_500, 1_500] },
    ],
    [
      'in part above the listed price',
      { terms: termsOf({ prices: [{ code: tablets.code, price: 1_000, per: 15 }] }) },
      { outcome: 'partlyApproved', reasons: ['PRICE_ABOVE_LIST'], shares: [2_000, 1_200, 800] },
    ],
    [
      'in part above the year’s limit',
      { terms: termsOf({ annualLimit: 700 }) },
      { outcome: 'partlyApproved', reasons: ['ANNUAL_LIMIT'], shares: [1_700, 700, 1_000] },
    ],
    [
      'nothing of the insurer within the deductible',
      { terms: termsOf({ deductible: 9_000 }) },
      { outcome: 'approved', reasons: [], shares: [3_000, 0, 3_000] },
    ],
    [
      'nothing without the agreement that it needs',
      { terms: termsOf({ benefits: [benefit] }) },
      denied('NO_PRIOR_AUTHORISATION'),
    ],
    [
      'what was agreed before',
      { terms: termsOf({ benefits: [benefit] }), preauthorisation: { allowed: 3_000, codes: [tablets.code] } },
      { outcome: 'approved' },
    ],
    [
      'what other claims have left of what was agreed',
      {
        terms: termsOf({ benefits: [benefit] }),
        facts: factsOf({ preauthorisation: agreedTo }),
        preauthorisation: { allowed: 6_000, codes: [tablets.code] },
        history: historyOf(
          usedBefore,
          { ...usedBefore, id: 'clm-reversed', result: 'reversed' },
          { ...usedBefore, id: 'clm-without', preauthorisation: undefined },
        ),
      },
      { outcome: 'approved' },
    ],
    ['nothing that a rule refuses', { terms: termsOf({ rules: [rule('claim.billed >= 3000')] }) }, denied('RULE')],
    ['what no rule refuses', { terms: termsOf({ rules: [rule('claim.billed > 3000')] }) }, { outcome: 'approved' }],
    [
      'against, before a person is asked',
      { ...evidence('NOT_THE_MEMBER', 'EVIDENCE_MISSING'), terms: termsOf({ reviewAbove: 1 }) },
      denied('NOT_THE_MEMBER'),
    ],
    [
      'a substitute of the same substance',
      {
        facts: factsOf({ items: [itemOf()] }),
        evidence: { faults: [], prescribed: { code: 'MP-99999', atc: tablets.atc } },
      },
      { outcome: 'approved' },
    ],
    [
      'by the substance that is shown',
      { evidence: { faults: [], prescribed: { atc: tablets.atc } } },
      { outcome: 'approved' },
    ],
  ])('%s', (_, change, expected) => {
    expect(summary(adjudicate(inputOf(change)))).toMatchObject(expected);
  });

  it('each item by itself, where one is not covered', () => {
    const items = [itemOf(), itemOf({ sequence: 2, tier: 'notCovered', net: 1_000 })];
    const result = adjudicate(inputOf({ facts: factsOf({ items }), evidence: { faults: [] } }));
    expect(summary(result)).toEqual({
      outcome: 'partlyApproved',
      reasons: ['NOT_COVERED'],
      shares: [3_000, 2_000, 1_000],
    });
  });
});

describe('a person decides', () => {
  it.each<[string, Partial<Adjudicated>, ClaimReason[]]>([
    ['a medicine without evidence', { evidence: undefined }, ['EVIDENCE_MISSING']],
    ['evidence that lacks something', evidence('EVIDENCE_MISSING'), ['EVIDENCE_MISSING']],
    [
      'another medicine than was prescribed',
      { evidence: { faults: [], prescribed: { code: cream.code } } },
      ['EVIDENCE_INVALID'],
    ],
    [
      'a product that nobody knows',
      { facts: factsOf({ items: [itemOf({ code: 'MP-99999' })] }), evidence: { faults: [] } },
      ['EVIDENCE_INVALID'],
    ],
    ['a quantity in another unit', { facts: factsOf({ items: [itemOf({ unit: 'mL' })] }) }, ['EVIDENCE_INVALID']],
    ['what is billed above a threshold', { terms: termsOf({ reviewAbove: 2_999 }) }, ['LARGE_AMOUNT']],
    ['what a rule says', { terms: termsOf({ rules: [rule('member.age > 40', 'review')] }) }, ['RULE']],
    [
      'what a rule asks and nobody knows',
      { terms: termsOf({ rules: [rule('member.age > 90')] }), birthDate: undefined },
      ['RULE'],
    ],
    ['what a rule cannot tell', { terms: termsOf({ rules: [rule('claim.billed / year.insurer > 3')] }) }, ['RULE']],
    ['what looks like a duplicate', { history: historyOf(pastOf()) }, ['DUPLICATE']],
    [
      'another service than was agreed',
      { terms: termsOf({ benefits: [benefit] }), preauthorisation: { allowed: 3_000, codes: [cream.code] } },
      ['NO_PRIOR_AUTHORISATION'],
    ],
    [
      'more than was agreed',
      { terms: termsOf({ benefits: [benefit] }), preauthorisation: { allowed: 2_999, codes: [tablets.code] } },
      ['NO_PRIOR_AUTHORISATION'],
    ],
    [
      'more than other claims have left of what was agreed',
      {
        terms: termsOf({ benefits: [benefit] }),
        facts: factsOf({ preauthorisation: agreedTo }),
        preauthorisation: { allowed: 5_999, codes: [tablets.code] },
        history: historyOf(usedBefore),
      },
      ['NO_PRIOR_AUTHORISATION'],
    ],
    [
      'a request for agreement',
      { terms: termsOf({ benefits: [benefit] }), facts: factsOf({ use: 'preauthorisation' }), evidence: undefined },
      ['NO_PRIOR_AUTHORISATION'],
    ],
  ])('%s', (_, change, reasons) => {
    const result = adjudicate(inputOf(change));
    expect(summary(result)).toEqual({ review: reasons });
    if (result.review === undefined) throw new Error('decided');
    expect(result.proposal.outcome).toBe('approved');
  });
});

it('whatever comes, a decision is one that the ledger takes, with steps that are FHIR, and the same again', () => {
  const reasons = fc.constantFrom<ClaimReason>('EVIDENCE_MISSING', 'NOT_THE_MEMBER', 'TOKEN_INVALID', 'OTHER');
  const amounts = fc.integer({ min: 1, max: 2_000_000 });
  const optional = fc.option(fc.integer({ min: 0, max: 500_000 }), { nil: undefined });
  const claims = fc.record({
    items: fc.array(fc.record({ net: amounts, tier: fc.constantFrom('tier1', 'tier3', 'notCovered', 'unlisted') }), {
      ...{ minLength: 1, maxLength: 5 },
    }),
    faults: fc.oneof(
      { weight: 4, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: fc.array(reasons, { maxLength: 2 }) },
    ),
    terms: fc.record({
      deductible: fc.nat(50_000),
      annualLimit: optional,
      outOfPocketLimit: optional,
      reviewAbove: optional,
    }),
    used: fc.record({ insurer: fc.nat(300_000), patient: fc.nat(300_000), deductible: fc.nat(50_000) }),
    past: fc.integer({ min: 0, max: 3 }),
  });
  fc.assert(
    fc.property(claims, ({ items, faults, terms, used, past }) => {
      const input = inputOf({
        facts: factsOf({ items: items.map((item, index) => itemOf({ ...item, sequence: index + 1 })) }),
        evidence: { faults: faultsOf(faults) },
        terms: termsOf(terms),
        usage: { ...noUsage(id('pol'), 2), ...used },
        history: historyOf(...Array.from({ length: past }, () => pastOf({ servedAt: '2026-10-01T00:00:00.000Z' }))),
      });
      const result = adjudicate(input);
      expect(adjudicate(input)).toEqual(result);
      for (const step of result.trace) expect(claimStep.safeParse(step).error).toBeUndefined();
      const {
        outcome,
        allowed,
        insurer,
        patient,
        deductible,
        reasons: said,
      } = result.review === undefined ? result : result.proposal;
      const content = { cid: `b${'a'.repeat(58)}`, contentHash: '0'.repeat(64) };
      const asDecision = { outcome, allowed, insurer, patient, deductible, reasons: said, explanation: content };
      expect(claimDecision.safeParse({ claim: id('clm'), version: 1, usage: 0, ...asDecision }).error).toBeUndefined();
      expect(used.insurer + insurer).toBeLessThanOrEqual(Math.max(terms.annualLimit ?? Infinity, used.insurer));
      expect(allowed).toBeLessThanOrEqual(input.facts.billed);
      if (faults.length > 0) expect(result.review !== undefined || result.outcome === 'denied').toBe(true);
    }),
  );
});

describe('with the resources', () => {
  const claim = buildClaim({
    ...{ id: id('clm'), use: 'claim', category: 'medicine', policy: id('pol'), currency: 'EUR' },
    ...{
      insurer: { id: 'inst-first-insurer' },
      provider: { id: 'inst-city-pharmacy' },
      practitioner: { id: id('prac') },
    },
    ...{ servedAt, created: servedAt, items: [{ of: tablets, quantity: 30, unit: tablets.unit, net: 3_000 }] },
  });
  const submission: Pick<
    ClaimSubmission,
    'id' | 'use' | 'category' | 'policy' | 'service' | 'servedAt' | 'currency' | 'billed'
  > = {
    ...{ id: id('clm'), use: 'claim', category: 'medicine', policy: id('pol'), service: 'ab'.repeat(32), servedAt },
    ...{ currency: 'EUR', billed: 3_000 },
  };
  const entry = { ...submission, at: servedAt, insurer: 'inst-first-insurer', provider: 'inst-city-pharmacy' };

  it('agrees where ledger and ciphertext say the same, and names what they do not', () => {
    expect(disagreements(entry, claim)).toEqual([]);
    const other = {
      ...entry,
      billed: 2_999,
      policy: id('pol', 'b'),
      category: 'inpatient',
      preauthorisation: id('clm', 'c'),
    } as const;
    expect(disagreements(other, claim)).toEqual(['policy', 'billed', 'preauthorisation', 'category']);
  });

  it('is written as an explanation, and read', () => {
    const list = new FormularyList(
      [{ scope: 'national', state: 'inForce', code: tablets.code, atc: tablets.atc, tier: 'tier2' }],
      null,
    );
    const facts = factsOfClaim(entry, claim, list);
    expect(facts.items).toMatchObject([
      { code: tablets.code, atc: tablets.atc, tier: 'tier2', quantity: 30, net: 3_000 },
    ]);
    const result = adjudicate(inputOf({ facts }));
    if (result.review !== undefined) throw new Error('a person');
    const read = readExplanation(parseExplanation(encodeResource(buildExplanation(claim, result, servedAt))));
    expect(read).toMatchObject({ outcome: 'approved', total: result.total, trace: result.trace });
  });
});
