'use server';

import { action } from '#server/action.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

/** Takes an alert a step further, with the reason in words. */
export const decideAlert = action(schema.decideAlert, service.decideAlert);

/** Adds a note to an alert. */
export const noteOnAlert = action(schema.noteOnAlert, service.noteOnAlert);
