import type { Actor } from '../people/schema.ts';
import { type AlertCase, someAlert } from './schema.ts';
import * as service from './service.ts';

/** An alert with all that was decided and noted about it; for the authority alone. */
export function alertCase(actor: Actor, id: string): Promise<AlertCase> {
  return service.readCase(actor, someAlert.parse({ id }));
}
