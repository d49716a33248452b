import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type ClaimDecision, mostDecisionsOfClaim } from '../../model/claim.ts';
import {
  authorisationOf,
  type Claims,
  claimOf,
  createClaims,
  createMember,
  policyOf,
  sealedOf,
} from '../../testing/claims.ts';
import { refusal } from '../../testing/ledger.ts';
import { day } from '../../testing/samples.ts';

/** How claims are decided, anew after an appeal, and what that uses of a policy's year. */

let claims: Claims;
beforeEach(async () => {
  claims = await createClaims();
});
afterEach(() => {
  vi.useRealTimers();
});
const goOn = (milliseconds: number) => vi.useFakeTimers({ toFake: ['Date'], now: new Date(Date.now() + milliseconds) });

const partly: Partial<ClaimDecision> = { outcome: 'partlyApproved', reasons: ['ANNUAL_LIMIT'] };
const byPerson = () => claims.world.people.insurer;
const appeal = (id: string, words = 'it was needed') =>
  claims.bring(claims.cast.member, 'appeal', { claim: id, message: sealedOf(words) });
const decideAll = (decisions: ClaimDecision[], caller = claims.cast.adjudicator) =>
  claims.submit(caller, 'decide', [{ decisions }]);

describe('a decision', () => {
  it('shares out what is allowed, and no more than was billed', async () => {
    const id = await claims.bill(1);
    const refused: [Partial<ClaimDecision>, string][] = [
      [{ allowed: 10_001 }, 'INVALID_ARGUMENT'],
      [{ allowed: 9_999 }, 'INVALID_ARGUMENT'],
      [{ insurer: 9_000, patient: 1_001 }, 'INVALID_ARGUMENT'],
      [{ deductible: 1_001 }, 'INVALID_ARGUMENT'],
      [{ insurer: -1, patient: 10_001 }, 'INVALID_ARGUMENT'],
      [{ outcome: 'denied', reasons: ['OTHER'] }, 'INVALID_ARGUMENT'],
      [{ ...partly, allowed: 0, insurer: 0 }, 'INVALID_ARGUMENT'],
      [{ ...partly, reasons: [] }, 'INVALID_ARGUMENT'],
      [{ version: 2 }, 'STALE'],
      [{ usage: 1 }, 'STALE'],
    ];
    for (const [verdict, code] of refused) expect(await refusal(claims.decide(id, verdict))).toBe(code);
    await claims.decide(id, { ...partly, allowed: 9_000, insurer: 1 });
    expect(await claims.claim(id)).toMatchObject({ state: 'partlyApproved', version: 2 });
    expect(await refusal(claims.decide(id))).toBe('WRONG_STATE');
  });

  it('judged on an older account is refused, so that a limit holds whatever is decided at once', async () => {
    const [first, second] = [await claims.bill(1), await claims.bill(2)];
    const foreign = await claims.bill(3, { policy: policyOf(2), authorisation: authorisationOf(3) });
    const { ledger } = claims.world;
    const { adjudicator } = claims.cast;
    const order = async (id: string) =>
      claims.order(adjudicator, 'decide', [JSON.stringify({ decisions: [await claims.decision(id)] })]);
    const endorsed = [
      await ledger.endorse(await order(first)),
      await ledger.endorse(await order(second)),
      await ledger.endorse(await order(foreign)),
    ];
    expect(endorsed.map((one) => ledger.commit(one))).toEqual(['VALID', 'MVCC_READ_CONFLICT', 'VALID']);
    const late = { ...(await claims.decision(second)), usage: 0 };
    expect(await refusal(decideAll([late]))).toBe('STALE');
    await claims.decide(second);
    expect(await claims.usage(policyOf(1))).toMatchObject({ insurer: 18_000, patient: 2_000, version: 2 });
  });

  it('of many at once is all or none, and each sees those before it', async () => {
    const ids = [];
    for (let seed = 1; seed <= 50; seed += 1) ids.push(await claims.bill(seed));
    const decisions: ClaimDecision[] = [];
    for (const [index, id] of ids.entries())
      decisions.push({ ...(await claims.decision(id)), usage: index, explanation: sealedOf('x'.repeat(64)) });
    const stale = decisions.map((decision, index) => (index === 49 ? { ...decision, usage: 48 } : decision));
    expect(await refusal(decideAll(stale))).toBe('STALE');
    expect((await claims.usage(policyOf(1))).version).toBe(0);
    const [first] = decisions;
    expect(await refusal(decideAll(first ? [first, first] : []))).toBe('STALE');
    expect(await refusal(decideAll([...decisions, ...decisions]))).toBe('INVALID_ARGUMENT');
    const { simulation } = await decideAll(decisions);
    expect(await claims.usage(policyOf(1))).toMatchObject({ insurer: 450_000, patient: 50_000, version: 50 });
    const { changed } = JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString());
    expect(changed).toHaveLength(50);
    expect(changed[49]).toEqual({ id: claimOf(50), state: 'approved', version: 2 });
  });

  it('of several policies counts on each, in the year of the service', async () => {
    const { cast } = claims;
    const old = createMember(4);
    await claims.apply(old);
    const from = new Date(Date.now() - 400 * day).toISOString();
    await claims.submit(byPerson(), 'decidePolicy', [policyOf(4), 'accept', { from }]);
    await claims.authorise(old, 9);
    const second = await claims.bill(1, { policy: policyOf(4), authorisation: authorisationOf(9) });
    const first = await claims.bill(2);
    const decisions = [await claims.decision(second, { usage: 0 }), await claims.decision(first)];
    await decideAll(decisions, cast.adjudicator);
    expect(await claims.usage(policyOf(4), 2)).toMatchObject({ year: 2, insurer: 9_000, version: 1 });
    expect(await claims.usage(policyOf(4), 1)).toMatchObject({ insurer: 0, version: 0 });
    expect(await claims.usage(policyOf(1), 1)).toMatchObject({ insurer: 9_000, version: 1 });
  });

  it('that makes an account more than an amount can be is refused', async () => {
    const most = 100_000_000_000;
    for (const seed of [1, 2]) await claims.bill(seed, { billed: most });
    await claims.decide(claimOf(1), { insurer: most });
    expect(await refusal(claims.decide(claimOf(2), { insurer: 1 }))).toBe('INVALID_ARGUMENT');
    await claims.decide(claimOf(2), { insurer: 0 });
    expect(await claims.usage(policyOf(1))).toMatchObject({ insurer: most, patient: most });
  });

  it('of what is with a person is that person’s', async () => {
    const id = await claims.bill(1);
    await claims.review(id);
    expect(await refusal(claims.decide(id))).toBe('NOT_AUTHORISED');
    expect(await refusal(claims.review(id))).toBe('WRONG_STATE');
    await claims.deny(id, byPerson());
    await appeal(id);
    expect(await refusal(claims.decide(id))).toBe('NOT_AUTHORISED');
    await claims.decide(id, {}, byPerson());
    // A person need not wait for the adjudicator.
    await claims.decide(await claims.bill(2), {}, byPerson());
  });
});

describe('a review', () => {
  it('is of many at once, all or none, on their newest versions', async () => {
    const [first, second] = [await claims.bill(1), await claims.bill(2)];
    const left = (...entries: [string, number][]) =>
      claims.submit(claims.cast.adjudicator, 'review', [
        { claims: entries.map(([claim, version]) => ({ claim, version, reasons: ['DUPLICATE'] })) },
      ]);
    expect(await refusal(left([first, 1], [second, 2]))).toBe('STALE');
    expect(await refusal(left([first, 1], [claimOf(9), 1]))).toBe('NOT_FOUND');
    expect((await claims.claim(first)).state).toBe('submitted');
    await left([first, 1], [second, 1]);
    expect([(await claims.claim(first)).state, (await claims.claim(second)).state]).toEqual(['inReview', 'inReview']);
  });
});

describe('a question', () => {
  it('is put and answered while a person decides, and leaves room for appeals', async () => {
    const id = await claims.bill(1);
    const { pharmacist } = claims.world.people;
    const ask = (words: string) => claims.submit(byPerson(), 'ask', [id, sealedOf(words)]);
    expect(await refusal(ask('too early'))).toBe('WRONG_STATE');
    await claims.review(id);
    for (let count = 0; count < 20; count += 1) {
      await ask(`question ${count}`);
      await claims.submit(pharmacist, 'answer', [id, sealedOf(`answer ${count}`)]);
    }
    expect(await refusal(ask('one too many'))).toBe('WRONG_STATE');
    expect(await refusal(claims.submit(pharmacist, 'answer', [id, sealedOf('too')]))).toBe('WRONG_STATE');
    await claims.deny(id, byPerson());
    expect(await refusal(ask('too late'))).toBe('WRONG_STATE');
    for (let count = 1; count < mostDecisionsOfClaim; count += 1) {
      await appeal(id, `appeal ${count}`);
      await claims.deny(id, byPerson());
    }
    expect(await refusal(appeal(id, 'again'))).toBe('WRONG_STATE');
    expect((await claims.claim(id)).messages).toHaveLength(49);
  });
});

describe('an appeal', () => {
  it('is the member’s, against what was not approved as billed, within the plan’s days', async () => {
    const [approved, denied] = [await claims.bill(1), await claims.bill(2)];
    expect(await refusal(appeal(denied))).toBe('WRONG_STATE');
    await claims.decide(approved);
    await claims.deny(denied);
    expect(await refusal(appeal(approved))).toBe('WRONG_STATE');
    const { neighbour } = claims.cast;
    const foreign = { claim: denied, message: sealedOf('mine') };
    expect(await refusal(claims.bring(neighbour, 'appeal', foreign))).toBe('NOT_AUTHORISED');
    goOn(31 * day);
    expect(await refusal(appeal(denied))).toBe('TOO_LATE');
  });

  it('counts from the last decision, and that one in place of those before it', async () => {
    const id = await claims.bill(1);
    await claims.decide(id, { ...partly, insurer: 1_000, deductible: 2_000 });
    expect(await claims.usage(policyOf(1))).toMatchObject({ insurer: 1_000, patient: 9_000, deductible: 2_000 });
    goOn(20 * day);
    await appeal(id);
    await claims.decide(id, { ...partly, insurer: 4_000 }, byPerson());
    expect(await claims.usage(policyOf(1))).toMatchObject({
      ...{ insurer: 4_000, patient: 6_000, deductible: 0, categories: { medicine: 4_000 }, version: 2 },
    });
    goOn(20 * day);
    await appeal(id, 'still not enough');
    await claims.deny(id, byPerson());
    expect(await claims.usage(policyOf(1))).toMatchObject({ insurer: 0, patient: 0, categories: { medicine: 0 } });
  });

  it('of what was paid waits until the payment is final, and never costs what was paid', async () => {
    const id = await claims.bill(1);
    await claims.decide(id, { ...partly, insurer: 4_000 });
    await claims.anchor(id, 1, { payer: 'patient', amount: 6_000 });
    await claims.settle(id, 2);
    expect(await refusal(appeal(id))).toBe('WRONG_STATE');
    await claims.anchor(id, 2, { amount: 4_000 });
    await appeal(id);
    expect(await refusal(claims.decide(id, { insurer: 3_999 }, byPerson()))).toBe('WRONG_STATE');
    expect(await refusal(claims.deny(id, byPerson()))).toBe('WRONG_STATE');
    await claims.decide(id, {}, byPerson());
    expect((await claims.claim(id)).state).toBe('approved');
    // The patient has paid 5,000 more than the new share, which comes back.
    expect(await refusal(claims.anchor(id, 3, { payer: 'patient', amount: 1 }))).toBe('AMOUNT_EXCEEDED');
    await claims.anchor(id, 3, { kind: 'refund', payer: 'patient', amount: 5_000 });
    await claims.anchor(id, 4, { amount: 5_000 });
    expect((await claims.claim(id)).state).toBe('anchored');
  });

  it('that leaves the insurer’s share as it was paid leaves the claim paid', async () => {
    const id = await claims.bill(1);
    await claims.decide(id, { ...partly, insurer: 4_000 });
    await claims.anchor(id, 1, { amount: 4_000 });
    await appeal(id);
    await claims.decide(id, { ...partly, reasons: ['OTHER'], insurer: 4_000 }, byPerson());
    expect((await claims.claim(id)).state).toBe('anchored');
    expect((await claims.usage(policyOf(1))).version).toBe(1);
  });
});
