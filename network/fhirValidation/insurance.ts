import { serviceDayOf } from '#chaincode/model/claim.ts';
import { buildClaim } from '#fhir/claim.ts';
import type { ClaimStep } from '#fhir/claimStep.ts';
import { buildCoverage } from '#fhir/coverage.ts';
import { buildEligibilityRequest, buildEligibilityResponse } from '#fhir/eligibility.ts';
import { buildExplanation, claimResponseOf } from '#fhir/explanation.ts';

/** What Medloom writes of insurance: a policy, a question and its answer, a claim for a medicine and its decision. */
export function insuranceFhir(at: string): [name: string, resource: object][] {
  const id = (prefix: string) => `${prefix}-${'a'.repeat(26)}`;
  const insurer = { id: 'inst-northern-mutual', name: 'Northern Mutual' };
  const provider = { id: 'inst-harbour-pharmacy', name: 'Harbour Pharmacy' };
  const of = {
    code: 'MP-24021',
    name: 'amoxicillin',
    atc: 'J01CA04',
    form: 'capsule',
    strength: '500 mg',
    unit: 'capsule',
  };
  const items = [{ of, quantity: 21, unit: 'capsule', net: 790 }];
  const asked = { policy: id('pol'), insurer, provider, created: at, currency: 'EUR', items };
  const claim = buildClaim({
    ...{ ...asked, id: id('clm'), use: 'claim', category: 'medicine', servedAt: serviceDayOf(at) },
    ...{ practitioner: { id: id('prac'), name: 'Rosa Méndez' }, prescription: `rx-0-${'a'.repeat(26)}` },
    preauthorisation: id('clm'),
  });
  const shares = { billed: 790, allowed: 690, insurer: 432, patient: 258, coPay: 150, deductible: 0 };
  const trace: ClaimStep[] = [
    { code: 'price', verdict: 'reduced', item: 1, reason: 'PRICE_ABOVE_LIST', numbers: { billed: 790, listed: 690 } },
    { code: 'rule', verdict: 'passed', subject: 'not-twice', words: 'Not twice in a week.', numbers: {} },
  ];
  const reasons = ['PRICE_ABOVE_LIST', 'OTHER'] as const;
  const decided = {
    outcome: 'partlyApproved',
    items: [shares],
    total: shares,
    reasons,
    trace,
    note: 'As agreed.',
  } as const;
  const explained = buildExplanation(claim, decided, at);
  const request = buildEligibilityRequest({ ...asked, id: id('elq'), authorisation: id('aut'), category: 'medicine' });
  const answer = { verdict: 'covered', inForce: true, items: [{ shares, needsAuthorisation: false }], trace } as const;
  const coverage = buildCoverage({ policy: id('pol'), state: 'active', from: at, insurer, plan: { id: id('plan') } });
  return [
    ['coverage', coverage],
    ['eligibility-request', request],
    ['eligibility-response', buildEligibilityResponse(request, answer, at)],
    ['claim', claim],
    ['explanation', explained],
    ['claim-response', claimResponseOf(explained)],
  ];
}
