import type { Actor } from '../people/schema.ts';
import type { OpenDispensing } from './schema.ts';
import * as service from './service.ts';

/** The pharmacist's own dispenses of packs that are under way. */
export const listDispensings = (actor: Actor): Promise<OpenDispensing[]> => service.listDispensings(actor);
