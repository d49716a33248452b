import { expect, it } from 'vitest';
import type { SettlementPayment } from '#server/gateways/ethereum/settlementEvents.ts';
import { accountsOf, type Balances } from './balances.ts';

const people = { settlement: '0xAA', patient: '0xBB', holder: '0xCC' };
const moved = (kind: SettlementPayment['kind'], from: string, amount: bigint): SettlementPayment => ({
  ...{ kind, from, amount, payer: from === '0xaa' ? 'insurer' : 'patient', reference: 'ab', payee: '', insurer: '' },
  ...{ coin: '', chainId: 1, contract: '', transactionHash: '', logIndex: 0, blockNumber: 1, blockHash: '' },
});
const before: Balances = {
  ...{ purse: 1_000n, payee: 0n, patient: 500n, holder: 500n },
  ...{ patientBack: 0n, holderBack: 0n, coins: 1_000n, held: 1_000n },
};

it('says of each balance what the events have moved', () => {
  const events = [
    moved('payment', '0xaa', 300n),
    moved('refund', '0xaa', 100n),
    moved('payment', '0xbb', 40n),
    moved('payment', '0xcc', 50n),
    moved('refund', '0xcc', 20n),
  ];
  const after: Balances = {
    ...{ purse: 800n, payee: 270n, patient: 460n, holder: 450n },
    ...{ patientBack: 0n, holderBack: 20n, coins: 1_090n, held: 1_090n },
  };
  const accounts = accountsOf(before, after, events, people);
  expect(accounts).toHaveLength(Object.keys(before).length);
  for (const account of accounts) expect(account.after - account.before, account.name).toBe(account.moved);
  const wrong = accountsOf(before, { ...after, payee: 271n }, events, people);
  expect(wrong.filter((one) => one.after - one.before !== one.moved).map(({ name }) => name)).toEqual(['payee']);
});
