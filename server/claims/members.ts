import { eq } from 'drizzle-orm';
import type { z } from 'zod';
import { type MemberAction, memberStatements, type SealedContent } from '#chaincode/model/policy.ts';
import { AppError, asAppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { policyMembers } from '../gateways/db/schema/claims.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { envelopeOf } from '../transactions/envelope.ts';
import { readAuthorisation, readClaim, readPolicy } from './ledger.ts';
import { ownerIndexOf, requireOwnPolicy } from './owners.ts';
import { allowMember } from './policy.ts';
import { type ClaimsEntries, projectClaims } from './readModel.ts';
import type { MemberWrapView, memberRead, memberSaying } from './schema.ts';

/**
 * What members of insurances say. Their statements are signed in their browsers; who they are this portal knows, and nobody on
 * `claims` does.
 */

const sayings = { max: 60, windowSeconds: 60 };

type Saying = z.output<typeof memberSaying>;
/** A statement as the one that it says it is. */
type Said = {
  [Action in MemberAction]: { action: Action } & z.output<(typeof memberStatements)[Action]>;
}[MemberAction];

function saidIn(action: MemberAction, json: string): Said {
  let value: unknown;
  try {
    value = JSON.parse(json);
  } catch (cause) {
    throw new AppError('INVALID_INPUT', 'a statement that is no JSON', { cause });
  }
  const parsed = memberStatements[action].safeParse(value);
  if (!parsed.success) throw new AppError('INVALID_INPUT', `no statement of ${action}`, { cause: parsed.error });
  return { action, ...parsed.data } as Said;
}

const policyOf = (said: Said) => (said.action === 'apply' ? said.id : said.policy);

/** The ciphertext that a statement names. */
function contentOf(said: Said): SealedContent | undefined {
  if (said.action === 'apply') return said.details;
  if (said.action === 'authorise') return said.card;
  return said.action === 'appeal' ? said.message : undefined;
}

/**
 * Keeps what a statement names and brings it to the ledger. It may be said again: what has had its effect is done. Throws FORBIDDEN,
 * INVALID_INPUT, NOT_FOUND for a policy that is not the actor's, RATE_LIMITED, and the ledger's refusals.
 */
export async function sayAsMember(
  actor: Actor,
  { action, statement, wraps, envelope }: Saying,
  portal: Portal = thePortal(),
): Promise<{ policy: string }> {
  allowMember(actor);
  const said = saidIn(action, statement.said);
  const policy = policyOf(said);
  await countAttempt(portal.db, `member:${actor.personId}`, sayings);
  // Whose it is comes first: a policy of which nobody knows whose it is could never be found again.
  if (said.action === 'apply') await noteOwner(portal, actor, policy);
  await requireOwnPolicy(portal, actor, policy);
  const content = contentOf(said);
  if ((content === undefined) !== (envelope === undefined)) {
    throw new AppError('INVALID_INPUT', `${action} with an envelope or without`);
  }
  if (content !== undefined && envelope !== undefined) await portal.ipfs.add(envelopeOf(envelope, content));
  try {
    await portal.connector.bringStatement({ action, statement, ...(wraps !== undefined && { wraps }) });
  } catch (thrown) {
    if (!isRefusedAsDone(thrown) || !(await isDone(portal, said))) throw thrown;
  }
  await projectClaims(portal.db, await touchedBy(portal, said));
  return { policy };
}

const isRefusedAsDone = (thrown: unknown) => ['ALREADY_EXISTS', 'WRONG_STATE'].includes(asAppError(thrown).code);

/** The effect of this very statement: fresh ciphertext is nobody else's. */
async function isDone({ ledger }: Portal, said: Said): Promise<boolean> {
  switch (said.action) {
    case 'apply':
      return (await readPolicy(ledger, said.id)).details.cid === said.details.cid;
    case 'authorise':
      return (await readAuthorisation(ledger, said.id)).card.cid === said.card.cid;
    case 'revoke':
      return (await readAuthorisation(ledger, said.authorisation)).state === 'revoked';
    case 'leave':
      return (await readPolicy(ledger, said.policy)).state === 'ended';
    case 'appeal':
      return (await readClaim(ledger, said.claim)).messages.some(({ cid }) => cid === said.message.cid);
    case 'read':
      return false;
  }
}

async function touchedBy({ ledger }: Portal, said: Said): Promise<Partial<ClaimsEntries>> {
  switch (said.action) {
    case 'apply':
      return { policies: [await readPolicy(ledger, said.id)] };
    case 'leave':
      return { policies: [await readPolicy(ledger, said.policy)] };
    case 'authorise':
      return { authorisations: [await readAuthorisation(ledger, said.id)] };
    case 'revoke':
      return { authorisations: [await readAuthorisation(ledger, said.authorisation)] };
    case 'appeal':
      return { claims: [await readClaim(ledger, said.claim)] };
    case 'read':
      return {};
  }
}

/** Throws ALREADY_EXISTS for a policy that the ledger has and this portal knows nobody of: it is not whose applies for it here, either. */
async function noteOwner({ db, ledger, personalData }: Portal, { personId }: Actor, policy: string): Promise<void> {
  const isKnown = (await db.$count(policyMembers, eq(policyMembers.policy, policy))) > 0;
  if (!isKnown && (await isOnLedger(ledger, policy))) throw new AppError('ALREADY_EXISTS', policy);
  await db
    .insert(policyMembers)
    .values({
      policy,
      ownerIndex: ownerIndexOf(personalData, personId),
      ownerSealed: personalData.seal(`policy_members/${policy}`, personId),
    })
    .onConflictDoNothing();
}

async function isOnLedger(ledger: Portal['ledger'], policy: string): Promise<boolean> {
  try {
    await readPolicy(ledger, policy);
    return true;
  } catch (error) {
    if (asAppError(error).code === 'NOT_FOUND') return false;
    throw error;
  }
}

/** The data key that is wrapped for the member, by a signed statement to read it. Throws FORBIDDEN, INVALID_INPUT, NOT_FOUND. */
export async function readAsMember(
  actor: Actor,
  { statement }: z.output<typeof memberRead>,
  portal: Portal = thePortal(),
): Promise<MemberWrapView> {
  allowMember(actor);
  await requireOwnPolicy(portal, actor, policyOf(saidIn('read', statement.said)));
  return portal.connector.memberWrap(statement);
}
