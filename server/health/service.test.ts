import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { GET } from '#app/api/health/route.ts';
import { openDatabase } from '../gateways/db/database.ts';
import { checkpoints } from '../gateways/db/schema/ledger.ts';
import type { Portal } from '../portal.ts';
import { World } from '../testing/world.ts';
import type { Component } from './schema.ts';
import { readHealth } from './service.ts';

let world: World;
/** A portal of its own for each test: what is known of one is kept for two seconds. */
let portal: Portal;

beforeAll(async () => {
  world = await World.start();
});
beforeEach(async () => {
  portal = { ...world.portal };
  await follow(new Date());
});
afterEach(() => {
  vi.restoreAllMocks();
  globalThis.medloomPortal = undefined;
});
afterAll(() => world?.stop());

/** The indexer's word on every channel, as of `heartbeatAt`. */
async function follow(heartbeatAt: Date, lagMs = 40): Promise<void> {
  await world.portal.db.delete(checkpoints);
  const rows = portal.ledger
    .channels()
    .map((channel) => ({ channel, nextBlock: 3, lagMs, following: true, heartbeatAt }));
  await world.portal.db.insert(checkpoints).values(rows);
}

const one = ({ components }: { components: Component[] }, name: string) =>
  components.find((component) => component.name === name);
const down = async (): Promise<string[]> =>
  (await readHealth(portal)).components.filter(({ state }) => state === 'down').map(({ name }) => name);

async function ask(): Promise<Response> {
  globalThis.medloomPortal = portal;
  return GET(new Request('http://localhost:3000/api/health'), { params: Promise.resolve({}) });
}

describe('health', () => {
  it('names every channel and every other part, with state and latency, and the lag of the indexer', async () => {
    const response = await ask();
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toBe('no-store');
    const up = (name: string) => ({ name, state: 'up', latencyMs: expect.any(Number) });
    expect(await response.json()).toEqual({
      state: 'up',
      components: [
        ...['ledger/registry', 'ledger/care-0', 'ledger/care-1'].map(up),
        ...['ipfs', 'ethereum', 'database', 'connector'].map(up),
        { ...up('indexer'), lagMs: 40 },
      ],
    });
  });

  it.each([
    ['ipfs', () => (world.ipfs.down = true), () => (world.ipfs.down = false)],
    ['ethereum', () => (world.ethereum.down = true), () => (world.ethereum.down = false)],
  ])('answers 503 and names what is down: %s', async (name, breakIt, mend) => {
    breakIt();
    const response = await ask();
    mend();
    expect(response.status).toBe(503);
    const health = await response.json();
    expect(health.state).toBe('down');
    expect(one(health, name)).toMatchObject({ state: 'down', latencyMs: expect.any(Number) });
    expect(health.components.filter(({ state }: Component) => state === 'down')).toHaveLength(1);
  });

  it('tells one channel that does not answer from the others', async () => {
    vi.spyOn(portal.ledger, 'answers').mockImplementation(async (channel) => channel !== 'care-1');
    expect(await down()).toEqual(['ledger/care-1']);
  });

  it('tells that the connector is down', async () => {
    vi.spyOn(world.connector, 'health').mockRejectedValue(new Error('refused'));
    expect(await down()).toEqual(['connector']);
  });

  it('tells that the database is down, and with it what the indexer did', async () => {
    const gone = openDatabase('postgres://medloom:x@127.0.0.1:9/medloom', () => undefined);
    portal = { ...portal, db: gone.db };
    expect(await down()).toEqual(['database', 'indexer']);
    await gone.close();
  });

  it('tells that nobody follows the ledgers any more', async () => {
    await follow(new Date(Date.now() - 60_000));
    expect(await down()).toEqual(['indexer']);
  });

  it('calls an indexer slow that lags, without calling the portal down', async () => {
    await follow(new Date(), 12_000);
    const health = await readHealth(portal);
    expect(one(health, 'indexer')).toMatchObject({ state: 'slow', lagMs: 12_000 });
    expect(health.state).toBe('up');
  });

  it('waits for nobody who does not answer', async () => {
    vi.spyOn(world.ipfs, 'health').mockReturnValue(new Promise(() => undefined));
    const health = await readHealth(portal);
    const ipfs = one(health, 'ipfs');
    expect(ipfs?.state).toBe('down');
    expect(ipfs?.latencyMs).toBeGreaterThan(1_000);
  });

  it('asks once for all who want to know at the same time', async () => {
    const asked = vi.spyOn(world.ipfs, 'health');
    const answers = await Promise.all([readHealth(portal), readHealth(portal), readHealth(portal)]);
    expect(new Set(answers).size).toBe(1);
    expect(asked).toHaveBeenCalledTimes(1);
  });
});
