import { expect, it } from 'vitest';
import type { DeliveredBlock } from './delivered.ts';
import { parseOptions } from './options.ts';
import { type LedgerFigures, ofKind, type Results, type RoundFigures } from './results.ts';
import { roundFigures } from './roundFigures.ts';
import { curveOf, roundsOf } from './rounds.ts';
import { summarise } from './summary.ts';
import type { Use } from './usage.ts';

const figures = (label: string, change: Partial<RoundFigures>): RoundFigures => ({
  ...{ label, purpose: 'fixed', load: { perSecond: 80 }, sent: 800, failed: 0, tps: 80 },
  ...{ meanMs: 100, p50Ms: 90, p95Ms: 150, coresBusy: 1.2, socketBytesPerTx: {} },
  cpuMsPerTx: { node: 3, 'chaincode HospitalMSP': 1, client: 4 },
  rssMb: { node: 200, 'chaincode HospitalMSP': 100, client: 300 },
  ...change,
});

function ledger(name: LedgerFigures['ledger'], saturation: [number, number]): LedgerFigures {
  const blocks = { blockBytesPerTx: 6_000, privateBytesPerTx: 3_000 };
  const shard = (bytes: number) =>
    name === 'devnet'
      ? { ...blocks, shardBytesPerTx: bytes }
      : { socketBytesPerTx: { ClinicMSP: bytes }, shardBytesPerTx: 1 };
  const network = (chains: number, tps: number, taken: number, rss: number, bytes: number) => ({
    ...{ chains, notes: [] },
    rounds: [
      figures('fixed', { rssMb: { node: rss, client: 999 }, ...shard(bytes) }),
      figures('equal', { tps }),
      figures('saturation', { tps: taken }),
    ],
  });
  return {
    ledger: name,
    networks: [network(1, 20, saturation[0], 300, 9_000), network(4, 79, saturation[1], 330, 2_400)],
  };
}

const results = (ledgers: LedgerFigures[], missing: Results['missing'] = {}): Results => ({
  ...{ measuredAt: '2026-01-01T00:00:00Z', ledgers, missing },
  machine: { processor: 'p', cores: 2, memoryGb: 8, node: '24', system: 'linux' },
  options: { seconds: 10, offered: 20, unfinished: 64, batchTimeoutMs: 100, maxMessageCount: 500 },
});

it('puts both ledgers of one run side by side, with the smaller ratio of saturation', () => {
  const summary = summarise(results([ledger('devnet', [240, 260]), ledger('fabric', [150, 200])]));
  const same = { tps1: 20, tps4: 79, offeredPerChain: 20, speedup4: 3.95, cpuPerTxMs: 4, rssGrowth4: 1.1 };
  expect(summary).toMatchObject({ ledger: 'devnet', ...same, saturation1: 240, saturation4: 260 });
  expect(summary.bytesPerPeerRatio4).toBe(0.267);
  expect(summary.devnetVsFabric).toBe(1.3);
  expect(summary.reason).toBeUndefined();
  expect(summary.compared).toMatchObject({ ledger: 'fabric', ...same, saturation1: 150, bytesPerPeerRatio4: 0.267 });
});

it('says why there is no comparison', () => {
  const summary = summarise(results([ledger('devnet', [240, 260])], { fabric: 'no binaries' }));
  expect(summary).toMatchObject({ devnetVsFabric: null, reason: 'no binaries' });
  expect(summary.compared).toBeUndefined();
  expect(summarise(results([ledger('fabric', [1, 1])]))).toMatchObject({ ledger: 'fabric', devnetVsFabric: null });
});

it('leaves open what was not measured', () => {
  const { networks } = ledger('devnet', [240, 260]);
  const summary = summarise(results([{ ledger: 'devnet', networks: networks.slice(0, 1) }]));
  expect(summary).toMatchObject({ tps1: 20, tps4: null, speedup4: null, rssGrowth4: null, bytesPerPeerRatio4: null });
});

it('reads its options, and names what it does not understand', () => {
  expect(parseOptions([])).toEqual({ ledger: 'both', seconds: 10, offered: 15, chains: [1, 2, 4, 8] });
  expect(parseOptions(['--ledger', 'devnet', '--chains', '1,4', '--seconds', '3'])).toMatchObject({
    ...{ ledger: 'devnet', chains: [1, 4], seconds: 3 },
  });
  for (const wrong of [['--seconds', '9999'], ['--ledger', 'x'], ['--chains', '1,x'], ['--chains', '9'], ['--speed']])
    expect(() => parseOptions(wrong)).toThrow('The options are not understood');
});

it('adds up processes by kind', () => {
  expect(ofKind({ 'peer A': 1, 'peer B': 2, peerless: 4, client: 8 }, 'peer', 'client')).toBe(11);
});

it('loads each chain alike in scenario 1 and all of them together alike in scenario 2', () => {
  const load = (chains: number, label: string) =>
    roundsOf(chains, { offered: 20, seconds: 10 }).find((round) => round.label === label)?.load;
  expect([1, 2, 4, 8].map((chains) => load(chains, 'equal'))).toEqual(
    [20, 40, 80, 160].map((perSecond) => ({ perSecond })),
  );
  expect([1, 2, 4, 8].map((chains) => load(chains, 'fixed'))).toEqual(
    [80, 80, 80, 80].map((perSecond) => ({ perSecond })),
  );
  expect(curveOf(200, 10).map(({ load }) => load)).toEqual([40, 80, 120, 160].map((perSecond) => ({ perSecond })));
});

it('divides what was used in the steady part by what was committed there', () => {
  const transactions = Array.from({ length: 100 }, (_, index) => [index * 100, index * 100 + 50, 1] as const);
  const block = (at: number, count: number, blockBytes: number): DeliveredBlock => ({
    ...{ at, transactions: count, blockBytes, privateBytes: 10 },
  });
  const use: Use = {
    ...{ cpuMs: { node: 270 }, rssBytes: { node: 2e8 }, machineMs: 4_500 },
    traffic: { ClinicMSP: { received: 8_000, sent: 1_000 } },
  };
  const figuresOf = roundFigures({
    round: [
      { label: 'equal', purpose: 'equal', workload: 'issue', load: { perSecond: 10 }, seconds: 10 },
      transactions,
    ],
    usage: { between: () => use },
    delivery: { all: [block(-5, 9, 9_999), block(0, 2, 300), block(9_000, 2, 100)], shard: [block(0, 2, 300)] },
  });
  expect(figuresOf).toMatchObject({ tps: 10, sent: 100, failed: 0, cpuMsPerTx: { node: 3 }, rssMb: { node: 200 } });
  expect(figuresOf).toMatchObject({ coresBusy: 0.5, socketBytesPerTx: { ClinicMSP: 100 }, txPerBlock: 2 });
  expect(figuresOf).toMatchObject({ blockBytesPerTx: 100, privateBytesPerTx: 5, shardBytesPerTx: 77.5 });
});
