import { and, eq, inArray, sql } from 'drizzle-orm';
import { type ClaimState, claimRecord } from '#chaincode/model/claim.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { claims } from '../gateways/db/schema/claims.ts';
import type { Actor } from '../people/schema.ts';
import { allowProvider } from './policy.ts';
import { type Receivables, receivableAges } from './schema.ts';

/** States in which something may be owed. */
const owing: readonly ClaimState[] = [
  ...(['submitted', 'inReview', 'appealed', 'approved', 'partlyApproved', 'settled', 'anchored'] as const),
];
const dayMs = 86_400_000;

/**
 * What insurers and patients owe the actor's institution, by age and currency: decided shares that are not paid yet, and what is still to be
 * decided as it was billed. Throws FORBIDDEN.
 */
export async function receivables(
  actor: Actor,
  now: Date = new Date(),
  portal: Portal = thePortal(),
): Promise<Receivables> {
  const own = and(
    eq(claims.provider, allowProvider(actor)),
    eq(claims.use, 'claim'),
    inArray(claims.state, [...owing]),
    // What is anchored and has nothing of the patient's left is over.
    sql`not (${claims.state} = 'anchored' and coalesce(${claims.patientShare}, 0) = 0)`,
  );
  const rows = await portal.db.select({ state: claims.ledgerState }).from(claims).where(own);
  const ages = new Map<string, Receivables['ages'][number]>();
  for (const { state } of rows) {
    const claim = claimRecord.parse(state);
    const owed = owedOf(claim);
    if (owed.undecided + owed.insurer + owed.patient === 0) continue;
    const days = (now.getTime() - Date.parse(claim.at)) / dayMs;
    const upTo = receivableAges.find((limit) => days <= limit) ?? null;
    const key = `${claim.currency} ${upTo}`;
    const age = ages.get(key) ?? { currency: claim.currency, upTo, claims: 0, undecided: 0, insurer: 0, patient: 0 };
    ages.set(key, {
      ...age,
      claims: age.claims + 1,
      undecided: age.undecided + owed.undecided,
      insurer: age.insurer + owed.insurer,
      patient: age.patient + owed.patient,
    });
  }
  return { ages: [...ages.values()] };
}

/** Shares that are not paid yet, in minor units; `undecided` is what was billed where nobody has decided. */
export function owedOf(
  claim: Pick<ReturnType<typeof claimRecord.parse>, 'state' | 'billed' | 'decisions' | 'receipts' | 'cash'>,
): { undecided: number; insurer: number; patient: number } {
  const { state, billed, decisions, receipts, cash } = claim;
  const decision = decisions.at(-1);
  if (decision === undefined || state === 'submitted' || state === 'inReview' || state === 'appealed') {
    return { undecided: billed, insurer: 0, patient: 0 };
  }
  const paidBy = (isInsurer: boolean) =>
    receipts
      .filter(({ payer }) => (payer === 'insurer') === isInsurer)
      .reduce((sum, { kind, amount }) => sum + (kind === 'payment' ? amount : -amount), 0);
  return {
    undecided: 0,
    insurer: Math.max(0, decision.insurer - paidBy(true)),
    patient: Math.max(0, decision.patient - paidBy(false) - (cash?.amount ?? 0)),
  };
}
