import type { z } from 'zod';
import type { SealedReply } from '#crypto/claim/question.ts';
import { AppError } from '#server/errors.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { countAttempt } from '../session/rateLimit.ts';
import { allowProvider } from './policy.ts';
import type { eligibilityQuestion } from './schema.ts';

const questions = { max: 120, windowSeconds: 60 };

/**
 * Passes a question whether something would be paid on to the insurer's adjudicator, and its answer back; the portal can read neither, and says which institution asks. Throws
 * FORBIDDEN, NOT_SERVED where no adjudicator is asked here, CONNECTOR_UNAVAILABLE, RATE_LIMITED.
 */
export async function askEligibility(
  actor: Actor,
  { question }: z.output<typeof eligibilityQuestion>,
  portal: Portal = thePortal(),
): Promise<SealedReply> {
  const provider = allowProvider(actor);
  await countAttempt(portal.db, `eligibility:${actor.personId}`, questions);
  if (portal.adjudicator === undefined) throw new AppError('NOT_SERVED', 'no adjudicator is known here');
  return portal.adjudicator.answer(question, provider);
}
