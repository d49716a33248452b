import type { Actor } from '../people/schema.ts';
import * as nearby from './nearby.ts';
import type { OpenDispensing, StockSharing } from './schema.ts';
import * as service from './service.ts';

/** The pharmacist's own dispenses of packs that are under way. */
export const listDispensings = (actor: Actor): Promise<OpenDispensing[]> => service.listDispensings(actor);

/** Whether the admin's pharmacy lets others see its stock roughly. */
export const readStockSharing = (actor: Actor): Promise<StockSharing> => nearby.readStockSharing(actor);
