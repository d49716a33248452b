import type { Insured } from '#crypto/claim/details.ts';
import { asAppError } from '#server/errors.ts';
import type { Actor } from '../people/schema.ts';
import * as billing from './billing.ts';
import * as cases from './case.ts';
import * as figures from './figures.ts';
import * as insured from './insured.ts';
import * as payments from './payouts.ts';
import * as queue from './queue.ts';
import * as receivable from './receivables.ts';
import {
  type BillingNoteView,
  type CardView,
  type ClaimCase,
  type ClaimFigures,
  type ClaimFilter,
  type ClaimPayouts,
  type ClaimQueue,
  type ClaimView,
  claimFilter,
  type FiguresAsked,
  type InsuranceView,
  type Listed,
  type PlanView,
  type PolicyView,
  type ProviderView,
  type QueueAsked,
  type Receivables,
  someClaim,
  type Takings,
} from './schema.ts';
import * as service from './service.ts';
import * as taken from './takings.ts';

/** Plans of all insurers, with their versions. */
export function listPlans(actor: Actor): Promise<PlanView[]> {
  return service.listPlans(actor);
}

/** A page of the claims of the actor's insurer or provider, newest first. */
export function listClaims(actor: Actor, filter: ClaimFilter = {}): Promise<Listed<ClaimView>> {
  return service.listClaims(actor, claimFilter.parse(filter));
}

/** A claim that an address names; undefined where it names none of the actor's. */
export async function findOwnClaim(actor: Actor, id: unknown): Promise<ClaimView | undefined> {
  const asked = someClaim.safeParse({ id });
  return asked.success ? unlessNone(service.openClaim(actor, asked.data)) : undefined;
}

async function unlessNone<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (asAppError(error).code === 'NOT_FOUND') return undefined;
    throw error;
  }
}

/** The first page of the insurer's policies, applications first. */
export function listPolicies(actor: Actor): Promise<Listed<PolicyView>> {
  return service.listPolicies(actor, { page: 1 });
}

/** The first page of what members let the actor's institution bill, in force now. */
export function listCards(actor: Actor): Promise<Listed<CardView>> {
  return service.listCards(actor, { page: 1 });
}

/** The patient's own policies, who may bill, and what was billed last. */
export function ownInsurance(actor: Actor): Promise<InsuranceView> {
  return service.ownInsurance(actor);
}

/** A page of the insurer's claims, and how many there are in each state. */
export function claimQueue(actor: Actor, asked: QueueAsked): Promise<ClaimQueue> {
  return queue.claimQueue(actor, asked);
}

/** A claim with what the insurer's staff decide it by; undefined where there is none for the actor. */
export async function findClaimCase(actor: Actor, id: string): Promise<ClaimCase | undefined> {
  const asked = someClaim.safeParse({ id });
  return asked.success ? unlessNone(cases.claimCase(actor, asked.data)) : undefined;
}

/** How the insurer's claims of the last weeks went. */
export function claimFigures(actor: Actor, asked: FiguresAsked): Promise<ClaimFigures> {
  return figures.claimFigures(actor, asked);
}

/** Hand-overs of the actor's pharmacy that are not billed yet. */
export function listBillingNotes(actor: Actor): Promise<BillingNoteView[]> {
  return billing.listBillingNotes(actor);
}

/** Who the patient is, as prescriptions say it. */
export function insuredAs(actor: Actor): Promise<Insured> {
  return insured.insuredAs(actor);
}

/** Institutions that a patient may let bill. */
export function listProviders(actor: Actor): Promise<ProviderView[]> {
  return insured.listProviders(actor);
}

/** What insurers and patients owe the actor's institution. */
export function receivables(actor: Actor): Promise<Receivables> {
  return receivable.receivables(actor);
}

/** What the insurer owes, what is on its way, what was paid last, and its account. */
export function payouts(actor: Actor): Promise<ClaimPayouts> {
  return payments.payouts(actor);
}

/** What the actor's institution can take out on Ethereum, and has to give back; null where the chain does not answer. */
export function takings(actor: Actor): Promise<Takings | null> {
  return taken.takings(actor);
}
