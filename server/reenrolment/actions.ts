'use server';

import { action, publicAction } from '#server/action.ts';
import * as links from './links.ts';
import { keepNewKeys as keep, readLink as read } from './newKeys.ts';
import * as schema from './schema.ts';

/** Makes the link with which somebody who has lost password and phrase makes new keys; it is shown once. */
export const startReenrolment = action(schema.ofPerson, links.startReenrolment);

/** Forgets link and new keys that nobody has proposed. */
export const discardNewKeys = action(schema.ofPerson, links.discardNewKeys);

/** What a link for new keys says. */
export const readLink = publicAction(schema.claimLink, read);

/** Keeps the new keys beside the present account. */
export const keepNewKeys = publicAction(schema.newAccountKeys, keep);
