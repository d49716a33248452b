import { join } from 'node:path';
import type { Claim, ClaimDecision } from '#chaincode/model/claim.ts';
import { countedInstead } from '#chaincode/model/usage.ts';
import type { Claims } from '#chaincode/testing/claims.ts';
import { compileChaincode } from '#chaincode/testing/compile.ts';
import { type ClaimsLedger, openClaimsLedger } from '#connector/adjudicator/claimsLedger.ts';
import { connectTo } from '#connector/testing/contracts.ts';
import type { PlannedClaim } from './history.ts';

/** The real contract over state in memory: a pharmacy bills, and the adjudicator of the insurer decides and anchors. */
export interface MemoryLedger extends Disposable {
  /** The adjudicator's. */
  ledger: ClaimsLedger;
  insurer: string;
  pharmacy: string;
  /** Bills and decides claims, in one decision; takes in cash what is. Answers them in their order. */
  decide(planned: readonly PlannedClaim[]): Promise<Claim[]>;
  reverse(id: string): Promise<void>;
}

/** Two members bill in turn. */
const members = [
  { policy: 1, authorisation: 1 },
  { policy: 2, authorisation: 3 },
] as const;

export async function openMemoryLedger(): Promise<MemoryLedger> {
  const compiled = await compileChaincode({ testing: true });
  const load = async <Module>(name: string): Promise<Module> => import(join(compiled.folder, 'testing', name));
  const made = await load<typeof import('#chaincode/testing/claims.ts')>('claims.js').catch((error: unknown) => {
    compiled.remove();
    throw error;
  });
  const { institutions } = await load<typeof import('#chaincode/testing/samples.ts')>('samples.js');
  const claims = await made.createClaims();
  const { world, cast } = claims;
  const ledger = openClaimsLedger(connectTo(world.ledger, cast.adjudicator));
  const submit = async (planned: PlannedClaim): Promise<string> => {
    const { policy, authorisation } = members[planned.number % 2] ?? members[0];
    const of = { policy: made.policyOf(policy), authorisation: made.authorisationOf(authorisation) };
    return claims.bill(planned.number, { ...of, billed: planned.billed });
  };
  return {
    ledger,
    insurer: institutions.insurer.id,
    pharmacy: institutions.pharmacy.id,
    async decide(planned) {
      const decisions = await decisionsOf(planned, { submit, ledger, sealedOf: made.sealedOf });
      await ledger.decide(decisions);
      const ids = decisions.map(({ claim }) => claim);
      for (const [index, { coPay, patient }] of planned.entries())
        if (coPay === 'cash') await bySeller(claims, 'cash', ids[index] ?? '', String(patient));
      return Promise.all(ids.map((id) => ledger.claim(id)));
    },
    reverse: (id) => bySeller(claims, 'reverse', id, 'billed in error'),
    [Symbol.dispose]: compiled.remove,
  };
}

async function bySeller(claims: Claims, name: 'cash' | 'reverse', ...args: string[]): Promise<void> {
  await claims.submit(claims.world.people.pharmacist, name, args);
}

/** Each by the account that those before it leave. */
async function decisionsOf(
  planned: readonly PlannedClaim[],
  of: {
    submit: (planned: PlannedClaim) => Promise<string>;
    ledger: ClaimsLedger;
    sealedOf: (text: string) => ClaimDecision['explanation'];
  },
): Promise<ClaimDecision[]> {
  const decisions: ClaimDecision[] = [];
  const accounts = new Map<string, Awaited<ReturnType<ClaimsLedger['usage']>>>();
  for (const one of planned) {
    const { id, version, policy, category } = await of.ledger.claim(await of.submit(one));
    const { outcome, insurer, patient } = one;
    const usage = accounts.get(policy) ?? (await of.ledger.usage(policy, 1));
    accounts.set(policy, countedInstead(usage, category, undefined, { insurer, patient, deductible: 0 }));
    decisions.push({
      ...{ claim: id, version, usage: usage.version, outcome, insurer, patient },
      ...{ allowed: insurer + patient, deductible: 0, reasons: outcome === 'approved' ? [] : ['NOT_COVERED'] },
      explanation: of.sealedOf(`decision of ${id}`),
    });
  }
  return decisions;
}
