import { execFile } from 'node:child_process';
import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import { promisify } from 'node:util';
import { claimPort } from './portClaims.ts';
import { StepError } from './step.ts';

/**
 * Ports for our own processes lie below the range from which systems take the ports of outgoing connections (32768 and up on
 * Linux, 49152 elsewhere), so that a process that is started again finds its port still free.
 */
const range = { first: 20_000, last: 32_000 };

/** That many different ports on 127.0.0.1 that nothing listens on and that nobody else is given while this process runs. */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let attempt = 0; found.size < count; attempt++) {
    if (attempt > 1_000)
      throw new StepError(`No free ports between ${range.first} and ${range.last}.`, {
        advice: 'end programs that hold many ports, and start again.',
      });
    const port = range.first + Math.floor(Math.random() * (range.last - range.first));
    if (claimPort(port) && (await isFree(port))) found.add(port);
  }
  return [...found];
}

/** Throws a StepError that names who listens, where that can be known, when the port is taken. */
export async function requireFreePort(port: number): Promise<void> {
  if (await isFree(port)) return;
  const holder = await findListener(port);
  const by = holder ? ` by process ${holder.pid} (${holder.command})` : '';
  throw new StepError(`Port ${port} is in use${by}.`, {
    advice: `end that program, or choose another port: npm start -- --port ${port + 1}`,
  });
}

/** Whether nothing listens on any of them. */
export async function areFree(ports: readonly number[]): Promise<boolean> {
  return (await Promise.all(ports.map(isFree))).every((free) => free);
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => server.close(() => resolve(true)));
  });
}

/** The process that listens on a local TCP port: from /proc on Linux, from lsof elsewhere. */
async function findListener(port: number): Promise<{ pid: number; command: string } | undefined> {
  try {
    return process.platform === 'linux' ? await findByProc(port) : await findByLsof(port);
  } catch {
    return undefined;
  }
}

async function findByProc(port: number): Promise<{ pid: number; command: string } | undefined> {
  const hex = port.toString(16).toUpperCase().padStart(4, '0');
  const inodes = new Set<string>();
  for (const table of ['/proc/net/tcp', '/proc/net/tcp6']) {
    for (const line of (await readFile(table, 'utf8').catch(() => '')).split('\n').slice(1)) {
      const [, local, , state, , , , , , inode] = line.trim().split(/\s+/);
      if (state === '0A' && inode && local?.endsWith(`:${hex}`)) inodes.add(`socket:[${inode}]`);
    }
  }
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    for (const fd of await readdir(`/proc/${pid}/fd`).catch(() => [])) {
      const target = await readlink(`/proc/${pid}/fd/${fd}`).catch(() => '');
      if (!inodes.has(target)) continue;
      const command = (await readFile(`/proc/${pid}/cmdline`, 'utf8')).replaceAll('\0', ' ').trim();
      return { pid: Number(pid), command: command.slice(0, 80) };
    }
  }
  return undefined;
}

async function findByLsof(port: number): Promise<{ pid: number; command: string } | undefined> {
  const { stdout } = await promisify(execFile)('lsof', ['-nP', `-iTCP:${port}`, '-sTCP:LISTEN', '-Fpc']);
  const pid = /^p(\d+)$/m.exec(stdout)?.[1];
  return pid ? { pid: Number(pid), command: /^c(.*)$/m.exec(stdout)?.[1] ?? '' } : undefined;
}
