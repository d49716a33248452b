'use server';

import { z } from 'zod';
import { action } from '#server/action.ts';
import { someSubjects } from '../records/schema.ts';
import * as schema from './schema.ts';
import * as service from './service.ts';

/** Clinicians and institutions that a patient may let read, by the beginnings of their names. */
export const findGrantees = action(schema.findGrantees, service.findGrantees);

/** Those whom consents and requests name, by their ids. */
export const granteesOf = action(someSubjects, service.granteesOf);

/** The requests that a clinician has made. */
export const listOwnRequests = action(z.undefined(), service.listOwnRequests);

/** Names of practitioners and institutions by their ids. */
export const namesOf = action(someSubjects, service.namesOf);
