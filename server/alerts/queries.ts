import type { Actor } from '../people/schema.ts';
import type { AlertView } from './schema.ts';
import * as service from './service.ts';

/** Alerts of one patient, or of all whom the actor watches, newest first; of those that are not closed unless all are asked for. */
export function listAlerts(
  actor: Actor,
  { patient, which = 'open' }: { patient?: string; which?: 'open' | 'all' } = {},
): Promise<AlertView[]> {
  return service.listAlerts(actor, { which, ...(patient !== undefined && { patient }) });
}
