import type { Claim } from '#chaincode/model/claim.ts';
import { type Claim as Billed, buildClaim } from '#fhir/claim.ts';
import { t } from '#messages/en.ts';

/**
 * What the ledger alone says of a claim that does not open, as one item of all that was billed: what its denial explains. Nothing in it is
 * taken for what was served.
 */
export function billedOnLedger(claim: Claim): Billed {
  const { id, use, category, policy, insurer, provider, by, servedAt, at, currency, billed } = claim;
  return buildClaim({
    ...{ id, use, category, policy, insurer: { id: insurer }, provider: { id: provider }, practitioner: { id: by } },
    ...{ servedAt, created: at, currency },
    items: [{ of: { code: 'CLOSED', name: t.claimsCase.closed.item }, quantity: 1, unit: 'service', net: billed }],
  });
}

/** Of which nothing counts. */
export const closedShares = ({ billed }: Pick<Claim, 'billed'>) => ({
  ...{ billed, allowed: 0, insurer: 0, patient: 0, coPay: 0, deductible: 0 },
});
