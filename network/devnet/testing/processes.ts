import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { findFreePorts } from '../../ports.ts';

const root = join(import.meta.dirname, '../../..');

/** A port that was free a moment ago, and that no outgoing connection takes. */
export async function freePort(): Promise<number> {
  const [port] = await findFreePorts(1);
  if (port === undefined) throw new Error('no port');
  return port;
}

/** Compiles the probe chaincode with tsc, for its decorator metadata; gives the folder, where `serveProbe.cjs` starts it. */
export async function compileProbe(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medloom-probe-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  const options = ['--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', '--strict', '--ignoreConfig'];
  const decorators = ['--experimentalDecorators', '--emitDecoratorMetadata', '--types', 'node'];
  const source = join(import.meta.dirname, 'serveProbe.cts');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, source, ...options, ...decorators, '--outDir', folder], {
    cwd: root,
  }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`the probe does not compile: ${error.stdout || error.message}`);
  });
  return folder;
}

/** A chaincode's name with where its server listens and the package id that a real peer knows it by. */
export type ServedChaincodes = Record<string, { address: string; ccid: string }>;

/** Starts an organisation's process with the probe under each of the names. */
export function startProbe(folder: string, mspId: string, chaincodes: ServedChaincodes): ChildProcess {
  const lean = join(root, 'chaincode/ledger/leanShim.ts'); // as the project's own contracts are served
  return spawn(process.execPath, ['--no-deprecation', '--import', lean, join(folder, 'serveProbe.cjs')], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'inherit'],
    env: {
      ...process.env,
      CHAINCODES: JSON.stringify(chaincodes),
      CORE_PEER_LOCALMSPID: mspId,
      CORE_CHAINCODE_LOGGING_LEVEL: 'error',
    },
  });
}

/** Ends a child and waits until it is gone. */
export async function stop(child: ChildProcess, signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('exit', resolve));
  child.kill(signal);
  await gone;
}

/** Repeats an attempt until it succeeds. */
export async function eventually<Value>(attempt: () => Promise<Value>, limitMs = 15_000): Promise<Value> {
  const end = Date.now() + limitMs;
  for (;;) {
    try {
      return await attempt();
    } catch (error) {
      if (Date.now() > end) throw error;
      await delay(20);
    }
  }
}
