import { and, eq } from 'drizzle-orm';
import type { z } from 'zod';
import type { SealedReply } from '#crypto/claim/question.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { devices } from '../gateways/db/schema/circles.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { adjudicatorOf } from './adjudicatorOf.ts';
import { allowProvider } from './policy.ts';
import type { eligibilityQuestion } from './schema.ts';

const questions = { max: 120, windowSeconds: 60 };

/**
 * Passes a question whether something would be paid on to the insurer's adjudicator, and its answer back; the portal can read neither, and
 * says which institution asks. Throws FORBIDDEN, NOT_SERVED where that adjudicator is not asked here, CONNECTOR_UNAVAILABLE, RATE_LIMITED.
 */
export async function askEligibility(
  actor: Actor,
  { question }: z.output<typeof eligibilityQuestion>,
  portal: Portal = thePortal(),
): Promise<SealedReply> {
  const provider = allowProvider(actor);
  await countAttempt(portal.db, `eligibility:${actor.personId}`, questions);
  return adjudicatorOf(portal, await insurerOf(portal, question.reader)).answer(question, provider);
}

/** Whose the adjudicator is that a question is sealed to. */
async function insurerOf({ db }: Portal, device: string): Promise<string> {
  const own = and(eq(devices.id, device), eq(devices.purpose, 'adjudicator'));
  const [found] = await db.select({ insurer: devices.institutionId }).from(devices).where(own);
  if (found === undefined) throw new AppError('NOT_SERVED', `${device} is no adjudicator`);
  return found.insurer;
}
