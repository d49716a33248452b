'use server';

import { action } from '#server/action.ts';
import * as schema from './schema.ts';
import * as systems from './systems.ts';

/** Prepares a partner's system, and answers the registration that the admin signs. */
export const startSystem = action(schema.newPartnerSystem, systems.startSystem);

/** Makes a token of a system; it is shown this once. */
export const makeToken = action(schema.newPartnerToken, systems.makeToken);

/** Revokes a token at once. */
export const revokeToken = action(schema.ofPartnerToken, systems.revokeToken);
