/** A failure that is explained to the person who starts the network: what happened, what to do, and where the log is. */
export class StepError extends Error {
  readonly advice: string;
  readonly logFile: string | undefined;

  constructor(message: string, options: { advice: string; logFile?: string; cause?: unknown }) {
    super(message, { cause: options.cause });
    this.name = 'StepError';
    this.advice = options.advice;
    this.logFile = options.logFile;
  }
}

/** What work is ended with when another part has failed; it is no failure of its own. */
export class GivenUp extends Error {
  constructor() {
    super('The start was given up.');
    this.name = 'GivenUp';
  }
}

/** Shows what is being done and for how long. */
export interface Progress {
  /** Runs `work` under `label`; `work` may change the label's note, which is shown behind it. */
  step<T>(label: string, work: (note: (text: string) => void) => Promise<T>): Promise<T>;
  /** A line of its own, kept above what is in progress. */
  say(text: string): void;
  /** Ends the display; later calls print plain lines. */
  close(): void;
}

/** Where progress is written; a terminal gets times that run. */
export interface Screen {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

/** In a file or a pipe, a step that takes long says so this often. */
const stillEveryMs = 20_000;

interface Running {
  label: string;
  note: string;
  started: number;
  said: number;
}

/** Progress on a screen: one line for each finished step with its time and, on a terminal, one that shows the running ones. */
export function createProgress(screen: Screen = process.stdout): Progress {
  const running = new Set<Running>();
  let timer: NodeJS.Timeout | undefined;
  let drawn = false;

  function erase(): void {
    if (drawn) screen.write('\r\x1b[K');
    drawn = false;
  }

  function draw(): void {
    if (!screen.isTTY) {
      sayStill();
      return;
    }
    erase();
    if (running.size === 0) return;
    const parts = [...running].map(({ label, note, started }) => `${label}${note && ` (${note})`} ${seconds(started)}`);
    const line = `… ${parts.join(' · ')}`;
    screen.write(line.slice(0, Math.max(20, (screen.columns ?? 80) - 1)));
    drawn = true;
  }

  function sayStill(): void {
    for (const item of running) {
      if (Date.now() - item.said < stillEveryMs) continue;
      item.said = Date.now();
      screen.write(`… ${item.label}${item.note && ` (${item.note})`}  ${seconds(item.started)}\n`);
    }
  }

  function say(text: string): void {
    erase();
    screen.write(`${text}\n`);
    draw();
  }

  return {
    say,
    close() {
      clearInterval(timer);
      timer = undefined;
      erase();
    },
    async step(label, work) {
      const item: Running = { label, note: '', started: Date.now(), said: Date.now() };
      running.add(item);
      timer ??= setInterval(draw, screen.isTTY ? 100 : 1_000).unref();
      const finish = (mark: string) => {
        running.delete(item);
        say(`${mark} ${label}${item.note && ` (${item.note})`}  ${seconds(item.started)}`);
        if (running.size > 0) return;
        clearInterval(timer);
        timer = undefined;
      };
      try {
        const result = await work((text) => {
          item.note = text;
        });
        finish('✓');
        return result;
      } catch (error) {
        finish(error instanceof GivenUp ? '–' : '✗');
        throw error;
      }
    },
  };
}

/** Progress that is shown nowhere. */
export const silentProgress: Progress = {
  step: (_label, work) => work(() => undefined),
  say: () => undefined,
  close: () => undefined,
};

function seconds(started: number): string {
  return `${((Date.now() - started) / 1000).toFixed(1)} s`;
}

/** What to do about something damaged that Medloom never replaces by itself. */
export const putBack =
  'put it back from a backup, or begin anew, which deletes everything: npm start -- --fresh. Nothing was changed.';

/**
 * The text that explains a failure: cause, what to do, and the log; where the failure names no log, the folder of all. A
 * system error is put in words.
 */
export function explainFailure(error: unknown, logFolder?: string): string {
  const message = error instanceof Error ? error.message : String(error);
  const known = systemFailure(error);
  const lines =
    error instanceof StepError
      ? [error.message, `What to do: ${error.advice}`]
      : known
        ? [`${known.cause} (${message})`, `What to do: ${known.advice}`]
        : [message, 'What to do: start again. Where it fails in the same way, the logs tell more.'];
  if (error instanceof StepError && error.logFile) lines.push(`The log is ${error.logFile}`);
  else if (logFolder) lines.push(`The logs are in ${logFolder}`);
  return lines.join('\n');
}

interface KnownFailure {
  cause: string;
  advice: string;
  /** How a program says it that does not name the code. */
  said: RegExp;
}

const elsewhere = 'Packages, builds and logs lie in the clone itself; the state alone can lie elsewhere: --state DIR.';

const systemErrors: Record<string, KnownFailure | undefined> = {
  ENOSPC: {
    cause: 'The disk is full.',
    advice: 'free some space and start again; nothing that was recorded is lost.',
    said: /No space left on device/i,
  },
  EDQUOT: {
    cause: 'The disk quota is used up.',
    advice: 'free some space and start again; nothing that was recorded is lost.',
    said: /quota exceeded/i,
  },
  EROFS: {
    cause: 'The disk is read-only.',
    advice: `clone Medloom to a disk that can be written to. ${elsewhere}`,
    said: /Read-only file system/i,
  },
  EACCES: {
    cause: 'This user may not do that.',
    advice: `make the files yours; they may have been made by root. ${elsewhere}`,
    said: /Permission denied/i,
  },
  EPERM: {
    cause: 'This user may not do that.',
    advice: `make the files yours; they may have been made by root. ${elsewhere}`,
    said: /Operation not permitted/i,
  },
  EMFILE: {
    cause: 'Too many open files.',
    advice: 'raise the limit (ulimit -n 4096) and start again.',
    said: /Too many open files/i,
  },
  ENOMEM: {
    cause: 'There is not enough memory.',
    advice: 'end other programs; Medloom needs about 2.5 GB.',
    said: /Cannot allocate memory|heap out of memory/i,
  },
};

/** A system error in words, also one that lies behind another error; undefined where it is none or an unknown one. */
export function systemFailure(error: unknown): KnownFailure | undefined {
  const code = codeOf(error);
  return code === undefined ? undefined : systemErrors[code];
}

/** What to do about a failure of which only a program's words are known; undefined where they tell no known cause. */
export function adviceFor(words: string): string | undefined {
  for (const [code, known] of Object.entries(systemErrors))
    if (known && (new RegExp(`\\b${code}\\b`).test(words) || known.said.test(words))) return known.advice;
  return undefined;
}

export function codeOf(error: unknown): string | undefined {
  for (let at = error; at instanceof Error; at = at.cause)
    if ('code' in at && typeof at.code === 'string') return at.code;
  return undefined;
}
