import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startNode } from '../service.ts';
import { StepError } from '../step.ts';
import type { WorkloadArguments } from './caliper/arguments.ts';
import { caliperDir } from './install.ts';
import { readRecords, type Transaction } from './records.ts';
import type { RoundPlan } from './rounds.ts';

/** The gateway that Caliper's connector calls, and as whom. */
export interface Target {
  mspId: string;
  /** host:port, TLS for `localhost`. */
  address: string;
  tlsCaPem: string;
  identities: Record<string, { certPem: string; keyPem: string }>;
}

export interface CaliperOptions {
  target: Target;
  workload: WorkloadArguments;
  rounds: readonly RoundPlan[];
  /** Folder for its configuration and report; emptied first. */
  folder: string;
  logFile: string;
  /** Told the id of Caliper's manager, whose child does the work. */
  onStart: (pid: number) => void;
}

/** What Caliper takes besides the load: start, the preparation of each round, waiting for the last transactions. */
const patienceMs = 120_000;

/** Runs the rounds one after the other in one worker and gives the transactions of each, by its label. Throws a StepError. */
export async function runCaliper(options: CaliperOptions): Promise<Map<string, Transaction[]>> {
  const { folder, rounds, logFile } = options;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const records = join(folder, 'records');
  const write = (name: string, value: unknown) =>
    writeFileSync(join(folder, name), JSON.stringify(value), { mode: 0o600 });
  write('network.json', networkConfiguration(options.target, options.workload.channels.length));
  write('profile.json', connectionProfile(options.target));
  write('benchmark.json', benchmarkConfiguration(rounds, options.workload, records));
  const manager = await startNode({
    name: 'Caliper',
    args: [
      join(caliperDir, 'node_modules', '@hyperledger', 'caliper-cli', 'caliper.js'),
      ...['launch', 'manager', '--caliper-workspace', folder, '--caliper-flow-only-test'],
      ...['--caliper-networkconfig', 'network.json', '--caliper-benchconfig', 'benchmark.json'],
    ],
    ...{ logFile, advice: 'see its log', ready: async () => true, signal: new AbortController().signal },
    say: (text) => process.stdout.write(`${text}\n`),
  });
  options.onStart(manager.pid);
  const loadMs = rounds.reduce((total, { seconds }) => total + seconds * 1_000, 0);
  const late = setTimeout(() => void manager.stop(), loadMs + patienceMs);
  await manager.end;
  clearTimeout(late);
  const transactions = existsSync(records) ? readRecords(records) : new Map<string, Transaction[]>();
  const missing = rounds.find(({ label }) => !transactions.has(label));
  if (missing)
    throw new StepError(`Caliper ended without the round "${missing.label}".`, { advice: 'see its log', logFile });
  return transactions;
}

/** Caliper's network configuration, version 2.0, for its connector to Fabric's gateway. */
export function networkConfiguration(target: Target, chains: number): unknown {
  return {
    ...{ name: 'medloom', version: '2.0.0', caliper: { blockchain: 'fabric' } },
    channels: Array.from({ length: chains }, (_, index) => ({
      ...{
        channelName: `care-${index}`,
        contracts: [{ id: 'care', contractID: `care on care-${index}` }],
      },
    })),
    organizations: [
      {
        mspid: target.mspId,
        identities: {
          certificates: Object.entries(target.identities).map(([name, { certPem, keyPem }]) => ({
            ...{ name, clientSignedCert: { pem: certPem }, clientPrivateKey: { pem: keyPem } },
          })),
        },
        connectionProfile: { path: 'profile.json', discover: false },
      },
    ],
  };
}

function connectionProfile({ mspId, address, tlsCaPem }: Target): unknown {
  return {
    ...{ name: 'medloom', version: '1.0.0', client: { organization: mspId } },
    organizations: { [mspId]: { mspid: mspId, peers: ['peer'] } },
    peers: {
      peer: {
        ...{ url: `grpcs://${address}`, tlsCACerts: { pem: tlsCaPem } },
        grpcOptions: { 'ssl-target-name-override': 'localhost' },
      },
    },
  };
}

/** Caliper's benchmark configuration: one worker, no monitors of its own, and our recorder of transactions. */
export function benchmarkConfiguration(
  rounds: readonly RoundPlan[],
  workload: WorkloadArguments,
  records: string,
): unknown {
  return {
    test: {
      ...{ name: 'care chains', workers: { number: 1 } },
      rounds: rounds.map(({ label, load, seconds, workload: kind }) => ({
        ...{ label, txDuration: seconds },
        rateControl:
          'perSecond' in load
            ? { type: 'fixed-rate', opts: { tps: load.perSecond } }
            : { type: join(caliperDir, 'inFlight.ts'), opts: load },
        workload: { module: join(caliperDir, `${kind}.ts`), arguments: workload },
      })),
    },
    observer: { type: 'none' },
    monitors: { resource: [], transaction: [{ module: join(caliperDir, 'recorder.ts'), options: { file: records } }] },
  };
}
