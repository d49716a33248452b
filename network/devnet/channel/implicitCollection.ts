import type { Policy } from '../policy/policy.ts';
import type { Collection } from './policies.ts';

const prefix = '_implicit_org_';

/** The organisation whose implicit collection has this name; undefined for a name of another kind. */
export function implicitOwner(collection: string): string | undefined {
  return collection.startsWith(prefix) ? collection.slice(prefix.length) : undefined;
}

/** The collection that each organisation of a channel has in every chaincode without a definition; it endorses it itself. */
export function implicitCollection(mspId: string, endorsement: Policy): Collection {
  const policy = `OR('${mspId}.member')`;
  return {
    name: `${prefix}${mspId}`,
    policy,
    requiredPeerCount: 0,
    maxPeerCount: 1,
    blockToLive: 0,
    memberOnlyRead: false,
    memberOnlyWrite: false,
    membership: { kind: 'principal', mspId, role: 'member' },
    endorsement,
  };
}
