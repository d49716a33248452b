'use server';

import { action } from '#server/action.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

/** Alerts of one patient, or of all whom the actor watches. */
export const listAlerts = action(schema.listAlerts, service.listAlerts);
