import { sql } from 'drizzle-orm';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import { channelHealth } from '../ledgers/service.ts';
import type { Actor } from '../people/schema.ts';
import type { ChainStatus, Component, Health } from './schema.ts';

const probeMs = 1_500;
/** Probes are shared by all who ask within this time. */
const freshMs = 2_000;
/** A lag beyond this is told as slow; with no bearing on whether the portal works. */
const slowLagMs = 10_000;

async function probe(name: string, work: () => Promise<unknown>): Promise<Component> {
  const startedAt = performance.now();
  const latency = () => Math.round((performance.now() - startedAt) * 10) / 10;
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('late')), probeMs + 250);
  });
  try {
    await Promise.race([work(), late]);
    return { name, state: 'up', latencyMs: latency() };
  } catch {
    return { name, state: 'down', latencyMs: latency() };
  } finally {
    clearTimeout(timer);
  }
}

async function measure(portal: Portal): Promise<Health> {
  const channels = portal.ledger.channels().map((channel) =>
    probe(`ledger/${channel}`, async () => {
      if (!(await portal.ledger.answers(channel, probeMs))) throw new Error('no answer');
    }),
  );
  const parts = await Promise.all([
    ...channels,
    probe('ipfs', () => portal.ipfs.health(probeMs)),
    probe('ethereum', () => portal.ethereum.blockNumber(probeMs)),
    probe('database', () => portal.db.execute(sql`select 1`)),
    probe('connector', () => portal.connector.health()),
    ...telemetry(portal),
    indexer(portal),
  ]);
  return { state: parts.some(({ state }) => state === 'down') ? 'down' : 'up', components: parts };
}

/** The gateway that devices speak to, where this deployment has one. */
function telemetry({ settings: { telemetryHealthUrl: url } }: Portal): Promise<Component>[] {
  if (url === undefined) return [];
  return [
    probe('telemetry', async () => {
      const response = await fetch(new URL('/health', url), { signal: AbortSignal.timeout(probeMs) });
      if (!response.ok) throw new Error(`status ${response.status}`);
    }),
  ];
}

async function indexer(portal: Portal): Promise<Component> {
  const startedAt = performance.now();
  try {
    const channels = await channelHealth(portal);
    const lagMs = Math.max(0, ...channels.map((channel) => channel.lagMs));
    const following = channels.every(({ answering }) => answering);
    const latencyMs = Math.round((performance.now() - startedAt) * 10) / 10;
    return { name: 'indexer', state: !following ? 'down' : lagMs > slowLagMs ? 'slow' : 'up', latencyMs, lagMs };
  } catch {
    return { name: 'indexer', state: 'down', latencyMs: 0 };
  }
}

const newest = new WeakMap<Portal, { at: number; health: Promise<Health> }>();

/** State and latency of every component. Cheap: bounded by deadlines and shared by all who ask within two seconds. */
export function readHealth(portal: Portal = thePortal()): Promise<Health> {
  const known = newest.get(portal);
  if (known !== undefined && Date.now() - known.at <= freshMs) return known.health;
  const health = measure(portal);
  newest.set(portal, { at: Date.now(), health });
  return health;
}

/** Which chains answer, and how fast; for everybody who is signed in. */
export async function readChainStatus(_actor: Actor, portal: Portal = thePortal()): Promise<ChainStatus> {
  const { components } = await readHealth(portal);
  const chains = components.flatMap(({ name, state, latencyMs }) => {
    const chain = name === 'ethereum' ? name : name.startsWith('ledger/') ? name.slice('ledger/'.length) : undefined;
    return chain === undefined ? [] : [{ name: chain, answering: state !== 'down', latencyMs }];
  });
  return { chains };
}
