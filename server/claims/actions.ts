'use server';

import { action } from '#server/action.ts';
import * as billing from './billing.ts';
import * as cases from './case.ts';
import * as coPay from './coPay.ts';
import * as eligibility from './eligibility.ts';
import * as members from './members.ts';
import * as readers from './readers.ts';
import {
  claimFilter,
  coPayAsked,
  coPayPermit,
  eligibilityQuestion,
  keepNote,
  listPage,
  memberRead,
  memberSaying,
  pastAsked,
  someClaim,
  someDispense,
  someInsurer,
} from './schema.ts';
import * as service from './service.ts';
import * as share from './share.ts';

/** Brings what a member of an insurance has signed; may be said again. */
export const sayAsMember = action(memberSaying, members.sayAsMember);

/** The data key of a policy's details, a claim or a card, wrapped for the member. */
export const readAsMember = action(memberRead, members.readAsMember);

/** To whom at an insurer something is sealed, with what proves the keys. */
export const insurerReaders = action(someInsurer, readers.insurerReaders);

/** Keeps what a pharmacy needs of a hand-over to bill it later; it is sealed for the pharmacy. */
export const keepBillingNote = action(keepNote, billing.keepBillingNote);

/** Forgets it. */
export const dropBillingNote = action(someDispense, billing.dropBillingNote);

/** Passes a sealed question on to the insurer's adjudicator, and its sealed answer back. */
export const askEligibility = action(eligibilityQuestion, eligibility.askEligibility);

/** Decided claims of a plan, for an insurer to try another version on. */
export const readPastClaims = action(pastAsked, cases.pastClaims);

/** What is left of the patient's share of a bill, and what the address that would pay has. */
export const coPayTerms = action(coPayAsked, coPay.coPayTerms);

/** Brings a patient's permit for a bill to Ethereum. */
export const payCoPay = action(coPayPermit, coPay.payCoPay);

/** The insurer's quote for a claim, by which a wallet of its staff pays the share or proposes to. */
export const shareTerms = action(someClaim, share.shareTerms);

/** Further pages of lists whose first one comes with the screen. */
export const moreClaims = action(claimFilter, service.listClaims);
export const moreOwnClaims = action(listPage, service.ownClaims);
export const morePolicies = action(listPage, service.listPolicies);
export const moreCards = action(listPage, service.listCards);
