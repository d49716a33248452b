import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { StepError } from '../step.ts';
import { mean, percentile } from './statistics.ts';

/** A transaction of a round: when it was made and when its outcome was known (ms since 1970), and whether it is valid. */
export type Transaction = readonly [created: number, finished: number, valid: number];

const line = z.object({
  round: z.string(),
  worker: z.int(),
  transactions: z.array(z.tuple([z.number(), z.number(), z.union([z.literal(0), z.literal(1)])])),
});

/** The transactions of each round, by its label, of all workers together. Reads what the recorder wrote. */
export function readRecords(file: string): Map<string, Transaction[]> {
  const rounds = new Map<string, Transaction[]>();
  for (const text of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const { round, transactions } = line.parse(JSON.parse(text));
    rounds.set(round, [...(rounds.get(round) ?? []), ...transactions]);
  }
  return rounds;
}

/** The steady part of a round: without the first second (a fifth of a short round), to the end of the time for sending. */
export interface Steady {
  from: number;
  to: number;
  /** Transactions whose commit fell into it. */
  committed: number;
  tps: number;
  meanMs: number;
  p50Ms: number;
  p95Ms: number;
}

/** Throughput and latency of valid transactions in the steady part of a round of so many seconds. Throws a StepError where there are none. */
export function steadyPart(transactions: readonly Transaction[], seconds: number): Steady {
  const first = Math.min(...transactions.map(([at]) => at));
  const to = first + seconds * 1_000;
  const from = first + Math.min(1_000, (to - first) / 5);
  const valid = transactions.filter(([, , ok]) => ok === 1);
  const committed = valid.filter(([, finished]) => finished >= from && finished < to).length;
  const latencies = valid.filter(([at]) => at >= from).map(([at, finished]) => finished - at);
  if (committed === 0 || latencies.length === 0)
    throw new StepError('No transaction became valid while a round was sending.', {
      advice:
        'is the machine busy with other things? Try longer rounds (--seconds). The logs are in .medloom/logs/bench.',
    });
  return {
    ...{ from, to, committed, tps: committed / ((to - from) / 1000), meanMs: mean(latencies) },
    ...{ p50Ms: percentile(latencies, 0.5), p95Ms: percentile(latencies, 0.95) },
  };
}
