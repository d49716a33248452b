import { type Assertion, assertionTransientField } from '#chaincode/model/secondFactor.ts';
import { canonicalJson } from '#chaincode/model/state.ts';
import type { Role } from '../people/schema.ts';

/** What a person may ask a ledger to do is of a kind; each domain describes its own, for both sides. */

/** A call of a contract. */
export interface LedgerCall {
  channel: string;
  contract: string;
  function: string;
  args: string[];
  transient: Record<string, Uint8Array>;
}

export const sagaSteps = ['store', 'sign', 'mint', 'attest', 'publish', 'grant'] as const;
export type SagaStepName = (typeof sagaSteps)[number];

/** Whether the ledger demands a second factor of a call: always, only of somebody who has one registered, or never. */
export type SecondFactorNeed = 'always' | 'ifRegistered' | 'never';

/** Everything about a kind that follows from an intent alone. */
export interface KindOf<Intent> {
  /** The ledger call that the intent means: the server prepares it, the page checks that it signs just that. */
  call(intent: Intent): LedgerCall;
  /** The prescription, record or person that it is about; of one subject, one transaction of a person is open at a time. */
  subject(intent: Intent): string;
  /** What makes a repeated attempt of a person the same flow, where that is not the subject. */
  business?(intent: Intent): string;
  /** What of it may be kept: nothing that opens or redeems anything, and nothing that the ledger keeps private. */
  kept(intent: Intent): object;
  /** In the order in which a person sees them. */
  steps: readonly SagaStepName[];
  /** It has or touches private data: only the organisations that may hold it endorse. */
  secret?: true;
  /** What the contract demands of it; `never` where this is left out. Its intent then has an optional `assertion`. */
  secondFactor?(intent: Intent): SecondFactorNeed;
  /**
   * Whether a flow that was never signed waits for its person and is shown. Others are simply asked for again: nothing of
   * them is kept for longer than an hour.
   */
  waits?: true;
}

/** The kinds of a domain, by the name that is the intent's `kind`. */
export type Kinds<Intent extends { kind: string }> = {
  [Kind in Intent['kind']]: KindOf<Extract<Intent, { kind: Kind }>>;
};

const encoder = new TextEncoder();

/**
 * What a domain lets people ask of a contract by an evaluation, by the name of the function, which is the intent's `kind`.
 * Only the person's own key may ask; the answer passes through and is kept nowhere.
 */
export type Reads<Intent extends { kind: string }> = {
  [Kind in Intent['kind']]: ReadOf<Extract<Intent, { kind: Kind }>>;
};
export interface ReadOf<Intent> {
  contract: 'care' | 'registry' | 'claims';
  /** The contract judges again, by the exact key. */
  roles: readonly Role[];
  call(intent: Intent): LedgerCall;
}

/** An argument of JSON, the same on both sides whatever the order of its members. */
export const jsonArgument = canonicalJson;
/** A transient field of JSON, likewise. */
export const jsonField = (value: unknown): Uint8Array => encoder.encode(canonicalJson(value));

/** A call of the chaincode of a care channel, which the number in any id of it names. */
export function careCall(
  id: string,
  name: string,
  args: string[],
  transient: Record<string, Uint8Array> = {},
): LedgerCall {
  return { channel: `care-${id.split('-')[1]}`, contract: 'care', function: name, args, transient };
}

/** A call of the registry. */
export function registryCall(name: string, args: string[], transient: Record<string, Uint8Array> = {}): LedgerCall {
  return { channel: 'registry', contract: 'registry', function: name, args, transient };
}

/** The call with the second factor that confirms it; the factor's challenge is over the call without it. */
export function confirmed(call: LedgerCall, assertion: Assertion | undefined): LedgerCall {
  if (assertion === undefined) return call;
  return { ...call, transient: { ...call.transient, [assertionTransientField]: jsonField(assertion) } };
}
