'use server';

import { z } from 'zod';
import { action } from '#server/action.ts';
import { whichRecord } from '../records/schema.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';
import * as shares from './shares.ts';

/** Who has read a record, with what proves it. */
export const whoSaw = action(whichRecord, service.whoSaw);

/** The emergencies of a record, for its patient. */
export const emergenciesOfRecord = action(whichRecord, service.emergenciesOfRecord);

/** Emergencies of all, or of one's institution. */
export const listEmergencies = action(schema.listEmergencies, service.listEmergencies);

/** How often each clinician has stated an emergency. */
export const countEmergencies = action(z.undefined(), service.countEmergencies);

/** Shares of a record's keys, wrapped anew for the reader where the ledger lets it. */
export const releaseShares = action(schema.releaseShares, shares.releaseShares);
