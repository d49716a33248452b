import type { Hex } from 'viem';
import type { Authorisation, ContentWrap, OptionalEvidence, Policy } from '#chaincode/model/policy.ts';
import type { Insured } from '#crypto/claim/details.ts';
import { coPayTerms, insurerReaders, payCoPay, readAsMember, sayAsMember } from '#server/claims/actions.ts';
import type { ClaimView, CoPayTerms } from '#server/claims/schema.ts';
import { askAssistance } from '#server/fund/actions.ts';
import type { Ground } from '#server/fund/schema.ts';
import { fetchClaimBytes, fetchContent } from './claimContents.ts';
import { vaultClient } from './client.ts';
import type { CoPayToSign, SignedCoPay } from './coPayPermit.ts';
import { expectData } from './errors.ts';
import type { OwnClaim } from './memberOperations.ts';
import { findInstitution } from './records.ts';

/** What a patient's pages do with the own insurance. The policies' keys stay in the worker. */

/** The data key of a policy's details, a card or a claim, as it is wrapped for the member. */
async function ownWrap(policy: string, id: string): Promise<ContentWrap> {
  const statement = await vaultClient().call('signMemberRead', { policy, id });
  return expectData(await readAsMember({ statement }));
}

/** Applies for a plan, and answers the new policy's id. */
export async function applyFor(plan: { id: string; insurer: string }, insured: Insured): Promise<string> {
  const readers = expectData(await insurerReaders({ insurer: plan.insurer }));
  const { policy, saying } = await vaultClient().call('composeApplication', { plan, insured, readers });
  expectData(await sayAsMember(saying));
  return policy;
}

export async function leavePolicy(policy: string): Promise<void> {
  expectData(await sayAsMember(await vaultClient().call('composeLeave', { policy })));
}

/** Lets an institution bill, with a card for it. Throws `READER_UNKNOWN` where it has no key yet. */
export async function authoriseInstitution(wanted: {
  policy: Pick<Policy, 'id' | 'plan' | 'insurer' | 'details'>;
  institution: string;
  evidence: OptionalEvidence[];
  /** ISO 8601 instant. */
  until: string;
}): Promise<void> {
  const { policy, institution, evidence, until } = wanted;
  const { id, plan, insurer, details } = policy;
  const [reader, own, bytes] = await Promise.all([
    findInstitution(institution),
    ownWrap(id, id),
    fetchContent(id, details.cid),
  ]);
  const { saying } = await vaultClient().call('composeAuthorisation', {
    ...{ policy: { id, plan, insurer, details }, details: { own, bytes } },
    ...{ institution, reader, evidence, until },
  });
  expectData(await sayAsMember(saying));
}

export async function revokeAuthorisation({ id, policy }: Pick<Authorisation, 'id' | 'policy'>): Promise<void> {
  expectData(await sayAsMember(await vaultClient().call('composeRevocation', { policy, authorisation: id })));
}

/** Appeals a decision, in words. */
export async function appealClaim({ id, policy }: Pick<ClaimView, 'id' | 'policy'>, words: string): Promise<void> {
  const own = await ownWrap(policy, id);
  expectData(await sayAsMember(await vaultClient().call('composeAppeal', { claim: { id, policy }, own, words })));
}

/** A claim of an own policy. `allowed`: what the authorisation by which it was billed lets the insurer see. */
export async function openOwnClaim(claim: ClaimView, allowed: OptionalEvidence[]): Promise<OwnClaim> {
  const { id, by, content, reference, decisions, messages, policy, category, use, service, servedAt } = claim;
  const [own, bytes] = await Promise.all([ownWrap(policy, id), fetchClaimBytes(claim)]);
  return vaultClient().call('openOwnClaim', {
    claim: { id, by, content, reference, decisions, messages, policy, category, use, service, servedAt },
    ...{ own, allowed, bytes },
  });
}

/** What is left of the patient's share of a bill, and from which address it would be paid. */
export async function askCoPay({ id, policy }: Pick<ClaimView, 'id' | 'policy'>): Promise<CoPayTerms> {
  const payer = await vaultClient().call('paymentAddress', { policy });
  return expectData(await coPayTerms({ claim: id, payer }));
}

/** The address from which the payments of a policy come. */
export const paymentAddress = (policy: string) => vaultClient().call('paymentAddress', { policy });

/** Pays what is left of the patient's share, by one signature; answers the transaction. */
export async function payCoPayOf(claim: ClaimView, terms: CoPayTerms): Promise<string> {
  return bringCoPay(claim, await vaultClient().call('signCoPay', await coPayAsked(claim, terms)));
}

/** How another wallet pays it: by what terms, what it signs, which the vault has checked, and how that is brought. */
export const coPayWays = (claim: ClaimView) => ({
  terms: async (payer: Hex): Promise<CoPayTerms> => expectData(await coPayTerms({ claim: claim.id, payer })),
  toSign: async (terms: CoPayTerms, payer: Hex): Promise<CoPayToSign> =>
    vaultClient().call('coPayFrom', { ...(await coPayAsked(claim, terms)), payer }),
  bring: (permit: SignedCoPay): Promise<string> => bringCoPay(claim, permit),
});
export type CoPayWays = ReturnType<typeof coPayWays>;

async function coPayAsked(claim: ClaimView, terms: CoPayTerms) {
  const { id, by, content, reference, decisions, messages, policy } = claim;
  const [own, bytes] = await Promise.all([ownWrap(policy, id), fetchClaimBytes(claim)]);
  return { claim: { id, by, content, reference, decisions, messages, policy }, own, bytes, terms };
}

const bringCoPay = async ({ id }: ClaimView, permit: SignedCoPay): Promise<string> =>
  expectData(await payCoPay({ claim: id, permit })).transactionHash;

/** Asks the assistance fund for help with what is open of a bill. */
export async function askHelpWith({ id }: Pick<ClaimView, 'id'>, ground: Ground): Promise<void> {
  const beneficiary = await vaultClient().call('beneficiary', undefined);
  expectData(await askAssistance({ claim: id, beneficiary, ground }));
}
