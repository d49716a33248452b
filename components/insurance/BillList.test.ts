import { expect, it } from 'vitest';
import type { Claim } from '#chaincode/model/claim.ts';
import { t } from '#messages/en.ts';
import type { ClaimView } from '#server/claims/schema.ts';
import { leftOf } from './BillList.tsx';

const text = t.insurance.bills;
const id = (prefix: string) => `${prefix}-${'a'.repeat(26)}`;
const at = '2026-03-01T09:00:00.000Z';
const sealed = { cid: `b${'a'.repeat(58)}`, contentHash: 'ab'.repeat(32) };
const decision: Claim['decisions'][number] = {
  ...{ claim: id('clm'), version: 1, usage: 0, outcome: 'partlyApproved', explanation: sealed },
  ...{ allowed: 1_000, insurer: 720, patient: 280, deductible: 0, reasons: ['PRICE_ABOVE_LIST'], by: id('dev'), at },
};
const bill = (change: Partial<ClaimView> = {}): ClaimView => ({
  ...{ id: id('clm'), use: 'claim', category: 'medicine', policy: id('pol'), authorisation: id('aut') },
  ...{ service: 'ab'.repeat(32), servedAt: at, currency: 'EUR', billed: 1_200, content: sealed },
  ...{ reference: 'cd'.repeat(32), plan: { id: id('plan'), version: 1 }, insurer: 'inst-northern-mutual', at },
  ...{ provider: 'inst-river-pharmacy', by: id('prac'), state: 'partlyApproved', decisions: [decision] },
  ...{ messages: [], receipts: [], version: 2, names: {} },
  ...change,
});
const cash = (amount: number) => ({ amount, by: id('prac'), at });

it('a bill says what is left to pay, and nothing is of what is denied or taken back', () => {
  expect(leftOf(bill())).toBe(text.toPay('€2.80'));
  expect(leftOf(bill({ cash: cash(100) }))).toBe(text.toPay('€1.80'));
  expect(leftOf(bill({ cash: cash(280) }))).toBe(text.allPaid);
  expect(leftOf(bill({ state: 'submitted', decisions: [] }))).toBe('');
  const denied = { ...decision, outcome: 'denied' as const, allowed: 0, insurer: 0, patient: 0 };
  expect(leftOf(bill({ state: 'denied', decisions: [denied] }))).toBe(text.denied);
  expect(leftOf(bill({ state: 'reversed' }))).toBe(text.reversed);
  expect(leftOf(bill({ state: 'reversed', cash: cash(100) }))).toBe(text.toGetBack('€1.00'));
  const asked = { use: 'preauthorisation' as const };
  expect(leftOf(bill({ ...asked, state: 'submitted', decisions: [] }))).toBe('');
  expect(leftOf(bill({ ...asked, state: 'denied', decisions: [denied] }))).toBe(text.notAgreed);
  expect(leftOf(bill(asked))).toBe(text.agreed('€7.20'));
});
