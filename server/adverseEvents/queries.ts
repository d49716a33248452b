import type { Actor } from '../people/schema.ts';
import type { ReportView } from './schema.ts';
import * as service from './service.ts';

/** The actor's own reports, newest first. */
export function ownReports(actor: Actor): Promise<ReportView[]> {
  return service.ownReports(actor);
}

/** All reports to the actor's authority, newest first. */
export function reportQueue(actor: Actor): Promise<ReportView[]> {
  return service.reportQueue(actor);
}
