import { describe, expect, it } from 'vitest';
import { type Country, germany, needsOf } from './country.ts';
import { blockWait, fitCost, latency, type Station, saturation, stretch, utilisation, workAlone } from './model.ts';
import { checkModel } from './modelCheck.ts';
import type { LedgerFigures, RoundFigures } from './results.ts';

const station = (name: string, servers: number, perTxMs: number, idleMs = 0): Station => ({
  ...{ name, servers, cost: { idleMs, perTxMs } },
});
const batching = { batchTimeoutMs: 100, maxMessageCount: 500 };

describe('costs', () => {
  it('are the straight line through the measurements', () => {
    expect(fitCost([10, 20, 30].map((tps) => ({ tps, cpuMs: 50 + 4 * tps })))).toEqual({ idleMs: 50, perTxMs: 4 });
    expect(() => fitCost([{ tps: 1, cpuMs: 1 }])).toThrow('two loads');
    expect(() => fitCost([1, 2].map((cpuMs) => ({ tps: 5, cpuMs })))).toThrow('a single load');
  });

  it('use up the cores together, or a single thread before', () => {
    const cores = station('cores', 2, 8, 400);
    expect(utilisation(cores, 100)).toBeCloseTo(0.6);
    expect(saturation([cores, station('node', 1, 3)])).toEqual({ tps: 200, bottleneck: 'cores' });
    expect(saturation([cores, station('node', 1, 10)])).toEqual({ tps: 100, bottleneck: 'node' });
    expect(() => saturation([])).toThrow('No station');
  });
});

describe('queueing', () => {
  it('is M/M/1 for one server and M/M/2 for two', () => {
    expect(stretch([station('one', 1, 5)], 100)).toBeCloseTo(2);
    // M/M/2: R/S = 1/(1-ρ²), Kleinrock vol. 1, with ρ = 0.5.
    expect(stretch([station('two', 2, 10)], 100)).toBeCloseTo(1 / 0.75);
    expect(stretch([station('one', 1, 5)], 200)).toBe(Number.POSITIVE_INFINITY);
    expect(stretch([station('one', 1, 5), station('two', 2, 10)], 100)).toBeCloseTo(2);
  });

  it('agrees with a simulated M/M/2 queue', () => {
    // A linear congruential generator, so that the test is the same every time.
    let seed = 1;
    const random = () => {
      seed = (seed * 48_271) % 2_147_483_647;
      return seed / 2_147_483_647;
    };
    const exponential = (mean: number) => -Math.log(1 - random()) * mean;
    const free = [0, 0];
    let [clock, total] = [0, 0];
    const count = 200_000;
    for (let index = 0; index < count; index += 1) {
      clock += exponential(10);
      const server = (free[0] ?? 0) <= (free[1] ?? 0) ? 0 : 1;
      const start = Math.max(clock, free[server] ?? 0);
      free[server] = start + exponential(14);
      total += (free[server] ?? 0) - clock;
    }
    expect(total / count).toBeCloseTo(14 * stretch([station('two', 2, 14)], 100), 0);
  });
});

describe('the wait for a block', () => {
  it('is the whole time-out for a lonely transaction, and half of it for many', () => {
    expect(blockWait(0.001, batching).meanMs).toBeCloseTo(100, 1);
    expect(blockWait(4_000, batching).meanMs).toBeCloseTo(50, 0);
    expect(blockWait(10, batching).meanMs).toBeCloseTo(75);
  });

  it('ends when the block is full', () => {
    const full = blockWait(10_000, { batchTimeoutMs: 1_000, maxMessageCount: 101 });
    expect([full.meanMs, full.at(0.5), full.at(1)]).toEqual([5, 5, 10]);
  });

  it('has the whole time-out in its upper shares', () => {
    const { at } = blockWait(10, batching);
    expect([at(0.25), at(0.5), at(0.95)]).toEqual([50, 100, 100]);
  });

  it('is longer where a load is spread over more chains', () => {
    const at = (chains: number) => latency([station('cores', 2, 5)], batching, 20, { tps: 80, chains }).meanMs;
    expect(at(4)).toBeGreaterThan(at(1));
  });
});

it('gives back the latency that its constant was taken from', () => {
  const stations = [station('cores', 2, 8), station('node', 1, 3)];
  const load = { tps: 60, chains: 4 };
  const alone = workAlone(stations, batching, load, 130);
  expect(latency(stations, batching, alone, load).meanMs).toBeCloseTo(130);
  expect(workAlone(stations, batching, load, 1)).toBe(0);
});

it('is checked against measurements: a ledger that behaves as the model is predicted without error', () => {
  const stations = [station('cores', 2, 8, 100), station('node', 1, 3), station('client', 1, 4)];
  const round = (chains: number, tps: number, purpose: 'curve' | 'saturation'): RoundFigures => {
    const told = latency(stations, batching, 25, { tps: Math.min(tps, 230), chains });
    return {
      ...{ label: purpose === 'curve' ? `curve-${tps}` : purpose, purpose, load: { perSecond: tps } },
      ...{ sent: 1, failed: 0, tps, ...told, coresBusy: (100 + 8 * tps) / 1_000 },
      ...{ cpuMsPerTx: { node: 3, client: 4 }, rssMb: {}, socketBytesPerTx: {} },
    };
  };
  const figures: LedgerFigures = {
    ledger: 'devnet',
    networks: [1, 4].map((chains) => ({
      ...{ chains, notes: [] },
      rounds: [...[40, 90, 140, 190].map((tps) => round(chains, tps, 'curve')), round(chains, 237.5, 'saturation')],
    })),
  };
  const checks = checkModel(figures, {
    machine: { processor: 'p', cores: 2, memoryGb: 8, node: '24', system: 'linux' },
    options: { seconds: 10, offered: 20, unfinished: 64, ...batching },
  });
  expect(checks.map(({ chains }) => chains)).toEqual([1, 4]);
  for (const { saturation: full, points } of checks) {
    expect(full.bottleneck).toBe('cores');
    expect(full.predicted).toBeCloseTo(full.measured, 6);
    for (const { measured, predicted } of points) {
      expect(predicted.meanMs).toBeCloseTo(measured.meanMs, 6);
      expect(predicted.p95Ms).toBeCloseTo(measured.p95Ms, 6);
    }
  }
  expect(
    checkModel(
      { ledger: 'devnet', networks: [] },
      {
        machine: { processor: 'p', cores: 2, memoryGb: 8, node: '24', system: 'l' },
        options: { seconds: 1, offered: 1, unfinished: 1, ...batching },
      },
    ),
  ).toEqual([]);
});

describe('a country', () => {
  const costs = {
    chainTps: 100,
    committingPeerMs: 2,
    endorsingPeerMs: 4,
    ordererMs: 1,
    blockBytes: 6_000,
    privateBytes: 4_000,
  };
  const small: Country = {
    ...germany,
    ...{ name: 'small', population: 365_000, peakDayFactor: 2, peakHourShare: 0.1, targetUtilisation: 0.5 },
    events: [{ name: 'all', chain: 'care', perHeadYear: 10, transactions: 9, source: 'test' }],
    ...{ peersPerChain: 4, endorsements: 2, orderersPerSet: 3, coresPerMachine: 2 },
  };

  it('needs as many chains as its busiest hour fills to the target', () => {
    // 90,000 transactions a day, 18,000 in the busiest hour: 5 a second, against 50 that a chain should take.
    const needs = needsOf(small, costs);
    expect(needs).toMatchObject({ transactionsPerDay: 90_000, peakTps: 5, chains: 1, peers: 4, orderers: 3 });
    expect(needs.coresPerPeer).toBeCloseTo((5 * 3) / 1_000);
    expect(needs.bytesPerYear).toBe(90_000 * 365 * 10_000);
    const tenfold = needsOf({ ...small, population: 365_000 * 25 }, costs);
    expect(tenfold).toMatchObject({ peakTps: 125, chains: 3, peers: 12 });
    const [care] = tenfold.kinds;
    expect(care?.bytesPerPeerYear).toBeCloseTo(tenfold.bytesPerYear / 3);
    expect(care?.peerBytesPerSecond).toBeCloseTo((125 * 10_000) / 3);
  });

  it('needs nothing for what nobody does', () => {
    const needs = needsOf({ ...small, events: [] }, costs);
    expect(needs).toMatchObject({ chains: 0, peers: 0, peakTps: 0, orderers: 0, coresPerPeer: 0, bytesPerYear: 0 });
  });

  it('of 80 million is worked out for every kind of chain', () => {
    const { kinds } = needsOf(germany, costs);
    expect(kinds.map(({ chain }) => chain)).toEqual(['care', 'supply', 'claims']);
    expect(kinds.every(({ chains }) => chains > 0)).toBe(true);
  });
});
