import { beforeEach, expect, it } from 'vitest';
import type { ContentWrap } from '../../model/policy.ts';
import {
  authorisationOf,
  type Claims,
  createClaims,
  createMember,
  policyOf,
  sayAs,
  sealedOf,
  wrapsFor,
} from '../../testing/claims.ts';
import { refusal } from '../../testing/ledger.ts';
import { instant, institutions } from '../../testing/samples.ts';
import { practitionerIdOf } from '../../testing/world.ts';

/** What becomes of a claim from the application to the receipt, and what everybody sees of it. */

let claims: Claims;
beforeEach(async () => {
  claims = await createClaims();
});

it('is submitted, approved by the adjudicator, paid and anchored', async () => {
  const id = await claims.bill(1);
  expect(await claims.claim(id)).toMatchObject({
    ...{ state: 'submitted', version: 1, insurer: institutions.insurer.id, provider: institutions.pharmacy.id },
    ...{ by: practitionerIdOf('pharmacist'), plan: { version: 1 }, decisions: [], receipts: [] },
  });
  await claims.decide(id, { insurer: 6_000, deductible: 3_500 });
  expect(await claims.usage(policyOf(1))).toEqual({
    ...{ policy: policyOf(1), year: 1, insurer: 6_000, patient: 4_000, deductible: 3_500 },
    ...{ categories: { medicine: 6_000 }, version: 1 },
  });
  await claims.settle(id, 1);
  expect((await claims.claim(id)).state).toBe('settled');
  await claims.anchor(id, 1, { amount: 6_000 });
  await claims.anchor(id, 2, { payer: 'patient', amount: 1_500 });
  await claims.anchor(id, 3, { payer: 'assistance', amount: 1_000 });
  await claims.submit(claims.world.people.pharmacist, 'cash', [id, '1500']);
  expect(await claims.claim(id)).toMatchObject({
    ...{ state: 'anchored', version: 7, cash: { amount: 1_500, by: practitionerIdOf('pharmacist') } },
    receipts: [{ payer: 'insurer' }, { payer: 'patient' }, { payer: 'assistance' }],
  });
});

it('is left to a person, who asks, denies, and is appealed against', async () => {
  const id = await claims.bill(1);
  await claims.review(id);
  expect(await claims.claim(id)).toMatchObject({ state: 'inReview', review: { reasons: ['UNUSUAL'] } });
  await claims.submit(claims.world.people.insurer, 'ask', [id, sealedOf('why so much?')]);
  await claims.submit(claims.world.people.pharmacist, 'answer', [id, sealedOf('as prescribed')]);
  await claims.deny(id, claims.world.people.insurer);
  expect((await claims.usage(policyOf(1))).version).toBe(0);
  await claims.bring(claims.cast.member, 'appeal', { claim: id, message: sealedOf('it was needed') });
  const appealed = await claims.claim(id);
  expect(appealed.state).toBe('appealed');
  expect(appealed.messages.map(({ kind, by }) => [kind, by])).toEqual([
    ['question', practitionerIdOf('insurer')],
    ['answer', practitionerIdOf('pharmacist')],
    ['appeal', policyOf(1)],
  ]);
  await claims.decide(id, {}, claims.world.people.insurer);
  expect(await claims.claim(id)).toMatchObject({ state: 'approved', decisions: [{ outcome: 'denied' }, {}] });
  expect(await claims.usage(policyOf(1))).toMatchObject({ insurer: 9_000, patient: 1_000, version: 1 });
});

it('is read by who has a wrap, the member by a statement', async () => {
  const id = await claims.bill(1);
  const { people } = claims.world;
  const readAs = (action: 'read', said: object) =>
    claims.evaluate<ContentWrap>(claims.registrar, 'readWrapAsMember', sayAs(claims.cast.member, action, said));
  const reader = async (wrap: Promise<ContentWrap>) => (await wrap).reader;
  const { adjudicator, system } = claims.cast;
  expect(await reader(claims.evaluate(people.colleague, 'readWrap', id))).toBe(institutions.pharmacy.id);
  expect(await reader(claims.evaluate(people.insurer, 'readWrap', id))).toBe(institutions.insurer.id);
  expect(await reader(claims.evaluate(adjudicator, 'readWrap', id))).toBe(adjudicator.id);
  for (const caller of [people.otherPharmacist, people.doctor, claims.cast.otherInsurer, people.regulator, system]) {
    expect(await refusal(claims.evaluate(caller, 'readWrap', id))).toBe('NOT_AUTHORISED');
  }
  const applicant = createMember(9);
  const wraps = wrapsFor(institutions.insurer.id, applicant.policy, adjudicator.id);
  await claims.submit(claims.registrar, 'apply', [sayAs(applicant, 'apply', claims.application(applicant))], wraps);
  expect(await reader(claims.evaluate(adjudicator, 'readWrap', applicant.policy))).toBe(adjudicator.id);
  expect(await refusal(claims.evaluate(adjudicator, 'readWrap', policyOf(1)))).toBe('NOT_AUTHORISED');
  const said = { policy: policyOf(1), at: instant(0) };
  for (const own of [id, policyOf(1), authorisationOf(1)])
    expect(await reader(readAs('read', { ...said, id: own }))).toBe(policyOf(1));
  for (const foreign of [policyOf(2), authorisationOf(3)])
    expect(await refusal(readAs('read', { ...said, id: foreign }))).toBe('NOT_AUTHORISED');
});
