import type { Actor } from '../people/schema.ts';
import type { FormularyView, MedicineStatuses, ShortProduct } from './schema.ts';
import * as service from './service.ts';

/** Tier, generics, restrictions and shortage of every medicine of which there is something to say, by product code. */
export function medicineStatuses(actor: Actor): Promise<MedicineStatuses> {
  return service.medicineStatuses(actor);
}

/** The list that the actor manages: the regulator the one for all, an admin the institution's. */
export function managedFormulary(actor: Actor): Promise<FormularyView> {
  return service.managedFormulary(actor);
}

/** Products that are short, with figures, for the regulator. */
export function shortProducts(actor: Actor): Promise<ShortProduct[]> {
  return service.shortProducts(actor);
}
