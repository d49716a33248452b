import {
  type Batching,
  fitCost,
  type Latency,
  latency,
  type Station,
  saturation,
  utilisation,
  workAlone,
} from './model.ts';
import { findRound, type LedgerFigures, ofKind, type Results, type RoundFigures } from './results.ts';

/** What the model says of a network beside what was measured there. */
export interface NetworkCheck {
  chains: number;
  saturation: { measured: number; predicted: number; bottleneck: string };
  points: { tps: number; utilisation: number; measured: Latency; predicted: Latency }[];
}

/** Processes that cannot use more than one core at a time. */
const singleThreaded = ['node', 'chaincode', 'client'];

/**
 * Fits costs to the rounds at growing load of each network, which stay below saturation, and predicts saturation and latencies from
 * them. The work alone is taken from the lowest load on one chain, for all networks. Empty where no such rounds were measured.
 */
export function checkModel(figures: LedgerFigures, results: Pick<Results, 'machine' | 'options'>): NetworkCheck[] {
  const networks = figures.networks.flatMap(({ chains, rounds }) => {
    const curve = rounds.filter(({ purpose }) => purpose === 'curve');
    const full = findRound(figures, chains, 'saturation');
    return curve.length >= 2 && full
      ? [{ chains, curve, full, stations: stationsOf(curve, results.machine.cores) }]
      : [];
  });
  const [reference] = networks;
  const lowest = reference?.curve[0];
  if (!reference || !lowest) return [];
  const batching: Batching = results.options;
  const load = { tps: lowest.tps, chains: reference.chains };
  const aloneMs = workAlone(reference.stations, batching, load, lowest.meanMs);
  return networks.map(({ chains, curve, full, stations }) => {
    const { tps, bottleneck } = saturation(stations);
    return {
      chains,
      saturation: { measured: full.tps, predicted: tps, bottleneck },
      points: curve.map((round) => ({
        tps: round.tps,
        utilisation: Math.max(...stations.map((station) => utilisation(station, round.tps))),
        measured: { meanMs: round.meanMs, p50Ms: round.p50Ms, p95Ms: round.p95Ms },
        predicted: latency(stations, batching, aloneMs, { tps: round.tps, chains }),
      })),
    };
  });
}

/** The machine's cores with all that runs on them, and each process that runs on one thread. */
export function stationsOf(rounds: readonly RoundFigures[], cores: number): Station[] {
  const names = [...new Set(rounds.flatMap(({ cpuMsPerTx }) => Object.keys(cpuMsPerTx)))];
  const single = names.filter((name) => ofKind({ [name]: 1 }, ...singleThreaded) > 0);
  return [
    {
      ...{ name: 'cores', servers: cores },
      cost: fitCost(rounds.map(({ tps, coresBusy }) => ({ tps, cpuMs: coresBusy * 1_000 }))),
    },
    ...single.map((name) => ({
      ...{ name, servers: 1 },
      cost: fitCost(rounds.map(({ tps, cpuMsPerTx }) => ({ tps, cpuMs: (cpuMsPerTx[name] ?? 0) * tps }))),
    })),
  ];
}
