import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Plan, type PlanHead, planTerms } from '../../model/plan.ts';
import type { ContentWrap } from '../../model/policy.ts';
import type { Page } from '../../model/registry.ts';
import {
  authorisationOf,
  type Claims,
  createClaims,
  createMember,
  otherInsurer,
  planOf,
  policyOf,
  sayAs,
  sealedOf,
  termsOf,
  wrapsFor,
} from '../../testing/claims.ts';
import { refusal } from '../../testing/ledger.ts';
import { day, hour, instant, institutions } from '../../testing/samples.ts';
import { practitionerIdOf, submitToRegistry } from '../../testing/world.ts';

/** Plans, policies, cards, and the statements that members make. */

let claims: Claims;
beforeEach(async () => {
  claims = await createClaims();
});
afterEach(() => {
  vi.useRealTimers();
});
const goOn = (milliseconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(Date.now() + milliseconds) });

describe('a plan', () => {
  const next = (change: object = {}) => claims.publish(1, { version: 2, validFrom: instant(0), ...change });

  it('is published in versions, one after the other, by its insurer', async () => {
    expect(await refusal(next({ version: 1 }))).toBe('ALREADY_EXISTS');
    expect(await refusal(next({ version: 3 }))).toBe('STALE');
    expect(await refusal(claims.publish(9, { version: 2 }))).toBe('STALE');
    await next({ terms: termsOf({ deductible: 1 }) });
    const read = (version: string) =>
      claims.evaluate<Plan>(claims.world.people.service, 'readPlan', planOf(1), version);
    expect([await read('1'), await read('2'), await read('')].map(({ terms }) => terms.deductible)).toEqual([
      ...[30_000, 1, 1],
    ]);
    expect(await read('')).toMatchObject({ by: practitionerIdOf('insurer'), insurer: institutions.insurer.id });
    expect(await refusal(read('3'))).toBe('NOT_FOUND');
  });

  it('counts neither from before the version before it nor from long ago, and keeps its currency', async () => {
    await next({ validFrom: instant(10 * day) });
    expect(await refusal(next({ version: 3, validFrom: instant(9 * day) }))).toBe('INVALID_ARGUMENT');
    expect(await refusal(claims.publish(9, { validFrom: instant(-25 * hour) }))).toBe('INVALID_ARGUMENT');
    const terms = termsOf({ currency: 'EUR' });
    expect(await refusal(next({ version: 3, validFrom: instant(11 * day), terms }))).toBe('INVALID_ARGUMENT');
  });

  it('may be as long as its shape allows', async () => {
    const words = 'w'.repeat(300);
    const rules = Array.from({ length: 20 }, (_, index) => ({
      ...{ id: `rule-${index}`, when: `billed > ${'9'.repeat(480)}`, effect: 'deny', reason: 'RULE', words },
    }));
    const prices = Array.from({ length: 100 }, (_, index) => ({ code: `GP-${index}`, price: index, per: 1 }));
    await next({ terms: planTerms.parse({ ...termsOf(), rules, prices }) });
    expect(await refusal(next({ version: 3, terms: { ...termsOf(), name: 'x'.repeat(50_000) } }))).toBe(
      'INVALID_ARGUMENT',
    );
  });

  it('that is closed takes no new members and keeps those it has', async () => {
    const { people } = claims.world;
    await claims.apply(createMember(4));
    await claims.submit(people.insurer, 'closePlan', [planOf(1)]);
    expect(await refusal(claims.submit(people.insurer, 'closePlan', [planOf(1)]))).toBe('WRONG_STATE');
    expect(await refusal(claims.apply(createMember(5)))).toBe('WRONG_STATE');
    await claims.submit(people.insurer, 'decidePolicy', [policyOf(4), 'accept', {}]);
    await claims.bill(1);
    const { items } = await claims.evaluate<Page<PlanHead>>(people.service, 'readPlans', '100', '');
    expect(items.map(({ id, state, insurer }) => [id, state, insurer])).toEqual([
      [planOf(1), 'closed', institutions.insurer.id],
      [planOf(2), 'open', otherInsurer],
    ]);
  });
});

describe('a policy', () => {
  it('is applied for by who has its key, once', async () => {
    const newcomer = createMember(4);
    await claims.apply(newcomer);
    expect(await claims.policy(policyOf(4))).toMatchObject({ state: 'applied', insurer: institutions.insurer.id });
    expect(await refusal(claims.apply(newcomer))).toBe('ALREADY_EXISTS');
    // Another's key for a policy that there is, and a key that is none.
    expect(await refusal(claims.apply({ ...createMember(9), policy: policyOf(1) }))).toBe('ALREADY_EXISTS');
    const forged = { ...createMember(5), signingKey: createMember(5).signingKey };
    expect(await refusal(claims.apply(forged))).toBe('NOT_AUTHORISED');
    expect(await refusal(claims.apply({ ...createMember(5), signingKey: 'M'.repeat(122) }))).toBe('INVALID_ARGUMENT');
    expect(await refusal(claims.apply(createMember(5), { plan: planOf(9) }))).toBe('NOT_FOUND');
  });

  it('has wraps for insurer and member, for devices besides, and for nobody else', async () => {
    const newcomer = createMember(4);
    const apply = (...readers: string[]) =>
      claims.submit(
        claims.registrar,
        'apply',
        [sayAs(newcomer, 'apply', claims.application(newcomer))],
        readers.length > 0 ? wrapsFor(...readers) : undefined,
      );
    const { insurer, pharmacy } = institutions;
    for (const readers of [[], [insurer.id], [policyOf(4)], [insurer.id, policyOf(4), pharmacy.id]])
      expect(await refusal(apply(...readers))).toBe('INVALID_ARGUMENT');
    const { adjudicator } = claims.cast;
    await apply(insurer.id, policyOf(4), adjudicator.id);
    expect(await claims.evaluate<ContentWrap>(adjudicator, 'readWrap', policyOf(4))).toMatchObject({
      reader: adjudicator.id,
    });
    expect(await refusal(claims.evaluate(claims.cast.otherAdjudicator, 'readWrap', policyOf(4)))).toBe(
      'NOT_AUTHORISED',
    );
    const seen = JSON.stringify(claims.world.ledger.publicRecords);
    expect(seen).not.toContain(wrapsFor(insurer.id)[insurer.id]?.slice(0, 64));
  });

  it('is accepted or refused once, with a reason', async () => {
    const { insurer } = claims.world.people;
    const decide = (seed: number, verdict: string, said: object) =>
      claims.submit(insurer, 'decidePolicy', [policyOf(seed), verdict, said]);
    for (const seed of [4, 5]) await claims.apply(createMember(seed));
    expect(await refusal(decide(4, 'refuse', {}))).toBe('REASON_REQUIRED');
    expect(await refusal(decide(4, 'perhaps', {}))).toBe('INVALID_ARGUMENT');
    expect(await refusal(decide(4, 'accept', { from: instant(day), until: instant(day) }))).toBe('INVALID_ARGUMENT');
    await decide(4, 'refuse', { reason: 'not who it says' });
    expect(await claims.policy(policyOf(4))).toMatchObject({ state: 'refused', reason: 'not who it says' });
    expect((await claims.policy(policyOf(4))).from).toBeUndefined();
    expect(await refusal(decide(4, 'accept', {}))).toBe('WRONG_STATE');
    await decide(5, 'accept', { until: instant(day) });
    expect(await claims.policy(policyOf(5))).toMatchObject({ state: 'active', by: practitionerIdOf('insurer') });
  });

  it('is ended by the insurer with a reason, or left by the member, for good', async () => {
    const { insurer } = claims.world.people;
    expect(await refusal(claims.submit(insurer, 'endPolicy', [policyOf(1), 'x']))).toBe('REASON_REQUIRED');
    await claims.submit(insurer, 'endPolicy', [policyOf(1), 'premium not paid']);
    expect(await claims.policy(policyOf(1))).toMatchObject({ state: 'ended', reason: 'premium not paid' });
    expect(await refusal(claims.bring(claims.cast.member, 'leave'))).toBe('WRONG_STATE');
    await claims.bring(claims.cast.neighbour, 'leave');
    expect(await claims.policy(policyOf(2))).toMatchObject({ state: 'ended', by: policyOf(2) });
    expect(await refusal(claims.submit(insurer, 'endPolicy', [policyOf(2), 'once more']))).toBe('WRONG_STATE');
    const newcomer = createMember(4);
    await claims.apply(newcomer);
    await claims.bring(newcomer, 'leave');
    expect(await claims.policy(policyOf(4))).toMatchObject({ state: 'ended', by: policyOf(4) });
    expect(await refusal(claims.submit(insurer, 'decidePolicy', [policyOf(4), 'accept', {}]))).toBe('WRONG_STATE');
  });

  it('that was over before it was ended ended then', async () => {
    const newcomer = createMember(4);
    await claims.apply(newcomer);
    const until = instant(hour);
    await claims.submit(claims.world.people.insurer, 'decidePolicy', [policyOf(4), 'accept', { until }]);
    goOn(2 * hour);
    await claims.bring(newcomer, 'leave');
    expect((await claims.policy(policyOf(4))).until).toBe(until);
  });
});

describe('an authorisation', () => {
  it('lets a hospital or pharmacy bill, and nobody else', async () => {
    const { member } = claims.cast;
    expect(await refusal(claims.authorise(member, 1))).toBe('ALREADY_EXISTS');
    const card = sayAs(member, 'authorise', claims.authorisation(member, 9));
    const readers = [institutions.pharmacy.id, policyOf(1), claims.cast.adjudicator.id];
    expect(await refusal(claims.submit(claims.registrar, 'authorise', [card], wrapsFor(...readers)))).toBe(
      'INVALID_ARGUMENT',
    );
    expect(await refusal(claims.authorise(member, 9, { institution: institutions.maker.id }))).toBe('WRONG_STATE');
    expect(await refusal(claims.authorise(member, 9, { institution: 'inst-nobody-here' }))).toBe('NOT_FOUND');
    expect(await refusal(claims.authorise(member, 9, { until: instant(0) }))).toBe('INVALID_ARGUMENT');
    const { RegulatorMSP } = claims.world.registrars;
    const status = [institutions.otherPharmacy.id, 'suspended'];
    await submitToRegistry(claims.world, RegulatorMSP, 'setInstitutionStatus', ...status);
    expect(await refusal(claims.authorise(member, 9, { institution: institutions.otherPharmacy.id }))).toBe(
      'SUSPENDED',
    );
  });

  it('is of a policy in force', async () => {
    const newcomer = createMember(4);
    await claims.apply(newcomer);
    expect(await refusal(claims.authorise(newcomer, 9))).toBe('NOT_INSURED');
    const until = instant(hour);
    await claims.submit(claims.world.people.insurer, 'decidePolicy', [policyOf(4), 'accept', { until }]);
    goOn(2 * hour);
    expect(await refusal(claims.authorise(newcomer, 9))).toBe('NOT_INSURED');
    await claims.bring(claims.cast.member, 'leave');
    expect(await refusal(claims.authorise(claims.cast.member, 9))).toBe('NOT_INSURED');
  });

  it('is revoked by its member alone, once', async () => {
    const { member, neighbour } = claims.cast;
    const authorisation = authorisationOf(1);
    expect(await refusal(claims.bring(neighbour, 'revoke', { authorisation }))).toBe('NOT_AUTHORISED');
    await claims.bring(member, 'revoke', { authorisation });
    expect(await refusal(claims.bring(member, 'revoke', { authorisation }))).toBe('WRONG_STATE');
    expect(await refusal(claims.bill(1))).toBe('NOT_INSURED');
  });
});

describe('a statement', () => {
  const leaveAt = (offset: number, change: Partial<ReturnType<typeof sayAs>> = {}) =>
    claims.submit(claims.registrar, 'leave', [
      { ...sayAs(claims.cast.member, 'leave', { policy: policyOf(1), at: instant(offset) }), ...change },
    ]);

  it('counts for ten minutes, and not before it was said', async () => {
    expect(await refusal(leaveAt(-11 * 60_000))).toBe('CLOCK_SKEW');
    expect(await refusal(leaveAt(3 * 60_000))).toBe('CLOCK_SKEW');
    await leaveAt(-9 * 60_000);
  });

  it('is the member’s, whole, and for what it was said', async () => {
    const { member, neighbour } = claims.cast;
    const said = { policy: policyOf(1), at: instant(0) };
    const signed = sayAs(member, 'leave', said);
    const byAnother = sayAs(neighbour, 'leave', said);
    const forAnother = sayAs(member, 'leave', { ...said, policy: policyOf(2) });
    const changed = { ...signed, said: JSON.stringify({ ...said, at: instant(1_000) }) };
    const spaced = { ...signed, said: ` ${signed.said}` };
    for (const statement of [byAnother, forAnother, changed, spaced])
      expect(await refusal(claims.submit(claims.registrar, 'leave', [statement]))).toBe('NOT_AUTHORISED');
    // One function's statement is none of another's, also where it says as much.
    const read = { ...said, id: policyOf(1) };
    expect(await refusal(claims.evaluate(claims.registrar, 'readWrapAsMember', sayAs(member, 'appeal', read)))).toBe(
      'NOT_AUTHORISED',
    );
    expect(await refusal(leaveAt(0, { said: '{}' }))).toBe('INVALID_ARGUMENT');
    await claims.submit(claims.registrar, 'leave', [signed]);
    expect(await refusal(claims.submit(claims.registrar, 'leave', [signed]))).toBe('WRONG_STATE');
  });

  it('of what was revoked or refused, brought again, changes nothing', async () => {
    const { member } = claims.cast;
    const card = claims.authorisation(member, 9);
    const authorise = () =>
      claims.submit(
        claims.registrar,
        'authorise',
        [sayAs(member, 'authorise', card)],
        wrapsFor(institutions.pharmacy.id, policyOf(1)),
      );
    await authorise();
    await claims.bring(member, 'revoke', { authorisation: card.id });
    expect(await refusal(authorise())).toBe('ALREADY_EXISTS');
    const id = await claims.bill(1);
    await claims.deny(id);
    const appeal = sayAs(member, 'appeal', {
      ...{ policy: policyOf(1), at: instant(0), claim: id, message: sealedOf('it was needed') },
    });
    await claims.submit(claims.registrar, 'appeal', [appeal]);
    await claims.deny(id, claims.world.people.insurer);
    expect(await refusal(claims.submit(claims.registrar, 'appeal', [appeal]))).toBe('ALREADY_EXISTS');
  });
});
