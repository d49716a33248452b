import type { Actor } from '../people/schema.ts';
import type { PartnerSystemView } from './schema.ts';
import * as systems from './systems.ts';

/** Partners' systems of the actor's institution, with their tokens. */
export function listSystems(actor: Actor): Promise<PartnerSystemView[]> {
  return systems.listSystems(actor);
}
