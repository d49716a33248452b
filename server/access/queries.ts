import type { Actor } from '../people/schema.ts';
import type { AccessEntry, EmergencyCount, EmergencyView } from './schema.ts';
import * as service from './service.ts';

interface Which {
  personId?: string;
  pseudonym?: string;
}

/** Who has read the own record, or that of somebody represented; newest first. */
export function whoSaw(actor: Actor, which: Which = {}): Promise<AccessEntry[]> {
  return service.whoSaw(actor, which);
}

/** The emergencies of the own record, or that of somebody represented. */
export function emergenciesOfRecord(actor: Actor, which: Which = {}): Promise<EmergencyView[]> {
  return service.emergenciesOfRecord(actor, which);
}

/** Emergencies of all for the regulator, of the institution for admins and doctors; newest first. */
export function listEmergencies(actor: Actor, which: 'all' | 'open' | 'unreviewed' = 'all'): Promise<EmergencyView[]> {
  return service.listEmergencies(actor, { which });
}

/** How often each clinician has stated an emergency. */
export function countEmergencies(actor: Actor): Promise<EmergencyCount[]> {
  return service.countEmergencies(actor, undefined);
}
