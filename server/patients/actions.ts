'use server';

import { z } from 'zod';
import { action } from '#server/action.ts';
import { whichRecord } from '../records/schema.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

/** Who acts for one, and for whom one acts. */
export const representationsOf = action(z.undefined(), service.representationsOf);

/** Who acts or acted for a patient, also for who acts for the patient. */
export const representativesOf = action(whichRecord, service.representativesOf);

/** Representations that the admin's institution has recorded. */
export const representationsByInstitution = action(z.undefined(), service.representationsByInstitution);

/** Somebody who could act for a patient, by exact identifier and birth date. */
export const findRepresentative = action(schema.findRepresentative, service.findRepresentative);

/** New keys that are proposed for patients. */
export const listReenrolments = action(z.undefined(), service.listReenrolments);
