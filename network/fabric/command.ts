import { execFile } from 'node:child_process';
import { adviceFor, StepError } from '../step.ts';

/** A program of Fabric that ended badly, with all that it said. */
export class CommandFailed extends StepError {
  readonly output: string;

  constructor(what: string, output: string, cause: unknown) {
    super(`${what} failed: ${lastWords(output)}`, {
      advice:
        adviceFor(output) ?? 'see the logs of peers and orderers, and start again, which goes on where this stopped.',
      cause,
    });
    this.name = 'CommandFailed';
    this.output = output;
  }
}

/** Runs one of Fabric's programs to its end and gives what it wrote on standard output. Throws CommandFailed. */
export function runProgram(
  command: string,
  args: string[],
  options: { what: string; env?: Record<string, string>; signal?: AbortSignal | undefined },
): Promise<string> {
  const { what, env, signal } = options;
  return new Promise((resolve, reject) => {
    const settings = { env: { ...process.env, ...env }, timeout: 120_000, maxBuffer: 32e6, ...(signal && { signal }) };
    execFile(command, args, settings, (error, stdout, stderr) => {
      if (!error) resolve(stdout);
      else if (signal?.aborted) reject(signal.reason);
      else reject(new CommandFailed(what, `${stdout}\n${stderr}` || error.message, error));
    });
  });
}

/** The last line that says something; Fabric's tools print their usage and log lines around it. */
function lastWords(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  return lines.findLast((line) => /^Error|error:|PANI|FATA/i.test(line)) ?? lines.at(-1) ?? 'it said nothing';
}
