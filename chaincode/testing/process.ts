import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A port of the loopback that was free a moment ago. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export interface ServedProcess {
  child: ChildProcessWithoutNullStreams;
  /** The first line on standard output; rejects where the process ends before. */
  ready: Promise<string>;
  /** Exit code or signal, with what it wrote to standard error. */
  end: Promise<{ code: number | null; signal: NodeJS.Signals | null; stderr: string }>;
}

/** Starts compiled chaincode with only the given settings in its environment. */
export function startServe(serveFile: string, env: Record<string, string>): ServedProcess {
  const child = spawn(process.execPath, [serveFile], {
    env: { PATH: process.env.PATH, NODE_ENV: process.env.NODE_ENV, ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const end = once(child, 'close').then(([code, signal]) => ({ code, signal, stderr }));
  const ready = new Promise<string>((resolve, reject) => {
    child.stdout.on('data', (chunk) => {
      stdout += chunk;
      const line = stdout.indexOf('\n');
      if (line >= 0) resolve(stdout.slice(0, line));
    });
    end.then(() => reject(new Error(`ended before it was ready: ${stderr}`)));
  });
  // A test that expects a failed start waits for the end alone.
  ready.catch(() => undefined);
  return { child, ready, end };
}
