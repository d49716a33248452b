import { describe, expect, it } from 'vitest';
import { appeal } from '#chaincode/claims/src/transitions.ts';
import { type Claim, claimStates, claimUses, mostDecisionsOfClaim, outcomes } from '#chaincode/model/claim.ts';
import { LedgerError } from '#chaincode/model/errors.ts';
import { cashDue, dueOfPatient, mayAppeal, mayAppealSoon } from './leftToDo.ts';

const at = '2026-03-01T09:00:00.000Z';
const sealed = { cid: `b${'a'.repeat(58)}`, contentHash: 'ab'.repeat(32) };
const id = (prefix: string) => `${prefix}-${'a'.repeat(26)}`;
const decision = (change: Partial<Claim['decisions'][number]> = {}): Claim['decisions'][number] => ({
  ...{ claim: id('clm'), version: 1, usage: 0, outcome: 'partlyApproved', explanation: sealed },
  ...{ allowed: 1_000, insurer: 720, patient: 280, deductible: 0, reasons: ['PRICE_ABOVE_LIST'], by: id('dev'), at },
  ...change,
});
const receipt = (change: Partial<Claim['receipts'][number]>): Claim['receipts'][number] => ({
  ...{ kind: 'payment', payer: 'patient', amount: 100, chainId: 1, contract: `0x${'1'.repeat(40)}`, logIndex: 0 },
  ...{ transactionHash: `0x${'2'.repeat(64)}`, blockNumber: 1, blockHash: `0x${'3'.repeat(64)}`, at, ...change },
});
const claim = (change: Partial<Claim> = {}): Claim => ({
  ...{ id: id('clm'), use: 'claim', category: 'medicine', policy: id('pol'), authorisation: id('aut') },
  ...{ service: 'ab'.repeat(32), servedAt: at, currency: 'EUR', billed: 1_200, content: sealed },
  ...{ reference: 'cd'.repeat(32), plan: { id: id('plan'), version: 1 }, insurer: 'inst-northern-mutual', at },
  ...{ provider: 'inst-river-pharmacy', by: id('prac'), state: 'partlyApproved', decisions: [decision()] },
  ...{ messages: [], receipts: [], version: 2 },
  ...change,
});

describe('an appeal', () => {
  const isTaken = (of: Claim): boolean => {
    try {
      return appeal(of, { ...sealed, contentHash: 'ef'.repeat(32) }, { by: of.policy, at: new Date(at) }) !== undefined;
    } catch (error) {
      if (error instanceof LedgerError) return false;
      throw error;
    }
  };

  it('is offered where the ledger takes it, and nowhere else', () => {
    let offered = 0;
    for (const use of claimUses) {
      for (const state of claimStates) {
        for (const outcome of outcomes) {
          for (const times of [1, mostDecisionsOfClaim]) {
            const of = claim({ use, state, decisions: Array.from({ length: times }, () => decision({ outcome })) });
            expect(mayAppeal(of), `${use} ${state} ${outcome} ${times}`).toBe(isTaken(of));
            if (mayAppeal(of)) offered += 1;
          }
        }
      }
    }
    // What is denied or approved in part, before the payment and once it is final.
    expect(offered).toBe(6);
  });

  it('is announced while the payment of a part is on its way', () => {
    expect(mayAppealSoon(claim({ state: 'settled' }))).toBe(true);
    expect(mayAppealSoon(claim({ state: 'settled', decisions: [decision({ outcome: 'approved' })] }))).toBe(false);
    expect(mayAppealSoon(claim())).toBe(false);
  });
});

describe('the patient’s share', () => {
  it('is due less what patient, fund and cash have paid, and never below nothing', () => {
    expect(dueOfPatient(claim())).toBe(280);
    const receipts = [receipt({ amount: 100 }), receipt({ payer: 'assistance', amount: 50 })];
    expect(dueOfPatient(claim({ receipts }))).toBe(130);
    expect(dueOfPatient(claim({ receipts: [...receipts, receipt({ kind: 'refund', amount: 30 })] }))).toBe(160);
    expect(dueOfPatient(claim({ receipts, cash: { amount: 200, by: id('prac'), at } }))).toBe(0);
    expect(dueOfPatient(claim({ receipts: [receipt({ payer: 'insurer', amount: 720 })] }))).toBe(280);
  });

  it('is nothing of what is reversed, asked beforehand or not decided', () => {
    for (const change of [{ state: 'reversed' }, { use: 'preauthorisation' }, { decisions: [] }] as const) {
      expect(dueOfPatient(claim({ ...change, decisions: 'decisions' in change ? [] : [decision()] }))).toBe(0);
    }
  });

  it('is taken in cash once, as far as it is due, and not while it is appealed', () => {
    expect(cashDue(claim({ receipts: [receipt({ amount: 100 })] }))).toBe(180);
    expect(cashDue(claim({ state: 'appealed' }))).toBe(0);
    expect(cashDue(claim({ cash: { amount: 100, by: id('prac'), at } }))).toBe(0);
  });
});
