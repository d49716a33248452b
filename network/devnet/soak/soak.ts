import { setTimeout as delay } from 'node:timers/promises';
import { connectClient, type TestClient } from '../testing/client.ts';
import { TestNetwork } from '../testing/network.ts';
import { NodeProcess } from '../testing/nodeProcess.ts';
import { enrol } from '../testing/organisations.ts';
import { eventually } from '../testing/processes.ts';
import { Follower, replay } from './follower.ts';
import { Ledgers, sendAgain, work } from './load.ts';
import { prove } from './proof.ts';
import { randomFrom } from './random.ts';

const channels = ['one', 'two', 'three'];
const members = ['alpha', 'beta'] as const;
const workersEach = 2;

export interface SoakResult {
  kills: number;
  seed: number;
  /** Transactions reported as VALID, those sent again after a kill, and events, each of which came once. */
  reported: number;
  resubmitted: number;
  events: number;
  heights: Record<string, number>;
  seconds: number;
}

/**
 * Kills a node under load again and again and proves after each kill that nothing which it had reported as VALID is lost, doubled
 * or half there. The seed decides the moments, as far as a number of outcomes and a time can. Throws with the first thing lost.
 */
export async function soak(kills: number, seed: number, say: (text: string) => void): Promise<SoakResult> {
  const started = performance.now();
  const random = randomFrom(seed);
  const network = await TestNetwork.create(channels);
  const file = await network.writeConfig();
  const known = new Ledgers();
  const followers = channels.map((channel) => new Follower(channel));
  const credentials = await Promise.all(members.map((member) => enrol(network.organisations[member])));
  let node: NodeProcess | undefined;
  let clients: TestClient[] = [];
  const live = async () => {
    node = NodeProcess.launch(file);
    const { gateways } = await node.ready();
    clients = members.map((member, index) => {
      const { mspId, tlsCa } = network.organisations[member];
      const credential = credentials[index];
      if (!credential) throw new Error(`${member} has no client`);
      return connectClient({ address: gateways[mspId] ?? '', tlsCa, credential });
    });
    for (const { gateway } of clients)
      await eventually(() => gateway.getNetwork('one').getContract('probe').evaluateTransaction('get', 'x'), 60_000);
    const [first] = clients;
    if (!first) throw new Error('there is no client');
    for (const follower of followers) follower.follow(first.gateway);
    await sendAgain(first.gateway, known);
    return { node, gateway: first.gateway };
  };
  const die = async (signal: NodeJS.Signals) => {
    await node?.stop(signal);
    for (const client of clients) client.close();
    await Promise.all(followers.map((follower) => follower.ended()));
  };
  try {
    for (let kill = 1; kill <= kills; kill += 1) {
      await live();
      const load = clients.flatMap(({ gateway }, member) =>
        channels.flatMap((channel) =>
          Array.from({ length: workersEach }, (_, index) =>
            work(gateway, channel, `${members[member]}-${index}/${kill}`, known),
          ),
        ),
      );
      const ended = Promise.all(load);
      ended.catch(() => {}); // awaited below
      // Half of the times in the moment of an outcome, when one that was told too early is not on the disk yet.
      await Promise.race([ended, known.more(1 + Math.floor(random() * 60))]);
      if (random() < 0.5) await delay(random() * 60);
      await die('SIGKILL');
      await ended;
      const audits = await prove(network.config, known.reported.values());
      const heights = Object.entries(audits).map(([name, { height }]) => `${name} ${height}`);
      say(
        `kill ${kill} of ${kills}: ${known.reported.size} reported as VALID, all there; heights ${heights.join(', ')}`,
      );
    }
    const { gateway } = await live();
    let events = 0;
    for (const follower of followers) events += await proveEvents(gateway, follower, known);
    await die('SIGTERM');
    const audits = await prove(network.config, known.reported.values());
    return {
      kills,
      seed,
      reported: known.reported.size,
      resubmitted: known.resubmitted,
      events,
      heights: Object.fromEntries(Object.entries(audits).map(([name, { height }]) => [name, height])),
      seconds: Math.round((performance.now() - started) / 1000),
    };
  } finally {
    await die('SIGKILL');
    await network.close();
  }
}

/** The events that came over all lives, and those of a replay from the first block, must be the same, each once. */
async function proveEvents(gateway: TestClient['gateway'], follower: Follower, known: Ledgers): Promise<number> {
  const { channel, seen } = follower;
  const submitted = await gateway
    .getNetwork(channel)
    .getContract('probe')
    .submitAsync('count', { arguments: ['last'] });
  const last = submitted.getTransactionId();
  if (!(await submitted.getStatus()).successful) throw new Error(`the last count on ${channel} was not valid`);
  await eventually(async () => {
    if (!seen.includes(last)) throw new Error(`the last event of ${channel} did not come`);
  }, 60_000);
  const replayed = await replay(gateway, channel, last);
  if (new Set(replayed).size !== replayed.length) throw new Error(`channel ${channel}: a replay gave an event twice`);
  if (seen.join() !== replayed.join())
    throw new Error(
      `channel ${channel}: ${seen.length} events came from checkpoint to checkpoint, ${replayed.length} in a replay`,
    );
  for (const { txId, kind, channel: own } of known.reported.values())
    if (own === channel && kind === 'count' && !seen.includes(txId))
      throw new Error(`channel ${channel}: the event of ${txId} did not come`);
  return seen.length;
}
