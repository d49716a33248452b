import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { startVitest } from 'vitest/node';
import { findFabric } from '../fabric/programs.ts';
import { StepError } from '../step.ts';
import { ledgerVariable } from './ledgers/variable.ts';

/** `npm run conformance`: the checks of docs/conformance.md on one ledger; the last line says how many passed and failed. */

const usage = `npm run conformance -- [OPTIONS]

  --ledger devnet|fabric   start the suite's network on the devnet (the default) or on native Hyperledger Fabric
  --profile FILE           use a network that runs already (docs/conformance.md says of which shape)
  --group N                one group of checks, 1 to 14
  --samples PATH           unmodified applications of a clone of fabric-samples instead, on the devnet`;

class UsageError extends Error {}

interface Run {
  /** Files of tests, by a part of their path. */
  files: string[];
  ledger: string;
  /** What the names of tests begin with. */
  group?: string;
  samples?: string;
}

function readRun(args: string[]): Run | undefined {
  const text = { type: 'string' } as const;
  const options = { ledger: text, profile: text, group: text, samples: text, help: { type: 'boolean' } } as const;
  let values: ReturnType<typeof parseArgs<{ options: typeof options }>>['values'];
  try {
    values = parseArgs({ args, options }).values;
  } catch (error) {
    throw new UsageError(error instanceof Error ? error.message : String(error));
  }
  const { ledger = 'devnet', profile, group, samples, help } = values;
  if (help) return undefined;
  if (ledger !== 'devnet' && ledger !== 'fabric') throw new UsageError(`There is no ledger "${ledger}".`);
  if (group !== undefined && !/^([1-9]|1[0-4])$/.test(group)) throw new UsageError(`There is no group "${group}".`);
  // Paths are relative to where npm was called.
  const path = (name: string) => resolve(process.env.INIT_CWD ?? process.cwd(), name);
  const suite = 'network/conformance/conformance.test.ts';
  if (samples !== undefined)
    return { files: ['network/conformance/samples.test.ts'], ledger: 'devnet', samples: path(samples) };
  if (profile !== undefined) return { files: [suite], ledger: path(profile), ...(group && { group }) };
  if (group !== undefined) return { files: [suite], ledger, group };
  const contracts = ['prescriptions', 'races', 'care', 'supply', 'monitoring', 'claims'].map(
    (name) => `network/conformance/${name}.test.ts`,
  );
  return { files: [suite, ...contracts], ledger };
}

/** Runs the tests and prints their sum. True when all passed and there were any. */
async function run({ files, ledger, group, samples }: Run): Promise<boolean> {
  process.env[ledgerVariable] = ledger;
  if (samples !== undefined) process.env.FABRIC_SAMPLES = samples;
  const vitest = await startVitest('test', files, {
    watch: false,
    reporters: ['verbose'],
    // Two networks at a time would only be slower.
    fileParallelism: false,
    ...(group !== undefined && { testNamePattern: `^${group} ` }),
  });
  const modules = vitest.state.getTestModules();
  const states = modules.flatMap((module) => [...module.children.allTests()].map((test) => test.result().state));
  const passed = states.filter((state) => state === 'passed').length;
  // What fails outside of a test, as a network that does not start, counts as one.
  const failed = states.filter((state) => state === 'failed').length || (process.exitCode ? 1 : 0);
  await vitest.close();
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  return failed === 0 && passed > 0;
}

/** Whether there are binaries of Fabric; says what is missing of some that are there. */
function fabricIsThere(): boolean {
  try {
    return findFabric() !== undefined;
  } catch (error) {
    if (error instanceof StepError) throw new UsageError(`${error.message} ${error.advice}`);
    throw error;
  }
}

try {
  const wanted = readRun(process.argv.slice(2));
  if (!wanted) process.stdout.write(`${usage}\n`);
  else if (wanted.ledger === 'fabric' && !fabricIsThere()) process.stdout.write('skipped: no Fabric binaries\n');
  else process.exit((await run(wanted)) ? 0 : 1);
} catch (error) {
  if (!(error instanceof UsageError)) throw error;
  process.stderr.write(`${error.message}\n\n${usage}\n`);
  process.exit(1);
}
