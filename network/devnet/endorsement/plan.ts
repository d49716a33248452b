import type { Channel } from '../channel/channel.ts';
import type { NamespaceInterest } from '../ledger/rwset.ts';
import { evaluatePolicy, type Policy } from '../policy/policy.ts';
import type { Peer } from './peer.ts';

/** No set of peers can endorse the transaction as it should be. */
export class PlanError extends Error {
  override name = 'PlanError';
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

/** What the transaction needs, from what its first simulation touched. */
export function requirementsOf(channel: Channel, chaincode: string, interests: readonly NamespaceInterest[]): Policy[] {
  const required = channel.policies.required(
    interests.map(({ namespace, publicWrites, collections }) => ({
      namespace,
      publicWrites,
      writtenCollections: collections.filter(({ written }) => written).map(({ name }) => name),
    })),
    chaincode,
  );
  if (typeof required === 'string') throw new PlanError(required);
  const namespaces = interests.filter(({ publicWrites, collections }) => !publicWrites && !collections.length);
  // A chaincode that was only read needs its own endorsers too: they vouch for what was read.
  for (const { namespace } of namespaces) {
    const policy = channel.policies.chaincode(namespace)?.endorsement;
    if (policy && !required.includes(policy)) required.push(policy);
  }
  return required;
}

/** The peers that may simulate a transaction which touches these collections. */
export function eligiblePeers(
  peers: readonly Peer[],
  channel: Channel,
  interests: readonly NamespaceInterest[],
  hasTransientData: boolean,
): { eligible: Peer[]; protectedCollections: string[]; unprotected: Peer[] } {
  const runs = (candidate: Peer) => interests.every(({ namespace }) => candidate.runs(channel, namespace));
  const isMember = (candidate: Peer, namespace: string, collection: string) =>
    channel.policies.isCollectionMember(namespace, collection, candidate.identity);
  const touched = interests.flatMap(({ namespace, collections }) =>
    collections.map((collection) => ({ namespace, ...collection })),
  );
  const unprotected = peers.filter(
    (candidate) =>
      runs(candidate) && touched.every(({ namespace, name, read }) => !read || isMember(candidate, namespace, name)),
  );
  const eligible = hasTransientData
    ? unprotected.filter((candidate) => touched.every(({ namespace, name }) => isMember(candidate, namespace, name)))
    : unprotected;
  const protectedCollections = touched.filter(({ read }) => !read).map(({ name }) => name);
  return { eligible, protectedCollections, unprotected };
}
