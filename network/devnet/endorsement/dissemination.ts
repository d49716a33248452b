import type { ChannelPolicies } from '../channel/policies.ts';

/**
 * Why a peer may not endorse what it has simulated: a collection asks for more of the other members' peers than there are.
 * A peer of Fabric sends the private values to them before it signs; here the one store has them.
 */
export function disseminationFault(
  policies: ChannelPolicies,
  endorser: string,
  written: readonly { namespace: string; collection: string }[],
): string | undefined {
  for (const { namespace, collection } of written) {
    const required = policies.collection(namespace, collection).requiredPeerCount;
    const known = policies.organisations.filter(
      (mspId) => mspId !== endorser && policies.isCollectionMember(namespace, collection, { mspId, role: 'peer' }),
    ).length;
    if (known < required)
      return (
        `could not build private data dissemination plan for chaincode ${namespace} and collection ${collection}: ` +
        `required to disseminate to at least ${required} peers, but know of only ${known} eligible peers`
      );
  }
  return undefined;
}
