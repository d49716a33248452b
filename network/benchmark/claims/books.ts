import type { Payer, PaymentReceipt } from '#chaincode/model/claim.ts';

/** What three books say of the same payments: events of the contract, receipts on the ledger, and balances. */

/** An event of the contract, in the coin's smallest unit. */
export interface Moved {
  kind: 'payment' | 'refund';
  reference: string;
  payer: Payer;
  amount: bigint;
  transactionHash: string;
  logIndex: number;
}

export interface ClaimBook {
  id: string;
  reference: string;
  /** What is to be paid in the end, in minor units. */
  owed: Shares;
  /** Its receipts on the ledger, in minor units. */
  receipts: readonly Omit<PaymentReceipt, 'claim'>[];
  /** What the contract says is paid, in the coin's smallest unit. */
  bill: { insurerPaid: bigint; patientPaid: bigint };
}
export interface Shares {
  insurer: number;
  patient: number;
}

/** A balance on the chain before and after, and what has come and gone by the events, in the coin's smallest unit. */
export interface Account {
  name: string;
  before: bigint;
  after: bigint;
  moved: bigint;
}

export interface Books {
  claims: readonly ClaimBook[];
  events: readonly Moved[];
  accounts: readonly Account[];
  /** Smallest units of the coin in one minor unit. */
  unit: bigint;
}

type Side = keyof Shares;
const sideOf = (payer: Payer): Side => (payer === 'insurer' ? 'insurer' : 'patient');
const placeOf = ({ transactionHash, logIndex }: Pick<Moved, 'transactionHash' | 'logIndex'>) =>
  `${transactionHash.toLowerCase()} ${logIndex}`;

/** What has come in, less what was given back. */
export const netOf = <Amount extends { kind: 'payment' | 'refund'; payer: Payer; amount: number | bigint }>(
  moved: readonly Amount[],
  side: Side,
): bigint =>
  moved
    .filter(({ payer }) => sideOf(payer) === side)
    .reduce((sum, { kind, amount }) => (kind === 'payment' ? sum + BigInt(amount) : sum - BigInt(amount)), 0n);

/** Ids of claims of which ledger, contract and what is owed say the same, and each event is on the ledger once and nothing else. */
export function reconciledIn({ claims, events, unit }: Books): Set<string> {
  const byReference = Map.groupBy(events, ({ reference }) => reference);
  const isReconciled = ({ reference, owed, receipts, bill }: ClaimBook) => {
    const own = byReference.get(reference) ?? [];
    const told = own.map(placeOf).sort();
    const anchored = receipts.map(placeOf).sort();
    return (
      told.length === anchored.length &&
      told.every((place, index) => place === anchored[index]) &&
      new Set(told).size === told.length &&
      (['insurer', 'patient'] as const).every((side) => {
        const due = BigInt(owed[side]) * unit;
        const paid = side === 'insurer' ? bill.insurerPaid : bill.patientPaid;
        return netOf(own, side) === due && netOf(receipts, side) * unit === due && paid === due;
      })
    );
  };
  return new Set(claims.filter(isReconciled).map(({ id }) => id));
}

/** Everything that does not add up, in words; empty where the books balance. */
export function imbalancesIn({ claims, events, accounts, unit }: Books): string[] {
  const found: string[] = [];
  const byReference = Map.groupBy(events, ({ reference }) => reference);
  const compare = (what: string, one: bigint, other: bigint) => {
    if (one !== other) found.push(`${what}: ${one} and ${other}`);
  };
  const known = new Set(claims.map(({ reference }) => reference));
  for (const reference of byReference.keys()) if (!known.has(reference)) found.push(`${reference}: of no claim`);
  for (const { id, reference, receipts, bill } of claims) {
    const own = byReference.get(reference) ?? [];
    compare(`${id}, insurer, events and contract`, netOf(own, 'insurer'), bill.insurerPaid);
    compare(`${id}, patient, events and contract`, netOf(own, 'patient'), bill.patientPaid);
    compare(`${id}, insurer, ledger and contract`, netOf(receipts, 'insurer') * unit, bill.insurerPaid);
    compare(`${id}, patient, ledger and contract`, netOf(receipts, 'patient') * unit, bill.patientPaid);
  }
  for (const side of ['insurer', 'patient'] as const) {
    const anchored = claims.reduce((sum, { receipts }) => sum + netOf(receipts, side) * unit, 0n);
    compare(`all claims, ${side}, ledger and events`, anchored, netOf(events, side));
  }
  for (const { name, before, after, moved } of accounts) compare(`${name}, balance and events`, after - before, moved);
  return found;
}
