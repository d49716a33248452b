import { type Emergency, type EmergencyReview, emergencyHours } from '../../model/access.ts';
import { type Category, categories } from '../../model/category.ts';
import { LedgerError } from '../../model/errors.ts';

/** The state machine of an emergency: pure, without storage and without the question who may do it. */

const hoursAfter = (at: Date, hours: number) => new Date(at.getTime() + hours * 60 * 60 * 1000).toISOString();

/** One clinician opens the summary. */
export function open(
  opened: Pick<Emergency, 'id' | 'patient' | 'actor' | 'institution' | 'reason'>,
  at: Date,
): Emergency {
  return { ...opened, level: 'summary', at: at.toISOString(), until: hoursAfter(at, emergencyHours), version: 1 };
}

/** A second clinician opens everything, for the hours from then. Throws EXPIRED, WRONG_STATE. */
export function confirm(emergency: Emergency, confirmedBy: string, at: Date): Emergency {
  requireOpen(emergency, at);
  if (emergency.level === 'full') throw new LedgerError('WRONG_STATE', `${emergency.id} is confirmed already`);
  const confirmedAt = at.toISOString();
  const until = hoursAfter(at, emergencyHours);
  return { ...emergency, level: 'full', confirmedBy, confirmedAt, until, version: emergency.version + 1 };
}

/** Somebody who answers for it judges it, once; what was not justified closes at once. Throws WRONG_STATE. */
export function review(emergency: Emergency, by: string, said: EmergencyReview, at: Date): Emergency {
  if (emergency.review) throw new LedgerError('WRONG_STATE', `${emergency.id} is reviewed already`);
  const closes = said.outcome === 'unjustified' && isOpen(emergency, at);
  return {
    ...emergency,
    ...(closes && { until: at.toISOString() }),
    review: { ...said, by, at: at.toISOString() },
    version: emergency.version + 1,
  };
}

export function isOpen({ until }: Emergency, at: Date): boolean {
  return at.getTime() < Date.parse(until);
}

/** Throws EXPIRED. */
export function requireOpen(emergency: Emergency, at: Date): void {
  if (!isOpen(emergency, at)) throw new LedgerError('EXPIRED', `${emergency.id} closed at ${emergency.until}`);
}

/** What an emergency of a level opens. */
export function openedBy({ level }: Pick<Emergency, 'level'>): readonly Category[] {
  return level === 'full' ? categories : ['summary'];
}
