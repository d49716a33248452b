'use server';

import { action } from '#server/action.ts';
import * as members from './members.ts';
import { memberRead, memberSaying } from './schema.ts';

/** Brings what a member of an insurance has signed; may be said again. */
export const sayAsMember = action(memberSaying, members.sayAsMember);

/** The data key of a policy's details, a claim or a card, wrapped for the member. */
export const readAsMember = action(memberRead, members.readAsMember);
