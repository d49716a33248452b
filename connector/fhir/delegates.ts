import { type Delegation, delegationTransientField, impliedReads } from '#chaincode/model/delegation.ts';
import type { ActingConnection, EndorsingConnection } from '../ledger/connection.ts';
import { retryLedger } from '../ledger/retry.ts';
import { careChannelOf } from '../registrar/recordKeys.ts';
import { delegationsOf } from '../registrar/registryLists.ts';
import { refuse } from './refusal.ts';

/** Organisations that may see the secrets of a prescription, where nothing else is said. */
const secretHolders = ['HospitalMSP', 'PharmacyMSP'];

/** A call of `prescriptions` in the name of a practitioner. */
export interface DelegatedCall {
  /** `prac-…` */
  practitioner: string;
  function: string;
  /** The first is an id of the care channel, or JSON with one. */
  args: readonly [id: string, ...string[]];
  transient?: Record<string, Uint8Array>;
  /** Its transient data is for the holders of secrets alone. */
  secret?: true;
}

/** What this connector signs for those who have let it. */
export interface Delegates {
  submit(call: DelegatedCall): Promise<void>;
  evaluate(call: DelegatedCall): Promise<unknown>;
  /** The device's own connection, for what it signs in its own name. */
  own: EndorsingConnection;
}

/** @param holders organisations that may see secrets. */
export function createDelegates(ledger: ActingConnection, device: string, holders = secretHolders): Delegates {
  const callOf = async (call: DelegatedCall, now = new Date()) => {
    const delegation = await delegationFor(ledger, device, call, now);
    const transient = { ...call.transient, [delegationTransientField]: Buffer.from(delegation.id) };
    return {
      ...{ channel: careChannelOf(channelIdOf(call)), contract: 'care', function: call.function, args: [...call.args] },
      transient,
      ...(call.secret && { organisations: holders }),
    };
  };
  return {
    own: ledger,
    submit: async (call) => {
      const prepared = await callOf(call);
      await retryLedger(async () => {
        const endorsed = await ledger.endorse(prepared);
        await endorsed.submit();
      });
    },
    evaluate: async (call) => JSON.parse(await ledger.evaluate(await callOf(call))),
  };
}

/** The id by which a call names its channel; an issue has it inside of its argument. */
function channelIdOf({ function: name, args: [first] }: DelegatedCall): string {
  if (name !== 'issue' && name !== 'askRenewal') return first;
  const said: unknown = JSON.parse(first);
  const id = typeof said === 'object' && said !== null ? Reflect.get(said, 'id') : undefined;
  return typeof id === 'string' ? id : '';
}

export const isInForce = ({ status, until }: Delegation, now: Date): boolean =>
  status === 'active' && Date.parse(until) > now.getTime();

/** What lets this device sign a function for a practitioner; the ledger judges again. Refuses with 403 where nothing does. */
async function delegationFor(
  ledger: Pick<ActingConnection, 'evaluate'>,
  device: string,
  { practitioner, function: name }: DelegatedCall,
  now: Date,
): Promise<Delegation> {
  for await (const delegation of delegationsOf(ledger, device)) {
    const functions: readonly string[] = delegation.functions;
    if (
      isInForce(delegation, now) &&
      delegation.practitioner === practitioner &&
      functions.includes(impliedReads[name] ?? name)
    ) {
      return delegation;
    }
  }
  throw refuse(403, 'forbidden', `${practitioner} has not delegated ${name} to this connector`);
}
