import { z } from 'zod';
import { institutionId } from '#chaincode/model/identifiers.ts';
import type { Plan } from '#chaincode/model/plan.ts';
import { versionInForce } from '#chaincode/model/plan.ts';
import { estimate } from '#coverage/estimate.ts';
import {
  openQuestion,
  type SealedQuestion,
  type SealedReply,
  sealedQuestion,
  sealReply,
} from '#crypto/claim/question.ts';
import { CryptoError } from '#crypto/errors.ts';
import {
  buildEligibilityResponse,
  type EligibilityRequest,
  type EligibilityResponse,
  eligibilityRequest,
} from '#fhir/eligibility.ts';
import { ConnectorError } from '../errors.ts';
import { type Bench, insuredOf, yearOf } from './judging.ts';

/** A question, and whose staff ask it by the portal's word. */
export const askedQuestion = z.strictObject({ question: sealedQuestion, provider: institutionId });
export type AskedQuestion = z.infer<typeof askedQuestion>;

/**
 * Answers a sealed question whether something would be paid, sealed to who asked: whoever passes it on learns neither. Throws NOT_FOUND
 * (no such policy or authorisation), NOT_AUTHORISED (of another insurer, to another adjudicator, or without the member's authorisation for who
 * asks), INVALID_ARGUMENT, and what is away.
 */
export async function answerQuestion(
  { question: sealed, provider }: AskedQuestion,
  bench: Bench,
  now = new Date(),
): Promise<SealedReply> {
  if (sealed.reader !== bench.device) throw new ConnectorError('NOT_AUTHORISED', `it is for ${sealed.reader}`);
  const { question, replyKey } = await opened(sealed, bench);
  const answer = await answerOf(question, { id: sealed.id, provider }, bench, now);
  return sealReply(sealed, replyKey, JSON.parse(JSON.stringify(answer)));
}

async function opened(sealed: SealedQuestion, { opening }: Bench) {
  try {
    return await openQuestion(opening.readingSeed, sealed);
  } catch (cause) {
    if (!(cause instanceof CryptoError)) throw cause;
    throw new ConnectorError('INVALID_ARGUMENT', 'it is no question to this adjudicator', { cause });
  }
}

async function answerOf(
  question: unknown,
  { id, provider }: { id: string; provider: string },
  bench: Bench,
  now: Date,
): Promise<EligibilityResponse> {
  const parsed = eligibilityRequest.safeParse(question);
  if (!parsed.success || parsed.data.id !== id) {
    const where = parsed.error?.issues.map(({ path }) => path.join('.')).join(', ') ?? 'id';
    throw new ConnectorError('INVALID_ARGUMENT', `the question is not in the expected format: ${where}`.slice(0, 300));
  }
  const request = parsed.data;
  const at = now.toISOString();
  const policy = await bench.ledger.policy(request.patient.identifier.value);
  if (policy.insurer !== bench.insurer || request.insurer.identifier.value !== bench.insurer) {
    throw new ConnectorError('NOT_AUTHORISED', `${policy.id} is of another insurer`);
  }
  await requireAuthorised(request, provider, bench.ledger, now);
  const [plan, usage, insured, list] = await Promise.all([
    planInForce(policy.plan, now, bench),
    bench.ledger.usage(policy.id, yearOf(policy, at)),
    insuredOf(policy, bench),
    bench.list(),
  ]);
  const grounds = { terms: plan.terms, policy, birthDate: insured?.birthDate, usage, history: bench.known.history };
  return buildEligibilityResponse(request, estimate(request, grounds, list, at), at);
}

/** A policy's number is no secret on `claims`: how much of its year is used is for whom its member lets bill. Throws NOT_FOUND, NOT_AUTHORISED. */
async function requireAuthorised(
  { patient, provider: named, insurance }: EligibilityRequest,
  provider: string,
  { authorisation }: Bench['ledger'],
  now: Date,
): Promise<void> {
  const [{ businessArrangement: id } = { businessArrangement: '' }] = insurance;
  const { policy, institution, state, until } = await authorisation(id);
  const isFor =
    policy === patient.identifier.value && institution === provider && institution === named.identifier.value;
  if (!isFor || state !== 'active' || Date.parse(until) <= now.getTime()) {
    throw new ConnectorError('NOT_AUTHORISED', `${id} lets ${provider} ask nothing of it now`);
  }
}

/** The newest version that has begun, from the newest back. */
async function planInForce(id: string, at: Date, { ledger }: Bench): Promise<Plan> {
  const { version: newest } = await ledger.planHead(id);
  for (let version = newest; version > 0; version -= 1) {
    const plan = await ledger.plan(id, version);
    if (versionInForce([plan], at) !== undefined) return plan;
  }
  throw new ConnectorError('NOT_FOUND', `no version of ${id} is in force`);
}
