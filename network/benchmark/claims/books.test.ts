import { describe, expect, it } from 'vitest';
import { type Books, imbalancesIn, reconciledIn } from './books.ts';

const unit = 10_000n;
const place = (entry: number) => ({ transactionHash: `0x${'ab'.repeat(31)}${entry + 10}`, logIndex: entry });
const onChain = (entry: number) => ({
  ...{ ...place(entry), chainId: 31_337, contract: `0x${'c'.repeat(40)}` },
  ...{ blockNumber: 7, blockHash: `0x${'d'.repeat(64)}` },
});
const reference = 'ef'.repeat(32);

/** One claim of which the insurer has paid 900, and the patient 100 and got 40 back. */
function booksOf(change: { owed?: object; bill?: object; receipts?: number; events?: number } = {}): Books {
  const moves = [
    { kind: 'payment', payer: 'insurer', amount: 900 },
    { kind: 'payment', payer: 'patient', amount: 100 },
    { kind: 'refund', payer: 'patient', amount: 40 },
  ] as const;
  const { receipts = 3, events = 3 } = change;
  return {
    unit,
    events: moves
      .slice(0, events)
      .map((move, index) => ({ ...move, ...place(index), reference, amount: BigInt(move.amount) * unit })),
    claims: [
      {
        ...{ id: 'clm-a', reference, owed: { insurer: 900, patient: 60, ...change.owed } },
        bill: { insurerPaid: 900n * unit, patientPaid: 60n * unit, ...change.bill },
        receipts: moves.slice(0, receipts).map((move, index) => ({ ...move, ...onChain(index) })),
      },
    ],
    accounts: [{ name: 'payee', before: 5n, after: 965n, moved: 960n }],
  };
}

describe('books', () => {
  it('that say the same balance, and their claims are reconciled', () => {
    expect(imbalancesIn(booksOf())).toEqual([]);
    expect(reconciledIn(booksOf())).toEqual(new Set(['clm-a']));
  });

  it.each<[string, Parameters<typeof booksOf>[0], number]>([
    ['a receipt that is missing', { receipts: 2 }, 2],
    ['an event that is missing', { events: 2 }, 2],
    ['a contract that says otherwise', { bill: { insurerPaid: 899n * unit } }, 2],
  ])('with %s do not', (_, change, faults) => {
    expect(imbalancesIn(booksOf(change))).toHaveLength(faults);
    expect(reconciledIn(booksOf(change))).toEqual(new Set());
  });

  it('are no proof of what is owed', () => {
    expect(imbalancesIn(booksOf({ owed: { insurer: 950 } }))).toEqual([]);
    expect(reconciledIn(booksOf({ owed: { insurer: 950 } }))).toEqual(new Set());
  });

  it('notice a receipt that is there twice in the place of another', () => {
    const { claims, ...books } = booksOf();
    const twice = claims.map((claim) => ({
      ...claim,
      receipts: claim.receipts.map((receipt, index) => (index === 2 ? { ...receipt, ...place(1) } : receipt)),
    }));
    expect(reconciledIn({ ...books, claims: twice })).toEqual(new Set());
  });

  it('notice a balance that no event explains, and an event of no claim', () => {
    const account = { name: 'payee', before: 0n, after: 961n, moved: 960n };
    expect(imbalancesIn({ ...booksOf(), accounts: [account] })).toEqual(['payee, balance and events: 961 and 960']);
    expect(imbalancesIn({ ...booksOf(), claims: [] })).toHaveLength(3);
  });
});
