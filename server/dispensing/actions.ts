'use server';

import { action } from '#server/action.ts';
import * as nearby from './nearby.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';
import * as standing from './standing.ts';

/** Keeps the sealed plan of a dispense of packs, before anything of it is signed. */
export const keepDispensing = action(schema.keepDispensing, service.keepDispensing);

/** Forgets it once it is done or taken back. */
export const dropDispensing = action(schema.dropDispensing, service.dropDispensing);

/** Where a dispense of packs stands on all of its ledgers. */
export const readDispensing = action(schema.readDispensing, standing.readDispensing);

/** Which pharmacies have packs, nearest first, in rough words. */
export const findNearby = action(schema.findNearby, nearby.findNearby);

/** Lets other pharmacies see the own stock roughly, or no longer. */
export const setStockSharing = action(schema.setStockSharing, nearby.setStockSharing);
