import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { lastLines } from './processes/child.ts';
import { indent } from './service.ts';
import { adviceFor, StepError } from './step.ts';
import { takeTurn } from './turn.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const require = createRequire(import.meta.url);

export interface BuildOptions {
  logFile: string;
  signal: AbortSignal;
}

/** Compiles the contracts' decorators to `chaincode/dist`, unless nothing changed since the last time. True when it did. */
export async function compileChaincode(options: BuildOptions): Promise<boolean> {
  const sources = sourceHash(
    ['chaincode', 'epcis', 'gs1', 'package-lock.json'],
    (path) => !/\.test\.ts$|^chaincode\/dist/.test(path),
  );
  return buildOnce('chaincode/dist/.built', sources, options.signal, async () => {
    rmSync(join(root, 'chaincode/dist'), { recursive: true, force: true });
    await runNode('The chaincode', [join(packageDir('typescript'), 'bin/tsc'), '-p', 'chaincode'], options);
  });
}

/** Builds the portal with Next.js into `.next`, unless nothing changed since the last time. True when it did. */
export async function buildPortal(options: BuildOptions): Promise<boolean> {
  const folders = [
    'app',
    'components',
    'server',
    'crypto',
    'epcis',
    'fhir',
    'formulary',
    'gs1',
    'messages',
    'chaincode/model',
    'contracts/abi',
    'public',
  ];
  const files = ['next.config.ts', 'postcss.config.mjs', 'package.json', 'package-lock.json', 'tsconfig.json'];
  const sources = sourceHash(
    [...folders, ...files, 'proxy.ts', 'instrumentation.ts'],
    (path) => !/\.test\.tsx?$/.test(path),
  );
  return buildOnce('.next/medloom-built', sources, options.signal, async () => {
    // What an interrupted build left can make the next one fail. The hot-reloading server has its own part of the folder.
    for (const name of readdirIfThere(join(root, '.next')))
      if (name !== 'dev') rmSync(join(root, '.next', name), { recursive: true, force: true });
    await runNode('The portal', [nextProgram(), 'build'], options, {
      NEXT_TELEMETRY_DISABLED: '1',
      NODE_ENV: 'production',
    });
  });
}

/** The script that starts Next.js. */
export function nextProgram(): string {
  return join(packageDir('next'), 'dist/bin/next');
}

export function packageDir(name: string): string {
  return dirname(require.resolve(`${name}/package.json`));
}

/**
 * Runs `build` where the stamp does not hold the hash of the sources. The stamp is written after it, so that a build which was
 * interrupted is repeated; one start builds at a time.
 */
async function buildOnce(
  stampPath: string,
  sources: string,
  signal: AbortSignal,
  build: () => Promise<void>,
): Promise<boolean> {
  const stamp = join(root, stampPath);
  const isBuilt = () => existsSync(stamp) && readFileSync(stamp, 'utf8') === sources;
  if (isBuilt()) return false;
  const release = await takeTurn(
    join(root, '.medloom', `build-${dirname(stampPath).replaceAll(/\W+/g, '-')}.turn`),
    signal,
  );
  try {
    if (isBuilt()) return false;
    await build();
    mkdirSync(dirname(stamp), { recursive: true });
    writeFileSync(stamp, sources);
    return true;
  } finally {
    release();
  }
}

function readdirIfThere(folder: string): string[] {
  return existsSync(folder) ? readdirSync(folder) : [];
}

/** Hash over names and contents of the files under the paths that exist. */
function sourceHash(paths: string[], wanted: (path: string) => boolean): string {
  const hash = createHash('sha256').update(process.version);
  const visit = (path: string): void => {
    const full = join(root, path);
    const stat = statSync(full, { throwIfNoEntry: false });
    if (!stat || !wanted(path)) return;
    if (stat.isDirectory()) {
      for (const name of readdirSync(full).sort()) if (name !== 'node_modules') visit(`${path}/${name}`);
      return;
    }
    hash.update(`${path}\0${stat.size}\0`).update(readFileSync(full));
  };
  for (const path of paths) visit(path);
  return hash.digest('hex');
}

/** Runs a Node script to its end with its output in the log; throws a StepError with the log's last lines. */
export function runNode(
  what: string,
  args: string[],
  options: BuildOptions,
  env: Record<string, string> = {},
): Promise<void> {
  const { logFile, signal } = options;
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'w', 0o600);
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: root,
      env: { ...process.env, ...env },
      stdio: ['ignore', log, log],
      detached: true,
    });
    closeSync(log);
    const abort = () => {
      try {
        // The build has workers of its own.
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // It has just ended.
      }
    };
    signal.addEventListener('abort', abort, { once: true });
    if (signal.aborted) abort();
    child.once('error', (error) => void fail(`could not be started: ${error.message}`).catch(reject));
    child.once('exit', (code, by) => {
      signal.removeEventListener('abort', abort);
      if (code === 0) resolve();
      else void fail(by ? `was ended by ${by}` : `ended with code ${code}`).catch(reject);
    });
  });

  async function fail(how: string): Promise<never> {
    signal.throwIfAborted();
    const words = await lastLines(logFile, { count: 25 });
    // What the system ends without asking has taken more memory than there is.
    const killed = how.includes('SIGKILL') ? 'end other programs: the build needs about 1.5 GB of memory.' : undefined;
    throw new StepError(`${what} could not be built: it ${how}. The log ends:\n${indent(words)}`, {
      advice:
        adviceFor(words) ?? killed ?? 'mend what the log names where the code was changed; otherwise start again.',
      logFile,
    });
  }
}
