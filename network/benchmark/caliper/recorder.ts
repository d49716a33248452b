import { appendFileSync } from 'node:fs';
import type { Observer, TransactionResult } from './contract.ts';

/**
 * Keeps what Caliper's report drops: when each transaction was made and when its commit (or its answer) was known, in
 * milliseconds since 1970 of this machine's clock. At the end of a round it appends one line of JSON to the file:
 * `{round, worker, transactions: [[created, finished, 1 valid | 0 failed], …]}`.
 */
class Recorder implements Observer {
  readonly #file: string;
  readonly #worker: number;
  #round = '';
  #transactions: [created: number, finished: number, valid: 0 | 1][] = [];

  constructor(file: string, worker: number) {
    this.#file = file;
    this.#worker = worker;
  }

  async activate(_roundIndex: number, roundLabel: string): Promise<void> {
    this.#round = roundLabel;
    this.#transactions = [];
  }

  txSubmitted(): void {}

  txFinished(results: TransactionResult | TransactionResult[]): void {
    for (const result of Array.isArray(results) ? results : [results])
      this.#transactions.push([
        ...([result.GetTimeCreate(), result.GetTimeFinal()] as const),
        result.GetStatus() === 'success' ? 1 : 0,
      ]);
  }

  async deactivate(): Promise<void> {
    const line = { round: this.#round, worker: this.#worker, transactions: this.#transactions };
    appendFileSync(this.#file, `${JSON.stringify(line)}\n`);
  }
}

export const createTxObserver = (options: { file: string }, _messenger: unknown, workerIndex: number): Observer =>
  new Recorder(options.file, workerIndex);
