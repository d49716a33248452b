import { policyYear, type Usage } from '#chaincode/model/claim.ts';
import type { PlanTerms } from '#chaincode/model/plan.ts';
import { countedInstead, noUsage } from '#chaincode/model/usage.ts';
import { type Adjudicated, adjudicate, type Decision } from './adjudicate.ts';

/** A decided claim, as it was judged, in the order of the decisions. `usage` is worked out anew. */
export interface DecidedClaim extends Omit<Adjudicated, 'terms' | 'usage'> {
  outcome: Decision['outcome'];
  insurer: number;
  patient: number;
  deductible: number;
  /** Whether a person decided it: what a person would have to look at again is taken to end the same. */
  byPerson: boolean;
}

export interface DryRun {
  claims: number;
  /** In minor units; of what would go to a person, what would be paid without them. */
  before: { insurer: number; patient: number };
  after: { insurer: number; patient: number };
  /** Claims that a person would have to decide. */
  toPerson: number;
  /** Those that would end otherwise. */
  changed: {
    claim: string;
    before: Pick<Decision, 'outcome' | 'insurer' | 'patient'>;
    after: Pick<Decision, 'outcome' | 'insurer' | 'patient'> & { person: boolean; reasons: Decision['reasons'] };
  }[];
}

/**
 * What a version of a plan would have done with past claims: each policy's years are gone through again from an empty account, in the order
 * in which the claims were decided. Pure.
 */
export function dryRun(terms: PlanTerms, decided: readonly DecidedClaim[]): DryRun {
  const accounts = new Map<string, Usage>();
  const run: DryRun = {
    ...{ claims: decided.length, before: { insurer: 0, patient: 0 }, after: { insurer: 0, patient: 0 } },
    ...{ toPerson: 0, changed: [] },
  };
  for (const { outcome, insurer, patient, deductible, byPerson, ...past } of decided) {
    const { policy, use, category, servedAt, id } = past.facts;
    const year = policyYear(past.policy.from ?? servedAt, new Date(servedAt));
    const usage = accounts.get(`${policy} ${year}`) ?? noUsage(policy, year);
    const result = adjudicate({ ...past, terms, usage });
    const person = result.review !== undefined && !byPerson;
    const judged = result.review === undefined ? result : result.proposal;
    const after =
      result.review !== undefined && byPerson ? { outcome, insurer, patient, deductible, reasons: [] } : judged;
    const isPaid = use === 'claim';
    if (isPaid) {
      accounts.set(`${policy} ${year}`, countedInstead(usage, category, undefined, after));
      run.before.insurer += insurer;
      run.before.patient += patient;
      run.after.insurer += after.insurer;
      run.after.patient += after.patient;
    }
    if (person) run.toPerson += 1;
    if (after.outcome === outcome && after.insurer === insurer && after.patient === patient && !person) continue;
    run.changed.push({
      claim: id,
      before: { outcome, insurer, patient },
      after: {
        ...{ outcome: after.outcome, insurer: after.insurer, patient: after.patient, person },
        reasons: person ? (result.review ?? []) : after.reasons,
      },
    });
  }
  return run;
}
