import { setTimeout as pause } from 'node:timers/promises';
import type { RoundCounts } from './contract.ts';

/** Part of Caliper's test message: the controller's options as the benchmark's configuration gives them. */
interface TestMessage {
  getRateControlSpec(): { opts: { unfinished: number } };
  getWorkersNumber(): number;
}

/**
 * Keeps a fixed number of transactions unfinished: the next one is sent as soon as one has ended. Caliper's own
 * `fixed-load` sleeps for a whole latency once it is above its target, so that it swings between full and empty.
 */
class InFlight {
  readonly #limit: number;
  readonly #counts: RoundCounts;

  constructor(limit: number, counts: RoundCounts) {
    this.#limit = limit;
    this.#counts = counts;
  }

  async applyRateControl(): Promise<void> {
    while (this.#counts.getTotalSubmittedTx() - this.#counts.getTotalFinishedTx() >= this.#limit) await pause(1);
  }

  async end(): Promise<void> {}
}

export const createRateController = (message: TestMessage, counts: RoundCounts): InFlight =>
  new InFlight(
    Math.max(1, Math.round(message.getRateControlSpec().opts.unfinished / message.getWorkersNumber())),
    counts,
  );
