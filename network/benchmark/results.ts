import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { StepError } from '../step.ts';
import { sum } from './statistics.ts';

export const resultsFile = join(import.meta.dirname, '..', '..', '.medloom', 'bench', 'parallel.json');

const byName = z.record(z.string(), z.number());

/** What a round came to. Everything "per transaction" is divided by all transactions committed in the same stretch. */
const roundFigures = z.object({
  label: z.string(),
  purpose: z.enum(['fixed', 'equal', 'saturation', 'curve', 'read']),
  load: z.union([z.object({ perSecond: z.number() }), z.object({ unfinished: z.number() })]),
  sent: z.int(),
  failed: z.int(),
  tps: z.number(),
  meanMs: z.number(),
  p50Ms: z.number(),
  p95Ms: z.number(),
  /** Processor time of each process per transaction, in milliseconds: `node`, `peer …`, `orderer …`, `chaincode …`, `client`. */
  cpuMsPerTx: byName,
  /** Mean resident memory of each process, in 10^6 bytes. */
  rssMb: byName,
  /** Processor time of the whole machine per second: how many of its cores were busy, with all that runs besides. */
  coresBusy: z.number(),
  /** TCP payload per transaction, received and sent together, by MSP; empty where sockets cannot be read. */
  socketBytesPerTx: byName,
  /** Of issuing rounds: bytes of the blocks and of the private values, and how many transactions a block held. */
  blockBytesPerTx: z.number().optional(),
  privateBytesPerTx: z.number().optional(),
  txPerBlock: z.number().optional(),
  /** Blocks and private values that the peer of a single shard takes in, per transaction of the whole network. */
  shardBytesPerTx: z.number().optional(),
});
export type RoundFigures = z.infer<typeof roundFigures>;

const network = z.object({ chains: z.int(), rounds: z.array(roundFigures), notes: z.array(z.string()) });
export type NetworkFigures = z.infer<typeof network>;

const ledgerFigures = z.object({ ledger: z.enum(['devnet', 'fabric']), networks: z.array(network) });
export type LedgerFigures = z.infer<typeof ledgerFigures>;

const results = z.object({
  measuredAt: z.string(),
  machine: z.object({
    processor: z.string(),
    cores: z.int(),
    memoryGb: z.number(),
    node: z.string(),
    system: z.string(),
  }),
  options: z.object({
    ...{ seconds: z.number(), offered: z.number(), unfinished: z.number() },
    ...{ batchTimeoutMs: z.number(), maxMessageCount: z.number() },
  }),
  ledgers: z.array(ledgerFigures),
  /** Why a ledger that was asked for was not measured. */
  missing: z.partialRecord(z.enum(['devnet', 'fabric']), z.string()),
});
export type Results = z.infer<typeof results>;

export function writeResults(value: Results, file = resultsFile): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, `${JSON.stringify(value, null, 1)}\n`);
}

/** The last measured results. Throws a StepError where there are none. */
export function readResults(file = resultsFile): Results {
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch {
    throw new StepError(`There are no results in ${file}.`, { advice: 'measure first: npm run bench:parallel' });
  }
  return results.parse(JSON.parse(text));
}

/** A round of a network; undefined where it was not run. */
export function findRound(figures: LedgerFigures, chains: number, label: string): RoundFigures | undefined {
  return figures.networks.find((network) => network.chains === chains)?.rounds.find((round) => round.label === label);
}

/** What the values of processes of the kind add up to: `peer` takes "peer HospitalMSP" and the others. */
export function ofKind(values: Readonly<Record<string, number>>, ...kinds: string[]): number {
  return sum(
    Object.entries(values).flatMap(([name, value]) => (kinds.includes(name.split(' ')[0] ?? '') ? [value] : [])),
  );
}

/** The ledger's own processes and its contracts, without the client. */
export const ledgerKinds = ['node', 'peer', 'orderer', 'chaincode'];
