import { peer } from '@hyperledger/fabric-protos';
import type { Channel } from '../channel/channel.ts';
import type { Signer } from '../policy/policy.ts';

/** A call of a system chaincode on one organisation's peer. */
export interface SystemCall {
  /** Whose peer it is. */
  mspId: string;
  /** The channels that the peer has joined, by name. */
  joined: ReadonlyMap<string, Channel>;
  /** The channel that the proposal names. */
  channel: Channel;
  /** Who signed the proposal. */
  caller: Signer;
  args: readonly Uint8Array[];
}

/** What a system chaincode answers instead of a result. */
export class SystemChaincodeError extends Error {
  override name = 'SystemChaincodeError';
  readonly status: number;

  constructor(message: string, status = 500) {
    super(message);
    this.status = status;
  }
}

/** An argument as text; empty where there is none. */
export function textOf(argument: Uint8Array | undefined): string {
  return Buffer.from(argument ?? []).toString();
}

/** Why a caller may not do what a policy of a channel guards on a peer, in Fabric's words; undefined where it may. */
export function denial({ joined, caller }: SystemCall, channel: string, path: string): string | undefined {
  const found = joined.get(channel);
  return found ? found.policies.accessRefusal(path, caller) : `Failed to get policy manager for channel [${channel}]`;
}

export function success(payload: Uint8Array): peer.Response {
  const response = new peer.Response();
  response.setStatus(200);
  response.setPayload(payload);
  return response;
}
