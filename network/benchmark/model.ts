/**
 * A queueing model of a ledger on one machine. A transaction needs processor time D at several processes that share the cores, and
 * waits for its block. The processor is an M/M/c queue (exact for one core and two, and a bound above for the even arrivals of a
 * benchmark); a process that runs on one thread is an M/M/1 queue of its own. Source of both: L. Kleinrock, Queueing Systems, vol. 1.
 */

/** Processor time that grows with the load on a straight line: what is spent anyway, and what each transaction adds. */
export interface Cost {
  /** ms of processor time a second without any load. */
  idleMs: number;
  /** ms of processor time for each transaction. */
  perTxMs: number;
}

/** A place where transactions queue: all cores together, or one process that cannot use more than one of them. */
export interface Station {
  name: string;
  servers: number;
  cost: Cost;
}

export interface Batching {
  batchTimeoutMs: number;
  maxMessageCount: number;
}

/** Fits a cost to measured processor time (ms a second) at several loads (transactions a second), by least squares. */
export function fitCost(points: readonly { tps: number; cpuMs: number }[]): Cost {
  if (points.length < 2) throw new Error('A cost is fitted to two loads at least.');
  const meanTps = points.reduce((total, { tps }) => total + tps, 0) / points.length;
  const meanMs = points.reduce((total, { cpuMs }) => total + cpuMs, 0) / points.length;
  const spread = points.reduce((total, { tps }) => total + (tps - meanTps) ** 2, 0);
  if (spread === 0) throw new Error('A cost cannot be fitted to a single load.');
  const perTxMs = points.reduce((total, { tps, cpuMs }) => total + (tps - meanTps) * (cpuMs - meanMs), 0) / spread;
  return { idleMs: meanMs - perTxMs * meanTps, perTxMs };
}

/** The share of a station's time that is used at a load, by the utilisation law. */
export function utilisation({ servers, cost }: Station, tps: number): number {
  return (cost.idleMs + cost.perTxMs * tps) / (1_000 * servers);
}

/** Transactions a second at which the first station is used up, and which one that is. */
export function saturation(stations: readonly Station[]): { tps: number; bottleneck: string } {
  const limits = stations
    .filter(({ cost }) => cost.perTxMs > 0)
    .map(({ name, servers, cost }) => ({ bottleneck: name, tps: (1_000 * servers - cost.idleMs) / cost.perTxMs }));
  const [first] = limits.sort((a, b) => a.tps - b.tps);
  if (!first) throw new Error('No station is used by a transaction.');
  return first;
}

/** How much longer work takes than alone, at the station that stretches it most; without bound at and above saturation. */
export function stretch(stations: readonly Station[], tps: number): number {
  return Math.max(
    ...stations.map((station) => {
      const used = utilisation(station, tps);
      return used >= 1 ? Number.POSITIVE_INFINITY : 1 / (1 - Math.max(0, used) ** station.servers);
    }),
  );
}

/**
 * How long a transaction waits until its block is cut. The first one of a block starts the timer and waits for all of it; λT others
 * come evenly while it runs. Where the block fills up before, it is cut then. `tps` is the rate of one chain.
 */
export function blockWait(
  tps: number,
  { batchTimeoutMs, maxMessageCount }: Batching,
): { meanMs: number; at: (share: number) => number } {
  const others = (tps * batchTimeoutMs) / 1_000;
  if (others + 1 > maxMessageCount) {
    const fillMs = ((maxMessageCount - 1) * 1_000) / tps;
    return { meanMs: fillMs / 2, at: (share) => share * fillMs };
  }
  const meanMs = (batchTimeoutMs + (others * batchTimeoutMs) / 2) / (1 + others);
  const share1 = others / (1 + others);
  return { meanMs, at: (share) => (share < share1 ? (share / share1) * batchTimeoutMs : batchTimeoutMs) };
}

export interface Latency {
  meanMs: number;
  p50Ms: number;
  p95Ms: number;
}

/** The load of a network: transactions a second over all of its chains. */
export interface Load {
  tps: number;
  chains: number;
}

/**
 * Latency at a load, from the work that a transaction does alone (`aloneMs`: processors, disk and network without waiting). What is
 * added by queueing is taken as exponential, as in M/M/1, so that its share p lies at -ln(1-p) of the mean.
 */
export function latency(
  stations: readonly Station[],
  batching: Batching,
  aloneMs: number,
  { tps, chains }: Load,
): Latency {
  const wait = blockWait(tps / chains, batching);
  const queueingMs = aloneMs * (stretch(stations, tps) - 1);
  const at = (share: number) => wait.at(share) + aloneMs + queueingMs * -Math.log(1 - share);
  return { meanMs: wait.meanMs + aloneMs + queueingMs, p50Ms: at(0.5), p95Ms: at(0.95) };
}

/** The work of a transaction alone, from the mean latency measured at one load: the model's only fitted constant. */
export function workAlone(stations: readonly Station[], batching: Batching, load: Load, meanMs: number): number {
  return Math.max(0, meanMs - blockWait(load.tps / load.chains, batching).meanMs) / stretch(stations, load.tps);
}
