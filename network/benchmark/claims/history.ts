import { type Draw, drawsOf } from '#chaincode/testing/races/draw.ts';

/** A random history of claims that are decided and paid, and of what goes wrong meanwhile. Amounts are minor units. */

export interface PlannedClaim {
  /** From 1. */
  number: number;
  outcome: 'approved' | 'partlyApproved' | 'denied';
  billed: number;
  insurer: number;
  patient: number;
  /** How the patient pays. */
  coPay: 'nothing' | 'wallet' | 'permit' | 'cash';
  /** Whether the insurer pays in two parts. */
  inParts: boolean;
  /** Steps by which the read model hears of it late; 0 as a rule. */
  lateBy: number;
  /** What happens to it after it was paid. */
  after: 'nothing' | 'refund' | 'reversal';
}

export interface Faults {
  /** So many blocks are replaced by empty ones; their payments come again, signed anew or as they were. */
  reorganisation?: { depth: number; signedAnew: boolean; seen: boolean };
  /** Where the indexer ends: while it reads, or before or after the ledger has a receipt. */
  crash?: 'reading' | 'before' | 'after';
  /** What comes twice: what the chain tells, a payment, or a receipt to the ledger. */
  duplicate?: 'told' | 'paid' | 'anchored';
}

export interface Step {
  claims: PlannedClaim[];
  faults: Faults;
  /** Blocks without a payment that follow. */
  idle: number;
}

/** Claims that are paid in one block. */
const together = 30;
/** No reorganisation is deeper. */
export const confirmations = 3;

/** Steps of a history of so many claims; the same for the same seed. */
export function planHistory(seed: number, claims: number): Step[] {
  const draw = drawsOf(seed);
  const steps: Step[] = [];
  for (let made = 0; made < claims; made += together) {
    const count = Math.min(together, claims - made);
    steps.push({
      claims: Array.from({ length: count }, (_, index) => planClaim(draw, made + index + 1)),
      faults: planFaults(draw),
      idle: draw(3),
    });
  }
  return steps;
}

function planClaim(draw: Draw, number: number): PlannedClaim {
  const billed = 200 + draw(1_200);
  const of = draw(100);
  const outcome = of < 5 ? 'denied' : of < 20 ? 'partlyApproved' : 'approved';
  const allowed = outcome === 'denied' ? 0 : outcome === 'approved' ? billed : Math.ceil(billed * 0.7);
  const insurer = Math.floor((allowed * (50 + draw(50))) / 100);
  const coPay = outcome === 'denied' || insurer === allowed ? 'nothing' : coPayOf(draw(100));
  const late = draw(100) < 5;
  const paid = coPay === 'wallet' || coPay === 'permit';
  const happens = draw(100);
  return {
    ...{ number, outcome, billed, insurer, patient: allowed - insurer, coPay },
    inParts: insurer > 1 && draw(100) < 4,
    lateBy: late ? 1 + draw(8) : 0,
    after: outcome === 'denied' ? 'nothing' : happens < 2 ? 'reversal' : happens < 20 && paid ? 'refund' : 'nothing',
  };
}

const coPayOf = (of: number) => (of < 10 ? 'wallet' : of < 20 ? 'permit' : of < 35 ? 'cash' : 'nothing');

function planFaults(draw: Draw): Faults {
  const reorganisation = { depth: 1 + draw(confirmations), signedAnew: draw(2) === 0, seen: draw(3) > 0 };
  const crash = (['reading', 'before', 'after'] as const)[draw(3)];
  const duplicate = (['told', 'paid', 'anchored'] as const)[draw(3)];
  return {
    ...(draw(100) < 25 && { reorganisation }),
    ...(draw(100) < 40 && crash !== undefined && { crash }),
    ...(draw(100) < 40 && duplicate !== undefined && { duplicate }),
  };
}

/** What is paid on the chain in the end, without what was given back. */
export function paidInTheEnd({ insurer, patient, coPay, after }: PlannedClaim): { insurer: number; patient: number } {
  if (after === 'reversal') return { insurer: 0, patient: 0 };
  const isPaid = (coPay === 'wallet' || coPay === 'permit') && after !== 'refund';
  return { insurer, patient: isPaid ? patient : 0 };
}
