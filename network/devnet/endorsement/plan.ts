import type { ChaincodeCall } from '../chaincode/interest.ts';
import type { Channel } from '../channel/channel.ts';
import { evaluatePolicy, type Policy } from '../policy/policy.ts';
import type { Peer } from './peer.ts';

/** No set of peers can endorse the transaction as it should be. */
export class PlanError extends Error {
  override name = 'PlanError';

  constructor(reason: string) {
    super(`no combination of peers can be derived which satisfy the endorsement policy: ${reason}`);
  }
}

/** Chooses the smallest set of peers that satisfies all policies: those that signed first, then the preferred order. */
export function chooseEndorsers(
  candidates: readonly Peer[],
  policies: readonly Policy[],
  signed: ReadonlySet<string>,
): Peer[] | undefined {
  const ordered = [...candidates].sort((a, b) => Number(signed.has(b.mspId)) - Number(signed.has(a.mspId)));
  const satisfied = (chosen: readonly Peer[]) =>
    policies.every((policy) =>
      evaluatePolicy(
        policy,
        chosen.map((candidate) => candidate.identity),
      ),
    );
  for (let size = 1; size <= ordered.length; size += 1)
    for (const chosen of combinations(ordered, size)) if (satisfied(chosen)) return chosen;
  return undefined;
}

/** Combinations of a size, those with the first elements first. */
function* combinations<Element>(elements: readonly Element[], size: number, from = 0): Generator<Element[]> {
  if (size === 0) {
    yield [];
    return;
  }
  for (let at = from; at <= elements.length - size; at += 1)
    for (const rest of combinations(elements, size - 1, at + 1)) yield [elements[at] as Element, ...rest];
}

/** The policies that the endorsers must satisfy together (Fabric's discovery/endorsement). Throws PlanError. */
export function requirementsOf(channel: Channel, calls: readonly ChaincodeCall[]): Policy[] {
  const required = new Set<Policy>();
  for (const { chaincode, collection, keyPolicies, disregardsChaincode } of calls) {
    const definition = channel.policies.chaincode(chaincode);
    if (!definition) throw new PlanError(`No metadata was found for chaincode ${chaincode} in channel ${channel.name}`);
    for (const policy of keyPolicies) required.add(policy);
    const own =
      collection === undefined ? undefined : channel.policies.findCollection(chaincode, collection)?.endorsement;
    if (!disregardsChaincode) required.add(own ?? definition.endorsement);
  }
  return [...required];
}

/**
 * The peers that may simulate a transaction with these calls. Only members' peers can read private values, and only they
 * are sent transient data: those who could simulate it without that are the `unprotected`.
 */
export function eligiblePeers(
  peers: readonly Peer[],
  channel: Channel,
  calls: readonly ChaincodeCall[],
  hasTransientData: boolean,
): { eligible: Peer[]; unprotected: Peer[]; protectedCollections: string[] } {
  const runs = (candidate: Peer) => calls.every(({ chaincode }) => candidate.runs(channel, chaincode));
  const isMember = (candidate: Peer, { chaincode, collection }: ChaincodeCall) =>
    collection === undefined || channel.policies.isCollectionMember(chaincode, collection, candidate.identity);
  const unprotected = peers.filter(
    (candidate) => runs(candidate) && calls.every((call) => !call.readsPrivate || isMember(candidate, call)),
  );
  const eligible = hasTransientData
    ? unprotected.filter((candidate) => calls.every((call) => isMember(candidate, call)))
    : unprotected;
  const protectedCollections = calls.flatMap(({ collection, readsPrivate }) =>
    collection !== undefined && !readsPrivate ? [collection] : [],
  );
  return { eligible, unprotected, protectedCollections };
}
