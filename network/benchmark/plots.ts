import { checkModel } from './modelCheck.ts';
import { type LedgerFigures, ofKind, type Results, type RoundFigures } from './results.ts';
import { ledgerMemory, shardPeerBytes } from './summary.ts';
import { configOf, type Theme } from './theme.ts';

/** A plot of the report, by the name of its files. */
export interface Plot {
  name: string;
  /** Says in words what is to be seen, for those who do not see it. */
  description: string;
  /** Vega-Lite's specification, in a theme. */
  spec: (theme: Theme) => object;
}

export const ledgerLabel = { devnet: 'devnet', fabric: 'Hyperledger Fabric' } as const;
const chainsAxis = { field: 'chains', type: 'ordinal', title: 'care chains' } as const;

/** The plots of docs/performance.md and docs/scaling.md. */
export function plotsOf(results: Results): Plot[] {
  return [
    throughput(results),
    latencies(results),
    saturations(results),
    processor(results),
    perPeer(results),
    model(results),
  ];
}

/** One row for each network and round of the label. */
function rows<T extends object>(
  { ledgers }: Results,
  label: string,
  row: (round: RoundFigures, figures: LedgerFigures) => T[],
): (T & { ledger: string; chains: number })[] {
  return ledgers.flatMap((figures) =>
    figures.networks.flatMap(({ chains, rounds }) =>
      rounds
        .filter((round) => round.label === label)
        .flatMap((round) =>
          row(round, figures).map((values) => ({ ...values, ledger: ledgerLabel[figures.ledger], chains })),
        ),
    ),
  );
}

const base = (theme: Theme, title: string, subtitle: string, values: object[]) => ({
  ...{ $schema: 'https://vega.github.io/schema/vega-lite/v6.json', config: configOf(theme) },
  ...{ title: { text: title, subtitle }, data: { values }, width: 420, height: 260 },
});
const byLedger = ({ threads }: Theme) => ({
  ...{ field: 'ledger', type: 'nominal', title: null },
  scale: { domain: Object.values(ledgerLabel), range: [threads[0], threads[1]] },
});
const quantity = (field: string, title: string) =>
  ({ field, type: 'quantitative', title, scale: { zero: true } }) as const;

function throughput(results: Results): Plot {
  const { offered } = results.options;
  const values = rows(results, 'equal', ({ tps }) => [{ tps }]);
  const wanted = [...new Set(values.map(({ chains }) => chains))].map((chains) => ({ chains, tps: chains * offered }));
  return {
    name: 'parallel-throughput',
    description: `Throughput at ${offered} transactions a second for each of 1, 2, 4 and 8 care chains`,
    spec: (theme) => ({
      ...base(
        theme,
        'The same load for each chain',
        `${offered} transactions a second per chain; the line is what was sent`,
        values,
      ),
      layer: [
        {
          mark: { type: 'bar' },
          encoding: {
            ...{ x: chainsAxis, xOffset: { field: 'ledger' }, color: byLedger(theme) },
            y: quantity('tps', 'committed transactions per second'),
          },
        },
        {
          data: { values: wanted },
          mark: { type: 'tick', color: theme.ink, thickness: 2, width: { band: 0.9 } },
          encoding: { x: chainsAxis, y: quantity('tps', 'committed transactions per second') },
        },
      ],
    }),
  };
}

function latencies(results: Results): Plot {
  const values = rows(results, 'fixed', ({ p50Ms, p95Ms }) => [
    { share: 'median', ms: p50Ms },
    { share: '95th percentile', ms: p95Ms },
  ]);
  return {
    name: 'parallel-latency',
    description: 'Median and 95th percentile of the latency at one total load, spread over 1, 2, 4 and 8 care chains',
    spec: (theme) => ({
      ...base(
        theme,
        'One total load, spread over the chains',
        `${results.options.offered * 4} transactions a second in all`,
        values,
      ),
      mark: { type: 'line', point: { size: 60, filled: true } },
      encoding: {
        ...{ x: chainsAxis, y: quantity('ms', 'milliseconds until committed'), color: byLedger(theme) },
        strokeDash: { field: 'share', type: 'nominal', title: null, sort: ['median', '95th percentile'] },
      },
    }),
  };
}

function saturations(results: Results): Plot {
  const values = rows(results, 'saturation', ({ tps }) => [{ tps }]);
  return {
    name: 'parallel-saturation',
    description: 'What 1, 2, 4 and 8 care chains take at most on one machine',
    spec: (theme) => ({
      ...base(
        theme,
        'As much as is taken',
        `${results.options.unfinished} transactions unfinished at any time`,
        values,
      ),
      mark: { type: 'bar' },
      encoding: {
        ...{ x: chainsAxis, xOffset: { field: 'ledger' }, color: byLedger(theme) },
        y: quantity('tps', 'committed transactions per second'),
      },
    }),
  };
}

const parts = {
  'peers or node': ['node', 'peer'],
  orderers: ['orderer'],
  contracts: ['chaincode'],
  client: ['client'],
};

function processor(results: Results): Plot {
  const values = rows(results, 'fixed', ({ cpuMsPerTx }) =>
    Object.entries(parts).map(([part, kinds], order) => ({ part, order, ms: ofKind(cpuMsPerTx, ...kinds) })),
  );
  return {
    name: 'parallel-processor',
    description: 'Processor time of a transaction by process, at one total load over 1, 2, 4 and 8 care chains',
    spec: (theme) => ({
      ...base(theme, 'Where the processor goes', 'at one total load, however many chains', values),
      width: 210,
      mark: 'bar',
      encoding: {
        column: { field: 'ledger', type: 'nominal', title: null, sort: Object.values(ledgerLabel) },
        ...{ x: chainsAxis, y: quantity('ms', 'processor milliseconds per transaction'), order: { field: 'order' } },
        color: {
          ...{ field: 'part', type: 'nominal', title: null, sort: Object.keys(parts) },
          scale: { domain: Object.keys(parts), range: theme.threads.slice(0, 4) },
        },
      },
    }),
  };
}

function perPeer(results: Results): Plot {
  const memory = rows(results, 'fixed', (round) => [{ value: ledgerMemory(round) }]);
  const bytes = rows(results, 'fixed', (round, { ledger }) => [
    { value: (shardPeerBytes(ledger, round) ?? 0) / 1_000 },
  ]);
  const panel = (theme: Theme, values: object[], axis: string) => ({
    ...{ data: { values }, width: 230, height: 230 },
    mark: { type: 'line', point: { size: 60, filled: true } },
    encoding: {
      ...{ x: chainsAxis, y: quantity('value', axis) },
      color: { ...byLedger(theme), legend: { orient: 'bottom', direction: 'horizontal' } },
    },
  });
  return {
    name: 'parallel-peer',
    description:
      'Memory of the ledger, and network bytes of a peer that joins one chain, over 1, 2, 4 and 8 care chains',
    spec: (theme) => ({
      ...base(theme, 'What parallel chains cost and save', 'at one total load, however many chains', []),
      ...{ bounds: 'flush', spacing: 90 },
      hconcat: [
        panel(theme, memory, 'MB of memory, all processes of the ledger'),
        panel(theme, bytes, 'kB per transaction, at a peer of one chain'),
      ],
    }),
  };
}

function model(results: Results): Plot {
  const values = results.ledgers.flatMap((figures) =>
    checkModel(figures, results).flatMap(({ chains, points }) =>
      points.flatMap(({ tps, measured, predicted }) =>
        [
          { what: 'measured', ms: measured.meanMs },
          { what: 'model', ms: predicted.meanMs },
        ].map((value) => ({
          ...value,
          ...{ tps, ledger: ledgerLabel[figures.ledger], network: chains === 1 ? '1 chain' : `${chains} chains` },
        })),
      ),
    ),
  );
  return {
    name: 'scaling-model',
    description: 'Mean latency against load, as measured and as the queueing model predicts it',
    spec: (theme) => ({
      ...base(theme, 'The model against the measurements', 'mean time until a transaction is committed', values),
      width: 260,
      transform: [{ filter: 'isFinite(datum.ms)' }],
      mark: { type: 'line', point: { size: 60, filled: true } },
      encoding: {
        column: { field: 'ledger', type: 'nominal', title: null, sort: Object.values(ledgerLabel) },
        ...{ x: quantity('tps', 'transactions per second'), y: quantity('ms', 'milliseconds') },
        color: {
          field: 'network',
          type: 'nominal',
          title: null,
          scale: { range: [theme.threads[2], theme.threads[3]] },
        },
        strokeDash: { field: 'what', type: 'nominal', title: null, sort: ['measured', 'model'] },
      },
    }),
  };
}
