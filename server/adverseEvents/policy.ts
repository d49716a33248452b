import type { AdverseReport } from '#chaincode/model/adverseReport.ts';
import { AppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';

/** Whether the actor reported it, or is of the authority that it went to. */
export const maySee = (actor: Actor, { reporter, to }: Pick<AdverseReport, 'reporter' | 'to'>): boolean =>
  actor.role === 'regulator' ? actor.institutionId === to : actor.subjectId === reporter.id;

/** Refuses with NOT_FOUND whoever has nothing to do with a report: that there is one is nobody else's business. */
export function allowReport(actor: Actor, report: Pick<AdverseReport, 'id' | 'reporter' | 'to'>): void {
  if (!maySee(actor, report)) throw new AppError('NOT_FOUND', `${report.id} is not ${actor.subjectId}'s`);
}

/** Refuses with FORBIDDEN who is not a regulator. */
export function allowQueue(actor: Actor): string {
  if (actor.role !== 'regulator' || actor.institutionId === null) {
    throw new AppError('FORBIDDEN', `${actor.role} handles no reports`);
  }
  return actor.institutionId;
}

/** Refuses with FORBIDDEN who reports nothing. */
export function allowReporting(actor: Actor): void {
  if (actor.role !== 'patient' && actor.role !== 'doctor' && actor.role !== 'pharmacist') {
    throw new AppError('FORBIDDEN', `${actor.role} reports no adverse events`);
  }
}
