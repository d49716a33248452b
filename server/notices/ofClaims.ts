import { eq } from 'drizzle-orm';
import type { Claim } from '#chaincode/model/claim.ts';
import type { Database } from '../gateways/db/database.ts';
import { claimNotices, policyMembers } from '../gateways/db/schema/claims.ts';
import type { ClaimNoticeKind, NoticeKind } from './schema.ts';
import { tell } from './tell.ts';

/**
 * What the member of a policy is told of its claims, and who billed them. Who the member is only a keyed hash says, as everywhere beside
 * claims; who billed stands on the ledger.
 */

export interface ClaimNews<Kind extends NoticeKind = ClaimNoticeKind> {
  kind: Kind;
  /** ISO 8601, by the ledger. */
  at: string;
}

const decided = { approved: 'claimApproved', partlyApproved: 'claimPartlyApproved', denied: 'claimDenied' } as const;
const answered = { approved: 'agreementGiven', partlyApproved: 'agreementGiven', denied: 'agreementDenied' } as const;

/** All that there is to tell of a claim as the ledger has it. What the member has done itself is no news. */
export function newsOf({ use, at, decisions, messages, receipts, reversal }: Claim): ClaimNews[] {
  const isAsked = use === 'preauthorisation';
  const outcomes = isAsked ? answered : decided;
  const news: ClaimNews[] = [{ kind: isAsked ? 'agreementAsked' : 'claimBilled', at }];
  for (const decision of decisions) news.push({ kind: outcomes[decision.outcome], at: decision.at });
  for (const said of messages) if (said.kind === 'question') news.push({ kind: 'claimAsked', at: said.at });
  for (const { kind, payer, at: paidAt } of receipts) {
    if (kind === 'refund' || payer === 'patient') continue;
    news.push({ kind: payer === 'insurer' ? 'claimPaid' : 'claimHelped', at: paidAt });
  }
  if (reversal !== undefined) news.push({ kind: 'claimReversed', at: reversal.at });
  return news;
}

type BillerNoticeKind = Extract<NoticeKind, 'billQuestioned' | 'billCut' | 'askedAnswered'>;

/** What of it whoever billed has to look at: what is paid as billed needs no word, of hundreds a day. */
export function billersNewsOf({ use, decisions, messages }: Claim): ClaimNews<BillerNoticeKind>[] {
  const kind = use === 'preauthorisation' ? 'askedAnswered' : 'billCut';
  const told = use === 'preauthorisation' ? decisions : decisions.filter(({ outcome }) => outcome !== 'approved');
  const questions = messages.filter((said) => said.kind === 'question');
  return [
    ...told.map(({ at }) => ({ kind, at }) as const),
    ...questions.map(({ at }) => ({ kind: 'billQuestioned', at }) as const),
  ];
}

/** Tells who billed it, each thing once however often this is called. */
export async function tellBiller(db: Database, claim: Claim): Promise<void> {
  for (const { kind, at } of billersNewsOf(claim))
    await tell(db, [claim.by], { kind, subject: claim.id, patient: claim.by, at: new Date(at) });
}

/** Tells the member of a claim's policy what the claim says, each once however often this is called; nobody where this portal knows of none. */
export async function tellMember(db: Database, claim: Claim): Promise<void> {
  const [member] = await db
    .select({ ownerIndex: policyMembers.ownerIndex })
    .from(policyMembers)
    .where(eq(policyMembers.policy, claim.policy));
  if (member === undefined) return;
  const values = newsOf(claim).map(({ kind, at }) => ({ ...member, kind, claim: claim.id, at: new Date(at) }));
  await db.insert(claimNotices).values(values).onConflictDoNothing();
}
