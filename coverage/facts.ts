import type { Claim as ClaimRecord } from '#chaincode/model/claim.ts';
import type { Claim } from '#fhir/claim.ts';
import { codeOf, systems } from '#fhir/coding.ts';
import { amountOf } from '#fhir/money.ts';
import type { FormularyList } from '#formulary/coverage.ts';
import { type ClaimItem, itemsOfClaim } from './claimItem.ts';

/** What of a claim's entry on the ledger is judged. */
export type ClaimEntry = Pick<
  ClaimRecord,
  'id' | 'use' | 'category' | 'policy' | 'provider' | 'insurer' | 'service' | 'servedAt' | 'at' | 'currency' | 'billed'
> & { preauthorisation?: string | undefined };

/** What is judged: the entry on the ledger with the items that are in its ciphertext. */
export interface ClaimFacts
  extends Pick<
    ClaimEntry,
    | 'id'
    | 'use'
    | 'category'
    | 'policy'
    | 'provider'
    | 'service'
    | 'servedAt'
    | 'currency'
    | 'billed'
    | 'preauthorisation'
  > {
  /** ISO 8601 instant at which it was claimed. */
  filedAt: string;
  items: ClaimItem[];
}

/** `list` is the national formulary. */
export function factsOf(entry: ClaimEntry, claim: Claim, list: FormularyList): ClaimFacts {
  const { id, use, category, policy, provider, service, servedAt, currency, billed } = entry;
  return {
    ...{ id, use, category, policy, provider, service, servedAt, currency, billed, filedAt: entry.at },
    ...{ preauthorisation: entry.preauthorisation, items: itemsOfClaim(claim, list) },
  };
}

/** In what the ciphertext says something else than the ledger, by the member's name; empty where they agree. */
export function disagreements(entry: ClaimEntry, claim: Claim): string[] {
  const [insurance] = claim.insurance;
  const pairs: [string, unknown, unknown][] = [
    ['id', claim.id, entry.id],
    ['use', claim.use, entry.use === 'claim' ? 'claim' : 'preauthorization'],
    ['policy', claim.patient.identifier.value, entry.policy],
    ['provider', claim.provider.identifier.value, entry.provider],
    ['insurer', claim.insurer.identifier.value, entry.insurer],
    ['servedAt', Date.parse(claim.billablePeriod.start), Date.parse(entry.servedAt)],
    ['currency', claim.total.currency, entry.currency],
    ['billed', amountOf(claim.total), entry.billed],
    ['preauthorisation', insurance?.preAuthRef?.[0], entry.preauthorisation],
    ...claim.item.map(({ category }): [string, unknown, unknown] => [
      ...(['category', codeOf(category, systems.benefitCategory), entry.category] as const),
    ]),
  ];
  return [...new Set(pairs.flatMap(([name, said, stands]) => (said === stands ? [] : [name])))];
}
