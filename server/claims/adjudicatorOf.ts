import { AppError } from '#server/errors.ts';
import type { AdjudicatorGateway } from '../gateways/adjudicator/adjudicator.ts';
import type { Portal } from '../portal.ts';

/** Who answers, quotes and anchors for an insurer. Throws NOT_SERVED where the portal knows nobody. */
export function adjudicatorOf({ adjudicators }: Portal, insurer: string): AdjudicatorGateway {
  const found = Object.hasOwn(adjudicators, insurer) ? adjudicators[insurer] : undefined;
  if (found === undefined) throw new AppError('NOT_SERVED', `no adjudicator of ${insurer} is known here`);
  return found;
}
