import type { CountryNeeds } from './country.ts';
import type { NetworkCheck } from './modelCheck.ts';
import { ledgerLabel } from './plots.ts';
import { ofKind, type Results, type RoundFigures } from './results.ts';
import { ledgerCpu, ledgerMemory, peerBytes, shardPeerBytes } from './summary.ts';

/** Tables of Markdown, in the widths that the formatter of documents gives them. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(3, title.length, ...rows.map((row) => (row[column] ?? '').length)),
  );
  const line = (cells: readonly string[]) =>
    `| ${widths.map((width, at) => (cells[at] ?? '').padEnd(width)).join(' | ')} |`;
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...rows.map(line)].join('\n');
}

export function number(value: number | null | undefined, digits = 0): string {
  if (value === null || value === undefined) return '–';
  if (!Number.isFinite(value)) return '∞';
  return value.toLocaleString('en-GB', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}

/** A network's rounds of one label, over all ledgers. */
function roundRows(
  results: Results,
  label: string,
  row: (round: RoundFigures, ledger: 'devnet' | 'fabric') => string[],
) {
  return results.ledgers.flatMap(({ ledger, networks }) =>
    networks.flatMap(({ chains, rounds }) =>
      rounds
        .filter((round) => round.label === label)
        .map((round) => [ledgerLabel[ledger], `${chains}`, ...row(round, ledger)]),
    ),
  );
}

/** Load, throughput and latency of the rounds of a label. */
export function loadTable(results: Results, label: string): string {
  return table(
    [
      'ledger',
      'chains',
      'sent per s',
      'committed per s',
      'p50 ms',
      'p95 ms',
      'failed',
      'transactions a block',
      'cores busy',
    ],
    roundRows(results, label, (round) => [
      'perSecond' in round.load ? number(round.load.perSecond) : `${round.load.unfinished} unfinished`,
      ...[number(round.tps, 1), number(round.p50Ms), number(round.p95Ms), number(round.failed)],
      ...[number(round.txPerBlock, 1), number(round.coresBusy, 2)],
    ]),
  );
}

/** What a transaction costs at the fixed load. */
export function costTable(results: Results): string {
  return table(
    [
      ...['ledger', 'chains', 'node or peers ms', 'orderers ms', 'contracts ms', 'ledger ms', 'client ms', 'memory MB'],
      ...['block bytes', 'private bytes', 'one-chain peer bytes'],
    ],
    roundRows(results, 'fixed', (round, ledger) => [
      number(ofKind(round.cpuMsPerTx, 'node', 'peer'), 2),
      number(ofKind(round.cpuMsPerTx, 'orderer'), 2),
      number(ofKind(round.cpuMsPerTx, 'chaincode'), 2),
      ...[number(ledgerCpu(round), 2), number(ofKind(round.cpuMsPerTx, 'client'), 2), number(ledgerMemory(round))],
      ...[number(round.blockBytesPerTx), number(round.privateBytesPerTx), number(shardPeerBytes(ledger, round))],
    ]),
  );
}

/** Processor time, memory and network bytes of each peer; the devnet's peers are one process, whose time and memory are above. */
export function peerTable(results: Results): string {
  return table(
    ['ledger', 'chains', 'peer', 'processor ms per transaction', 'memory MB', 'network bytes per transaction'],
    results.ledgers.flatMap(({ ledger, networks }) =>
      networks.flatMap(({ chains, rounds }) =>
        rounds
          .filter(({ label }) => label === 'fixed')
          .flatMap((round) =>
            Object.entries(peerBytes(ledger, round)).map(([mspId, bytes]) => [
              ...[ledgerLabel[ledger], `${chains}`, mspId, number(round.cpuMsPerTx[`peer ${mspId}`], 2)],
              ...[number(round.rssMb[`peer ${mspId}`]), number(bytes)],
            ]),
          ),
      ),
    ),
  );
}

const error = (predicted: number, measured: number) => `${number((100 * (predicted - measured)) / measured)} %`;

/** Measured saturation and latencies beside the model's. */
export function modelTables(ledger: 'devnet' | 'fabric', checks: readonly NetworkCheck[]): string {
  const saturations = table(
    ['ledger', 'chains', 'saturation measured', 'predicted', 'error', 'used up first'],
    checks.map(({ chains, saturation }) => [
      ...[ledgerLabel[ledger], `${chains}`, number(saturation.measured, 1), number(saturation.predicted, 1)],
      ...[error(saturation.predicted, saturation.measured), saturation.bottleneck],
    ]),
  );
  const latencies = table(
    ['ledger', 'chains', 'per s', 'used', 'mean ms measured', 'predicted', 'error', 'p95 ms measured', 'predicted'],
    checks.flatMap(({ chains, points }) =>
      points.map(({ tps, utilisation, measured, predicted }) => [
        ...[
          ledgerLabel[ledger],
          `${chains}`,
          number(tps, 1),
          `${number(100 * utilisation)} %`,
          number(measured.meanMs),
        ],
        ...[number(predicted.meanMs), error(predicted.meanMs, measured.meanMs)],
        ...[number(measured.p95Ms), number(predicted.p95Ms)],
      ]),
    ),
  );
  return `${saturations}\n\n${latencies}`;
}

/** What a country needs, by kind of chain. */
export function countryTable(needs: CountryNeeds): string {
  const million = (value: number) => number(value / 1e6, 1);
  const terabytes = (value: number) => number(value / 1e12, 2);
  return table(
    [
      ...['chains of', 'million transactions a day', 'per s in the busiest hour', 'chains', 'peers'],
      ...['TB a year, all chains', 'TB a year, a peer', 'kB per s, a peer'],
    ],
    needs.kinds.map((kind) => [
      ...[kind.chain, million(kind.transactionsPerDay), number(kind.peakTps), number(kind.chains), number(kind.peers)],
      ...[terabytes(kind.bytesPerYear), terabytes(kind.bytesPerPeerYear), number(kind.peerBytesPerSecond / 1e3)],
    ]),
  );
}
