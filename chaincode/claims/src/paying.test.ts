import { beforeEach, describe, expect, it } from 'vitest';
import type { PaymentReceipt } from '../../model/claim.ts';
import { authorisationOf, type Claims, createClaims, hexOf, policyOf } from '../../testing/claims.ts';
import { refusal } from '../../testing/ledger.ts';

/** What is paid of a claim: never above a share, each log entry once, and taken back. */

let claims: Claims;
let id: string;

/** 9,000 of 10,000 are the insurer's. */
beforeEach(async () => {
  claims = await createClaims();
  id = await claims.bill(1);
  await claims.decide(id);
});
const stateOf = async (of = id) => (await claims.claim(of)).state;
const refusedAnchor = (entry: number, change: Partial<PaymentReceipt> = {}) =>
  refusal(claims.anchor(id, entry, change));
const cash = (amount: string, of = id) => claims.submit(claims.world.people.pharmacist, 'cash', [of, amount]);
const reverse = (of = id, caller = claims.world.people.pharmacist) =>
  claims.submit(caller, 'reverse', [of, 'given back']);

describe('a payment on its way', () => {
  it('is of what is approved, and named anew where another transaction replaces it', async () => {
    const other = await claims.bill(2);
    expect(await refusal(claims.settle(other, 1))).toBe('WRONG_STATE');
    await claims.deny(other);
    expect(await refusal(claims.settle(other, 1))).toBe('WRONG_STATE');
    await claims.settle(id, 1);
    expect(await refusal(claims.settle(id, 1))).toBe('ALREADY_EXISTS');
    await claims.settle(id, 2);
    expect((await claims.claim(id)).settlement?.transactionHash).toBe(`0x${hexOf('transaction 2')}`);
    await claims.anchor(id, 2);
    expect(await refusal(claims.settle(id, 3))).toBe('WRONG_STATE');
  });

  it('is told by the adjudicator alone: an invented one would keep the member from appealing', async () => {
    const other = await claims.bill(2);
    await claims.decide(other, { outcome: 'partlyApproved', insurer: 5_000, reasons: ['ANNUAL_LIMIT'] });
    const { insurer } = claims.world.people;
    expect(await refusal(claims.settle(other, 1, insurer))).toBe('NOT_REGISTERED');
    expect(await refusal(claims.anchor(other, 1, {}, insurer))).toBe('NOT_REGISTERED');
    const appeal = { claim: other, message: { cid: `b${'a'.repeat(58)}`, contentHash: hexOf('no') } };
    await claims.bring(claims.cast.member, 'appeal', appeal);
    expect(await stateOf(other)).toBe('appealed');
  });

  it('of a share of nothing is none: the claim stays approved', async () => {
    const free = await claims.bill(2);
    await claims.decide(free, { insurer: 0, deductible: 10_000 });
    expect(await refusal(claims.settle(free, 1))).toBe('WRONG_STATE');
    await claims.anchor(free, 1, { payer: 'patient', amount: 10_000 });
    expect(await stateOf(free)).toBe('approved');
  });
});

describe('a receipt', () => {
  it('is anchored once, over all claims of an insurer, by chain, contract, transaction and index', async () => {
    const other = await claims.bill(2);
    await claims.decide(other);
    await claims.anchor(id, 1);
    expect(await refusedAnchor(1, { payer: 'patient', amount: 1 })).toBe('ALREADY_EXISTS');
    expect(await refusal(claims.anchor(other, 1))).toBe('ALREADY_EXISTS');
    await claims.anchor(other, 1, { logIndex: 1, amount: 1 });
    await claims.anchor(other, 1, { chainId: 1, amount: 1 });
    await claims.anchor(other, 1, { contract: `0x${'d'.repeat(40)}`, amount: 1 });
    expect(await refusal(claims.anchor(other, 1, { chainId: 1, amount: 1, blockNumber: 9 }))).toBe('ALREADY_EXISTS');
  });

  it('that another insurer has anchored is anchored all the same', async () => {
    const { otherAdjudicator } = claims.cast;
    const foreign = await claims.bill(3, { policy: policyOf(3), authorisation: authorisationOf(4) });
    await claims.decide(foreign, {}, otherAdjudicator);
    await claims.anchor(foreign, 1, {}, otherAdjudicator);
    expect(await refusal(claims.anchor(foreign, 1, { amount: 1 }, otherAdjudicator))).toBe('ALREADY_EXISTS');
    await claims.anchor(id, 1);
    expect(await stateOf()).toBe('anchored');
  });

  it('that two bring at once is anchored by one', async () => {
    const { ledger } = claims.world;
    const args = [JSON.stringify(claims.receipt(id, 1, { amount: 1 }))];
    const endorsed = [
      await ledger.endorse(claims.order(claims.cast.adjudicator, 'anchor', args)),
      await ledger.endorse(claims.order(claims.cast.adjudicator, 'anchor', args)),
    ];
    expect(endorsed.map((one) => ledger.commit(one))).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
  });

  it('never exceeds what is left of a share, in however many parts it is paid', async () => {
    expect(await refusedAnchor(1, { amount: 9_001 })).toBe('AMOUNT_EXCEEDED');
    await claims.settle(id, 1);
    await claims.anchor(id, 1, { amount: 8_000 });
    expect(await stateOf()).toBe('settled');
    expect(await refusedAnchor(2, { amount: 1_001 })).toBe('AMOUNT_EXCEEDED');
    await claims.anchor(id, 2, { amount: 1_000 });
    expect(await stateOf()).toBe('anchored');
    expect(await refusedAnchor(3, { amount: 1 })).toBe('AMOUNT_EXCEEDED');
  });

  it('of patient and fund counts on the same share, with cash', async () => {
    await claims.anchor(id, 1, { payer: 'patient', amount: 300 });
    await claims.anchor(id, 2, { payer: 'assistance', amount: 300 });
    expect(await refusal(cash('401'))).toBe('AMOUNT_EXCEEDED');
    await cash('400');
    expect(await refusal(cash('1'))).toBe('ALREADY_EXISTS');
    for (const payer of ['patient', 'assistance'] as const)
      expect(await refusedAnchor(3, { payer, amount: 1 })).toBe('AMOUNT_EXCEEDED');
  });

  it('of a refund is of what that payer has paid, and makes it owed again', async () => {
    await claims.anchor(id, 1);
    await claims.anchor(id, 2, { payer: 'patient', amount: 1_000 });
    expect(await refusedAnchor(3, { kind: 'refund', amount: 9_001 })).toBe('AMOUNT_EXCEEDED');
    expect(await refusedAnchor(3, { kind: 'refund', payer: 'assistance', amount: 1 })).toBe('AMOUNT_EXCEEDED');
    await claims.anchor(id, 3, { kind: 'refund', payer: 'patient', amount: 1_000 });
    expect(await stateOf()).toBe('anchored');
    await claims.anchor(id, 4, { kind: 'refund', amount: 2_000 });
    expect(await stateOf()).toBe('approved');
    await claims.settle(id, 5);
    await claims.anchor(id, 5, { amount: 2_000 });
    expect(await stateOf()).toBe('anchored');
  });

  it('of what is not decided, or is denied, is of nothing', async () => {
    const other = await claims.bill(2);
    for (const payer of ['insurer', 'patient', 'assistance'] as const)
      expect(await refusal(claims.anchor(other, 1, { payer, amount: 1 }))).toBe('AMOUNT_EXCEEDED');
    await claims.deny(other);
    expect(await refusal(claims.anchor(other, 1, { amount: 1 }))).toBe('AMOUNT_EXCEEDED');
    expect(await refusal(cash('1', other))).toBe('AMOUNT_EXCEEDED');
  });

  it('stands with thirty-nine others at most', async () => {
    for (let entry = 1; entry <= 40; entry += 1) await claims.anchor(id, entry, { amount: 1 });
    expect(await refusedAnchor(41, { amount: 1 })).toBe('WRONG_STATE');
  });
});

describe('cash', () => {
  it.each(['0', '-1', '1.5', '01', '', '1e3', '100000000001'])('of %s is no amount', async (amount) => {
    expect(await refusal(cash(amount))).toBe('INVALID_ARGUMENT');
  });
});

describe('a reversal', () => {
  it('is once, of what is not denied, and gives back what it used of the year', async () => {
    const other = await claims.bill(2);
    await claims.decide(other, { insurer: 1_000, deductible: 500 });
    await reverse();
    expect(await claims.usage(policyOf(1))).toMatchObject({
      ...{ insurer: 1_000, patient: 9_000, deductible: 500, categories: { medicine: 1_000 }, version: 3 },
    });
    expect(await claims.claim(id)).toMatchObject({ state: 'reversed', reversal: { reason: 'given back' } });
    expect(await refusal(reverse())).toBe('WRONG_STATE');
    const denied = await claims.bill(3);
    await claims.deny(denied);
    expect(await refusal(reverse(denied))).toBe('WRONG_STATE');
    const reason = claims.submit(claims.world.people.pharmacist, 'reverse', [other, 'x']);
    expect(await refusal(reason)).toBe('REASON_REQUIRED');
    await reverse(other, claims.world.people.insurer);
    expect(await claims.usage(policyOf(1))).toMatchObject({ insurer: 0, patient: 0, deductible: 0 });
  });

  it('of what nobody has decided uses nothing', async () => {
    const other = await claims.bill(2);
    await reverse(other);
    expect((await claims.usage(policyOf(1))).version).toBe(1);
  });

  it('after a payment leaves its receipts, and takes its refund', async () => {
    await claims.settle(id, 1);
    await reverse();
    // It was on its way when the claim was reversed.
    await claims.anchor(id, 1);
    await claims.anchor(id, 2, { kind: 'refund' });
    expect(await refusedAnchor(3, { kind: 'refund', amount: 1 })).toBe('AMOUNT_EXCEEDED');
    expect(await claims.claim(id)).toMatchObject({ state: 'reversed', receipts: [{}, { kind: 'refund' }] });
  });

  it('ends it: it is neither decided, appealed, settled nor paid in cash', async () => {
    await reverse();
    expect(await refusal(claims.decide(id, {}, claims.world.people.insurer))).toBe('WRONG_STATE');
    expect(await refusal(claims.settle(id, 1))).toBe('WRONG_STATE');
    expect(await refusal(cash('1'))).toBe('WRONG_STATE');
    const appeal = { claim: id, message: { cid: `b${'a'.repeat(58)}`, contentHash: hexOf('no') } };
    expect(await refusal(claims.bring(claims.cast.member, 'appeal', appeal))).toBe('WRONG_STATE');
  });

  it('and a decision of the same policy at once count one after the other', async () => {
    const other = await claims.bill(2);
    const { ledger, people } = claims.world;
    const decisions = JSON.stringify({ decisions: [await claims.decision(other)] });
    const endorsed = [
      await ledger.endorse(claims.order(people.pharmacist, 'reverse', [id, 'given back'])),
      await ledger.endorse(claims.order(claims.cast.adjudicator, 'decide', [decisions])),
    ];
    expect(endorsed.map((one) => ledger.commit(one))).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
  });
});
