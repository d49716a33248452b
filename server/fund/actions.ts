'use server';

import { action } from '#server/action.ts';
import { assistanceAsked, assistanceRefused, someRequest } from './schema.ts';
import * as service from './service.ts';

/** Asks for help with what is open of a bill; may be said again. */
export const askAssistance = action(assistanceAsked, service.askAssistance);

/** Grants help within the fund's rules and has it paid; may be said again. */
export const grantAssistance = action(someRequest, service.grantAssistance);

/** Refuses help, with a reason. */
export const refuseAssistance = action(assistanceRefused, service.refuseAssistance);
