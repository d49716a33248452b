import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { Standalone } from '../devnet/standalone/standalone.ts';
import { withoutNpmRun } from '../processes/npmEnvironment.ts';
import { StepError } from '../step.ts';
import { type SampleApplication, sampleApplications } from './sampleApplications.ts';

const installWithinMs = 10 * 60_000;
const applicationWithinMs = 3 * 60_000;

/** What became of one application of fabric-samples. */
export interface SampleResult {
  name: string;
  passed: boolean;
  /** Why it did not pass, with the end of what it said. */
  reason?: string;
}

/**
 * Runs unmodified applications of fabric-samples against a devnet of the test network's shape: two organisations, their
 * gateways on ports 7051 and 9051, which the applications have built in. `path` is a clone of fabric-samples; it is copied to a
 * temporary folder, where its packages are installed and built. Throws a StepError where it is no such clone or its packages
 * cannot be installed, and a DevnetError where the devnet does not start.
 */
export async function runSamples(path: string, say: (line: string) => void = () => {}): Promise<SampleResult[]> {
  const source = resolve(path);
  const folders = new Set(sampleApplications.flatMap(({ application, chaincode }) => [application, chaincode.folder]));
  const missing = [...folders].filter((folder) => !existsSync(join(source, folder, 'package.json')));
  if (missing.length > 0)
    throw new StepError(`${source} is no clone of fabric-samples: it has no ${missing.join(', no ')}.`, {
      advice: 'name the folder of a clone of github.com/hyperledger/fabric-samples.',
    });
  const copy = await mkdtemp(join(tmpdir(), 'medloom-samples-'));
  try {
    for (const folder of folders) {
      say(`packages of ${folder}`);
      await prepare(source, copy, folder);
    }
    const network = await Standalone.start(await describeNetwork(copy), { say: () => {} });
    try {
      const results: SampleResult[] = [];
      for (const sample of sampleApplications) {
        say(sample.name);
        results.push(await runApplication(copy, sample));
      }
      return results;
    } finally {
      await network.close();
    }
  } finally {
    await rm(copy, { recursive: true, force: true });
  }
}

/** Copies a package without what an earlier build left in it, installs its packages, and builds it where it has to be built. */
async function prepare(source: string, copy: string, folder: string): Promise<void> {
  const target = join(copy, folder);
  await mkdir(dirname(target), { recursive: true });
  const left = (file: string) => !['node_modules', 'dist'].includes(basename(file));
  await cp(join(source, folder), target, { recursive: true, filter: left });
  for (const args of [
    ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'],
    ['run', 'build', '--if-present'],
  ]) {
    const { code, output } = await run('npm', args, target, installWithinMs);
    if (code !== 0)
      throw new StepError(`npm ${args[0]} failed for ${folder}:\n${tail(output)}`, {
        advice: "check the network, and npm's own configuration.",
      });
  }
}

/** The file of a devnet of the test network's shape, with certificates where the applications look for them. */
async function describeNetwork(copy: string): Promise<string> {
  const file = join(copy, 'devnet.json');
  const chaincodes = new Map(sampleApplications.map(({ chaincode }) => [chaincode.name, chaincode]));
  await writeFile(
    file,
    JSON.stringify({
      certificates: 'test-network/organizations',
      organisations: [{ name: 'Org1' }, { name: 'Org2' }],
      channels: [
        {
          name: 'mychannel',
          chaincodes: [...chaincodes.values()].map((chaincode) => ({
            ...chaincode,
            command: 'npx fabric-chaincode-node server',
          })),
        },
      ],
    }),
  );
  return file;
}

async function runApplication(copy: string, sample: SampleApplication): Promise<SampleResult> {
  const { name, application } = sample;
  const { code, output } = await run('npm', ['start'], join(copy, application), applicationWithinMs);
  if (code !== 0)
    return { name, passed: false, reason: `it ended with code ${code}; its last words:\n${tail(output)}` };
  let from = 0;
  for (const expected of sample.output) {
    const match = expected.exec(output.slice(from));
    if (!match)
      return {
        name,
        passed: false,
        reason: `its output has no ${expected} where it should; it ends:\n${tail(output)}`,
      };
    from += match.index + match[0].length;
  }
  return { name, passed: true };
}

/** Runs a program to its end; one that takes too long is ended, with code null. */
async function run(
  command: string,
  args: string[],
  cwd: string,
  withinMs: number,
): Promise<{ code: number | null; output: string }> {
  const env = withoutNpmRun(process.env);
  const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout: withinMs });
  const ended = new Promise<number | null>((done, reject) => {
    child.once('error', reject);
    child.once('close', done);
  });
  const [code, out, err] = await Promise.all([ended, text(child.stdout), text(child.stderr)]);
  return { code, output: `${out}${err}` };
}

function tail(output: string): string {
  return output.trimEnd().split('\n').slice(-12).join('\n');
}
