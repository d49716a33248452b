import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { z } from 'zod';
import { stop } from './processes.ts';

const ready = z.object({
  ready: z.literal(true),
  gateways: z.record(z.string(), z.string()),
  channels: z.record(z.string(), z.number()),
});

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
    const main = join(import.meta.dirname, '../main.ts');
    const command = [process.execPath, ...(options.nodeArgs ?? []), main, configFile];
    const [program = '', ...args] =
      options.fileLimit === undefined
        ? command
        : ['bash', '-c', `ulimit -f ${options.fileLimit}; exec "$0" "$@"`, ...command];
    return new NodeProcess(spawn(program, args, { stdio: ['ignore', 'pipe', 'pipe'] }));
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
