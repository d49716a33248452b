import type { Claim, ClaimState } from '#chaincode/model/claim.ts';
import { decisionInForce } from '#chaincode/model/usage.ts';
import type { ClaimFacts } from './facts.ts';

/** A claim that the insurer knows already. */
export interface PastClaim extends ClaimFacts {
  /** `open`: not decided yet. */
  result: 'open' | 'approved' | 'denied' | 'reversed';
  /** By the decision in force, in minor units. */
  allowed?: number;
}

/** Whether it was claimed before the other, so that of two that look alike the first is not held against the second. */
export const isBefore = (past: ClaimFacts, { id, filedAt }: ClaimFacts): boolean =>
  past.id !== id && (past.filedAt < filedAt || (past.filedAt === filedAt && past.id < id));

/** How a claim in that state counts among the past ones. */
export function resultOf({ state }: { state: ClaimState }): PastClaim['result'] {
  if (state === 'denied' || state === 'reversed') return state;
  return state === 'submitted' || state === 'inReview' || state === 'appealed' ? 'open' : 'approved';
}

/** What became of a claim. */
export const outcomeOf = (
  record: Pick<Claim, 'state' | 'decisions'>,
): Required<Pick<PastClaim, 'result' | 'allowed'>> => ({
  ...{ result: resultOf(record), allowed: decisionInForce(record)?.allowed ?? 0 },
});

/** One provider's bill for a product or service. */
export interface Sample {
  provider: string;
  quantity: number;
  /** For a thousand units, in minor units. */
  perThousand: number;
}
/** Of each provider and code, so many newest bills are compared with. */
const mostSamples = 50;

/** The insurer's own past claims, as signals and rules look them up. Claims come in any order; one that comes again replaces what was known. */
export class ClaimHistory {
  readonly #claims = new Map<string, PastClaim>();
  readonly #byPolicy = new Map<string, Set<string>>();
  readonly #byService = new Map<string, Set<string>>();
  readonly #byProvider = new Map<string, Set<string>>();
  readonly #samples = new Map<string, Map<string, { claim: string; sample: Sample }[]>>();

  add(claim: PastClaim): void {
    const isNew = !this.#claims.has(claim.id);
    this.#claims.set(claim.id, claim);
    if (!isNew) return;
    into(this.#byPolicy, claim.policy, claim.id);
    into(this.#byProvider, claim.provider, claim.id);
    into(this.#byService, claim.service, claim.id);
    if (claim.use !== 'claim') return;
    for (const { code, quantity, net } of claim.items) {
      const ofCode = this.#samples.get(code) ?? new Map<string, { claim: string; sample: Sample }[]>();
      this.#samples.set(code, ofCode);
      const sample = { provider: claim.provider, quantity, perThousand: Math.round((net * 1_000) / quantity) };
      const known = [...(ofCode.get(claim.provider) ?? []), { claim: claim.id, sample }];
      ofCode.set(claim.provider, known.slice(-mostSamples));
    }
  }

  get size(): number {
    return this.#claims.size;
  }

  find(id: string): PastClaim | undefined {
    return this.#claims.get(id);
  }
  ofPolicy(policy: string): PastClaim[] {
    return this.#found(this.#byPolicy.get(policy));
  }
  ofProvider(provider: string): PastClaim[] {
    return this.#found(this.#byProvider.get(provider));
  }
  ofService(service: string): PastClaim[] {
    return this.#found(this.#byService.get(service));
  }

  /** What other claims have used of what was agreed to before, in minor units. */
  usedOf({ id, policy, preauthorisation }: Pick<ClaimFacts, 'id' | 'policy' | 'preauthorisation'>): number {
    if (preauthorisation === undefined) return 0;
    return this.ofPolicy(policy)
      .filter((past) => past.id !== id && past.preauthorisation === preauthorisation && past.result !== 'reversed')
      .reduce((sum, { allowed = 0 }) => sum + allowed, 0);
  }

  /** What others than `provider` billed for a code; reversed claims are left out. */
  samplesOfOthers(code: string, provider: string): Sample[] {
    return [...(this.#samples.get(code) ?? [])].flatMap(([other, samples]) =>
      other === provider
        ? []
        : samples.flatMap(({ claim, sample }) => (this.#claims.get(claim)?.result === 'reversed' ? [] : [sample])),
    );
  }

  #found(ids: ReadonlySet<string> | undefined): PastClaim[] {
    return [...(ids ?? [])].flatMap((id) => this.#claims.get(id) ?? []);
  }
}

function into(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids === undefined) index.set(key, new Set([id]));
  else ids.add(id);
}
