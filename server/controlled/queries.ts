import type { Actor } from '../people/schema.ts';
import type { ControlledList } from './schema.ts';
import * as service from './service.ts';

/** Prescriptions of controlled medicines, newest first, for the regulator. */
export function controlledPrescriptions(actor: Actor): Promise<ControlledList> {
  return service.controlledPrescriptions(actor);
}
