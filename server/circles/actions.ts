'use server';

import { z } from 'zod';
import { action } from '#server/action.ts';
import { listOffered as offered } from './offers.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

/** The circles in which the actor is. */
export const listCircles = action(z.undefined(), service.listCircles);

/** One circle in which the actor is. */
export const readCircleFacts = action(schema.ofPatient, service.readCircleFacts);

/** Devices that the patient may add. */
export const listOffered = action(schema.ofPatient, offered);
