import { expiresAt } from '#chaincode/model/trace.ts';
import type { Looked } from '#server/supply/schema.ts';

/** What a person is about to do with packs and cases. */
export type Use =
  | 'pack'
  | 'unpack'
  | 'ship'
  | 'return'
  | 'receive'
  | 'hold'
  | 'release'
  | 'decommission'
  | 'undo'
  | 'destroy'
  | 'steal';

/** Why something cannot be used so; the contract would refuse it, and would keep the refusal. */
export type Fault =
  | {
      why:
        | 'unknown'
        | 'notActive'
        | 'notHeld'
        | 'recalled'
        | 'expired'
        | 'notInCase'
        | 'notOut'
        | 'handedOver'
        | 'here'
        | 'toMaker';
    }
  | { why: 'otherHolder' | 'otherParty'; who: string }
  | { why: 'onTheWay'; to: string }
  | { why: 'inCase'; sscc: string };

/**
 * What forbids a use, as the ledgers have the thing now; null where nothing does. `own`: the institution that acts. The authority's
 * own hold, days that passed since a decommissioning and limits of nesting are left to the contract.
 */
export function faultOf(use: Use, looked: Looked, own: string, now: number): Fault | null {
  if (!looked.known) return { why: 'unknown' };
  if (use === 'receive') return faultOfReceipt(looked, own);
  if (looked.holder !== own) return { why: 'otherHolder', who: looked.holderName ?? looked.holder ?? '' };
  if (looked.shippedTo !== undefined) return { why: 'onTheWay', to: looked.shippedToName ?? looked.shippedTo };
  const [around] = looked.containers;
  if (use === 'unpack') return around === undefined ? { why: 'notInCase' } : null;
  if (around !== undefined) return { why: 'inCase', sscc: around };
  const usable = use === 'ship' || use === 'decommission';
  return faultOfState(use, looked) ?? (usable ? faultOfGoods(looked, now) : null);
}

function faultOfReceipt({ holder, shippedTo, shippedToName, containers }: Looked, own: string): Fault | null {
  const [around] = containers;
  if (around !== undefined) return { why: 'inCase', sscc: around };
  if (shippedTo === own) return null;
  if (shippedTo !== undefined) return { why: 'otherParty', who: shippedToName ?? shippedTo };
  return holder === own ? { why: 'here' } : { why: 'otherParty', who: '' };
}

const gone: readonly string[] = ['dispensed', 'stolen', 'destroyed'];

function faultOfState(use: Use, { state = 'active' }: Looked): Fault | null {
  if (use === 'undo') {
    if (state === 'dispensed') return { why: 'handedOver' };
    return state === 'decommissioned' ? null : { why: 'notOut' };
  }
  if (use === 'release') return state === 'quarantined' ? null : { why: 'notHeld' };
  if (use === 'return') return state === 'active' || state === 'quarantined' ? null : { why: 'notActive' };
  if (use === 'destroy' || use === 'steal') return gone.includes(state) ? { why: 'notActive' } : null;
  return state === 'active' ? null : { why: 'notActive' };
}

function faultOfGoods({ recalls, expiry }: Looked, now: number): Fault | null {
  if (recalls.length > 0) return { why: 'recalled' };
  return expiry !== undefined && expiresAt({ expiry }) <= now ? { why: 'expired' } : null;
}

/**
 * Whether something goes back to its maker only: what is recalled, expired or in quarantine. A case is left to the contract, which
 * knows all that is in it.
 */
export const toMakerOnly = ({ item, recalls, expiry, state }: Looked, now: number): boolean =>
  item.kind === 'pack' &&
  (recalls.length > 0 || state === 'quarantined' || (expiry !== undefined && expiresAt({ expiry }) <= now));
