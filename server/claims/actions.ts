'use server';

import { action } from '#server/action.ts';
import * as billing from './billing.ts';
import * as members from './members.ts';
import { keepNote, memberRead, memberSaying, someDispense } from './schema.ts';

/** Brings what a member of an insurance has signed; may be said again. */
export const sayAsMember = action(memberSaying, members.sayAsMember);

/** The data key of a policy's details, a claim or a card, wrapped for the member. */
export const readAsMember = action(memberRead, members.readAsMember);

/** Keeps what a pharmacy needs of a hand-over to bill it later; it is sealed for the pharmacy. */
export const keepBillingNote = action(keepNote, billing.keepBillingNote);

/** Forgets it. */
export const dropBillingNote = action(someDispense, billing.dropBillingNote);
