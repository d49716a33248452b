import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtemp, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';

const root = join(import.meta.dirname, '../../..');

/** A port that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

/** Compiles the probe chaincode with tsc, for its decorator metadata, into a folder that fabric-shim can start. */
export async function compileProbe(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'medloom-probe-'));
  await symlink(join(root, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'probe', version: '1.0.0', main: 'probe.cjs' }));
  const options = ['--target', 'es2022', '--module', 'nodenext', '--skipLibCheck', '--strict', '--ignoreConfig'];
  const decorators = ['--experimentalDecorators', '--emitDecoratorMetadata', '--types', 'node'];
  const source = join(import.meta.dirname, 'probe.cts');
  const compiler = join(root, 'node_modules/typescript/bin/tsc');
  await promisify(execFile)(process.execPath, [compiler, source, ...options, ...decorators, '--outDir', folder], {
    cwd: root,
  }).catch((error: Error & { stdout?: string }) => {
    throw new Error(`the probe does not compile: ${error.stdout || error.message}`);
  });
  return folder;
}

/** Starts the probe chaincode of an organisation as a service, with the stock command of fabric-shim; a real peer gave the id. */
export function startProbe(folder: string, mspId: string, port: number, chaincodeId = 'probe:1'): ChildProcess {
  return spawn(
    process.execPath,
    [
      join(root, 'node_modules/fabric-shim/cli.js'),
      'server',
      '--chaincode-address',
      `127.0.0.1:${port}`,
      '--chaincode-id',
      chaincodeId,
      '--module-path',
      folder,
    ],
    {
      cwd: folder,
      stdio: 'ignore',
      env: { ...process.env, CORE_PEER_LOCALMSPID: mspId, CORE_CHAINCODE_LOGGING_LEVEL: 'error' },
    },
  );
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
