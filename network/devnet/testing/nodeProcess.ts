import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { z } from 'zod';
import { stop } from './processes.ts';

const ready = z.object({
  ready: z.literal(true),
  gateways: z.record(z.string(), z.string()),
  channels: z.record(z.string(), z.number()),
});

const audits = z.object({
  verified: z.record(
    z.string(),
    z.object({
      height: z.number(),
      transactions: z.number(),
      valid: z.number(),
      keys: z.number(),
      privateValues: z.number(),
    }),
  ),
});

const main = join(import.meta.dirname, '../main.ts');

/** A devnet in a process of its own. */
export class NodeProcess {
  readonly child: ChildProcess;
  #said = '';

  private constructor(child: ChildProcess) {
    this.child = child;
    child.stderr?.on('data', (bytes: Buffer) => {
      this.#said += bytes.toString();
    });
  }

  /**
   * Launches the process, with files that cannot grow beyond a number of KiB where one is given: to it, the disk is full.
   * Resolves before it is ready, which it may never be.
   */
  static launch(configFile: string, options: { fileLimit?: number; nodeArgs?: readonly string[] } = {}): NodeProcess {
    const command = [process.execPath, ...(options.nodeArgs ?? []), main, configFile];
    const [program = '', ...args] =
      options.fileLimit === undefined
        ? command
        : ['bash', '-c', `ulimit -f ${options.fileLimit}; exec "$0" "$@"`, ...command];
    return new NodeProcess(spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
  }

  /** Has the ledgers of a node that does not run verified by its command. Rejects with what is damaged. */
  static async verify(configFile: string): Promise<z.infer<typeof audits>> {
    const { stdout } = await promisify(execFile)(process.execPath, [main, '--verify', configFile]);
    return audits.parse(JSON.parse(stdout));
  }

  /** What it wrote to standard error. */
  get said(): string {
    return this.#said;
  }

  get pid(): number {
    if (this.child.pid === undefined) throw new Error('the devnet did not start');
    return this.child.pid;
  }

  /** What it announces when it serves. Rejects when it ends before. */
  async ready(): Promise<z.infer<typeof ready>> {
    if (!this.child.stdout) throw new Error('no output');
    const gone = once(this.child, 'exit').then(() => {
      throw new Error(`the devnet ended: ${this.said}`);
    });
    gone.catch(() => {}); // its end later on is the caller's own doing
    const [line] = await Promise.race([once(createInterface(this.child.stdout), 'line'), gone]);
    return ready.parse(JSON.parse(String(line)));
  }

  stop(signal: NodeJS.Signals = 'SIGTERM'): Promise<void> {
    return stop(this.child, signal);
  }
}
