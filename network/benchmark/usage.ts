import { setTimeout as pause } from 'node:timers/promises';
import { machineBusyMs, processUse, withDescendants } from './processTimes.ts';
import { listSockets, type SocketUse, Traffic } from './sockets.ts';
import { sum } from './statistics.ts';

/** A process whose use is followed; what it starts counts with it. */
export interface Watched {
  name: string;
  pid: number;
}

/** What was used in a stretch of time, by the names of the processes. */
export interface Use {
  cpuMs: Record<string, number>;
  /** Mean of the samples. */
  rssBytes: Record<string, number>;
  /** Processor time of the whole machine, of which the processes are a part. */
  machineMs: number;
  /** TCP payload, by the names that the ledger gives its sockets; empty where they could not be read. */
  traffic: Record<string, { received: number; sent: number }>;
}

interface Sample {
  at: number;
  cpuMs: Map<string, number>;
  rssBytes: Map<string, number>;
  machineMs: number;
}
interface TrafficSample {
  at: number;
  totals: Map<string, { received: number; sent: number }>;
}

const everyMs = 200;
const socketsEveryMs = 1_000;

/** Follows processes and sockets while a benchmark runs, so that any stretch of it can be read afterwards. */
export class UsageLog {
  readonly #watched: Watched[];
  readonly #traffic: Traffic;
  readonly #samples: Sample[] = [];
  readonly #trafficSamples: TrafficSample[] = [];
  readonly #stop = new AbortController();
  #running: Promise<unknown> | undefined;
  /** Why there are no figures of traffic; undefined where there are. */
  trafficFailure: string | undefined;

  constructor(watched: readonly Watched[], nameOf: (socket: SocketUse) => string | undefined) {
    this.#watched = [...watched];
    this.#traffic = new Traffic(nameOf);
  }

  /** Follows one more process from now on. */
  watch(process: Watched): void {
    this.#watched.push(process);
  }

  start(): void {
    this.#running = Promise.all([
      this.#every(everyMs, () => this.#sample()),
      this.#every(socketsEveryMs, () => this.#sampleSockets()),
    ]);
  }

  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
  }

  async #every(milliseconds: number, work: () => Promise<void>): Promise<void> {
    while (!this.#stop.signal.aborted) {
      await work();
      await pause(milliseconds, undefined, { signal: this.#stop.signal }).catch(() => undefined);
    }
  }

  async #sample(): Promise<void> {
    const cpuMs = new Map<string, number>();
    const rssBytes = new Map<string, number>();
    const machineMs = await machineBusyMs();
    const at = Date.now();
    await Promise.all(
      this.#watched.map(async ({ name, pid }) => {
        for (const one of await withDescendants(pid)) {
          const use = await processUse(one);
          if (!use) continue;
          cpuMs.set(name, (cpuMs.get(name) ?? 0) + use.cpuMs);
          rssBytes.set(name, (rssBytes.get(name) ?? 0) + use.rssBytes);
        }
      }),
    );
    this.#samples.push({ at, cpuMs, rssBytes, machineMs });
  }

  async #sampleSockets(): Promise<void> {
    if (this.trafficFailure !== undefined) return;
    try {
      const sockets = await listSockets();
      this.#trafficSamples.push({ at: Date.now(), totals: this.#traffic.add(sockets) });
    } catch (error) {
      this.trafficFailure = `sockets cannot be read: ${error instanceof Error ? error.message : error}`;
    }
  }

  /** What was used from one instant to another, in milliseconds since 1970; counters are interpolated between samples. */
  between(from: number, to: number): Use {
    const names = [...new Set(this.#samples.flatMap(({ cpuMs }) => [...cpuMs.keys()]))];
    const inside = this.#samples.filter(({ at }) => at >= from && at <= to);
    const increase = (value: (sample: Sample) => number) =>
      valueAt(this.#samples, to, value) - valueAt(this.#samples, from, value);
    const carriers = [...new Set(this.#trafficSamples.flatMap(({ totals }) => [...totals.keys()]))];
    const passed = (name: string, way: 'received' | 'sent') => {
      const value = ({ totals }: TrafficSample) => totals.get(name)?.[way] ?? 0;
      return valueAt(this.#trafficSamples, to, value) - valueAt(this.#trafficSamples, from, value);
    };
    return {
      cpuMs: byName(names, (name) => increase(({ cpuMs }) => cpuMs.get(name) ?? 0)),
      rssBytes: byName(
        names,
        (name) => sum(inside.map(({ rssBytes }) => rssBytes.get(name) ?? 0)) / Math.max(1, inside.length),
      ),
      machineMs: increase(({ machineMs }) => machineMs),
      traffic: byName(carriers, (name) => ({ received: passed(name, 'received'), sent: passed(name, 'sent') })),
    };
  }
}

const byName = <T>(names: readonly string[], value: (name: string) => T): Record<string, T> =>
  Object.fromEntries(names.map((name) => [name, value(name)]));

/** A counter's value at an instant, on the straight line between the samples around it; the nearest one outside. */
export function valueAt<T extends { at: number }>(
  samples: readonly T[],
  at: number,
  value: (sample: T) => number,
): number {
  const after = samples.findIndex((sample) => sample.at >= at);
  const [first, last] = [samples[0], samples.at(-1)];
  if (!first || !last) return 0;
  const right = samples[after];
  if (!right) return value(last);
  const left = samples[after - 1];
  if (!left) return value(first);
  const share = (at - left.at) / (right.at - left.at);
  return value(left) + share * (value(right) - value(left));
}
