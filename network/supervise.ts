import { lastLines } from './processes/child.ts';
import { indent, type Running } from './service.ts';

/** A process that is kept up until it is stopped. */
export interface Supervised<R extends Running> {
  readonly name: string;
  /** The process that runs now; undefined while it is being started again, or when that was given up. */
  current(): R | undefined;
  stop(): Promise<void>;
}

export interface SuperviseOptions<R extends Running> {
  name: string;
  start: () => Promise<R>;
  logFile: string;
  say: (text: string) => void;
  /**
   * Told of every process that came and went. Where the first cannot be noted the start fails and the process is ended;
   * later that is said, and the process is kept: a full disk ends nothing that runs.
   */
  onStart?: (running: R) => void | Promise<void>;
  onEnd?: (pid: number) => void;
  /** Waits before each new start, in milliseconds; after the last the process is given up. */
  waitsMs?: readonly number[];
  /** A process that has run this long had a good start: the waits begin anew. */
  goodAfterMs?: number;
}

/**
 * Starts a process and starts it again whenever it ends unasked, with growing waits, each time saying so. Throws when the
 * first start fails. A process that keeps failing is given up with the last lines of its log.
 */
export async function supervise<R extends Running>(options: SuperviseOptions<R>): Promise<Supervised<R>> {
  const { name, logFile, say, waitsMs = [300, 1_000, 2_000, 5_000, 10_000], goodAfterMs = 60_000 } = options;
  let current: R | undefined;
  let stopped = false;
  let wake: (() => void) | undefined;

  async function begin(): Promise<R> {
    const running = await options.start();
    if (stopped) await running.stop();
    else current = running;
    return running;
  }

  async function note(what: () => void | Promise<void>): Promise<void> {
    try {
      await what();
    } catch (error) {
      say(`! What became of ${name} cannot be noted: ${describe(error)}`);
    }
  }

  async function keep(): Promise<void> {
    let failures = 0;
    let started = Date.now();
    // What runs when all is stopped is still awaited, so that its end is noted too.
    while (!stopped || current) {
      if (current) {
        const { pid, end } = current;
        await end;
        current = undefined;
        await note(() => options.onEnd?.(pid));
        if (stopped) return;
        if (Date.now() - started > goodAfterMs) failures = 0;
      }
      const wait = waitsMs[failures];
      if (wait === undefined) {
        say(`✗ ${name} ended ${failures + 1} times and is given up. Its log, ${logFile}, ends:`);
        say(indent(await lastLines(logFile)));
        return;
      }
      failures++;
      say(`! ${name} ended; it is started again.`);
      await new Promise<void>((resolve) => {
        wake = resolve;
        setTimeout(resolve, wait).unref();
      });
      if (stopped) return;
      try {
        const running = await begin();
        started = Date.now();
        if (stopped) continue;
        await note(() => options.onStart?.(running));
        if (!stopped) say(`✓ ${name} runs again.`);
      } catch (error) {
        if (!stopped) say(`! ${name} did not start: ${describe(error)}`);
      }
    }
  }

  const first = await begin();
  try {
    await options.onStart?.(first);
  } catch (error) {
    await first.stop().catch((failure: unknown) => say(`! ${describe(failure)}`));
    throw error;
  }
  const kept = keep();
  return {
    name,
    current: () => current,
    async stop() {
      stopped = true;
      wake?.();
      await current?.stop();
      await kept;
    },
  };
}

function describe(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
