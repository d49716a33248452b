import type { FabricNode } from './nodes.ts';

const lookEveryMs = 200;

/** A metric of a node by channel, from its operations endpoint; empty where the node does not answer. */
export async function metricByChannel(node: FabricNode, metric: string): Promise<Map<string, number>> {
  const text = await fetch(`http://${node.operations}/metrics`, { signal: AbortSignal.timeout(5_000) })
    .then((response) => response.text())
    .catch(() => '');
  const found = text.matchAll(new RegExp(`^${metric}\\{channel="([^"]+)"\\} (\\S+)$`, 'gm'));
  return new Map([...found].map(([, channel = '', value]) => [channel, Number(value)]));
}

/** Waits until each of the channels has a leader among the orderers, without which nothing is ordered. */
export async function waitForLeaders(
  orderers: readonly FabricNode[],
  channels: readonly string[],
  signal?: AbortSignal,
): Promise<void> {
  await waitUntil(
    async () => {
      const led = await Promise.all(orderers.map((node) => metricByChannel(node, 'consensus_etcdraft_is_leader')));
      return channels.filter((name) => !led.some((leads) => leads.get(name) === 1));
    },
    (missing) => `no orderer leads ${missing.join(', ')}`,
    signal,
  );
}

/** Waits until every peer knows the others of its channels, which it asks to endorse. */
export async function waitForMembers(
  peers: readonly FabricNode[],
  channels: readonly { name: string; organisations: readonly string[] }[],
  signal?: AbortSignal,
): Promise<void> {
  await waitUntil(
    async () => {
      const lonely = await Promise.all(
        peers.map(async (peer) => {
          const known = await metricByChannel(peer, 'gossip_membership_total_peers_known');
          const own = channels.filter(({ organisations }) => organisations.includes(peer.mspId));
          const knowsAll = own.every(({ name, organisations }) => (known.get(name) ?? 0) >= organisations.length - 1);
          return knowsAll ? [] : [peer.name];
        }),
      );
      return lonely.flat();
    },
    (missing) => `${missing.join(', ')} found no others`,
    signal,
  );
}

async function waitUntil(
  look: () => Promise<string[]>,
  say: (missing: string[]) => string,
  signal?: AbortSignal,
): Promise<void> {
  const deadline = Date.now() + 120_000;
  for (;;) {
    signal?.throwIfAborted();
    const missing = await look();
    if (missing.length === 0) return;
    if (Date.now() > deadline) throw new Error(`Fabric did not become ready: ${say(missing)}.`);
    await new Promise((resolve) => setTimeout(resolve, lookEveryMs));
  }
}
