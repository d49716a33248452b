import { existsSync } from 'node:fs';
import { join, relative } from 'node:path';
import { defaultStateDir, type Network, startNetwork } from './network.ts';
import { readOptions, usage } from './options.ts';
import { endChildrenAtOnce } from './processes/child.ts';
import { createProgress, explainFailure } from './step.ts';
import { welcome } from './welcome.ts';

/** A terminal sends Ctrl-C to us and through the set-up again; only a later one means that it is urgent. */
const urgentAfterMs = 1_500;

const progress = createProgress();
const abort = new AbortController();
let network: Network | undefined;
let askedAt: number | undefined;
let logFolder: string | undefined;

/** The first time ends everything in order, the second time at once. */
function end(reason: string): void {
  if (askedAt !== undefined) {
    if (Date.now() - askedAt <= urgentAfterMs) return;
    // Our own programs notice our end; the others would go on without us.
    endChildrenAtOnce();
    process.exit(130);
  }
  askedAt = Date.now();
  progress.say('');
  if (!network) {
    process.exitCode = 130;
    abort.abort(new Error(`The start was ended by ${reason}.`));
    return;
  }
  const running = network;
  progress
    .step('Everything ended', () => running.stop())
    .catch((error: unknown) => {
      progress.say(explainFailure(error, logFolder));
      process.exitCode = 1;
    })
    .finally(() => {
      progress.close();
      process.exit();
    });
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal));
// The set-up holds the other end; it closes when that was killed.
process.once('disconnect', () => end('the end of the set-up'));
// A terminal that was closed takes its output with it; that alone must not stop an orderly end.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

try {
  const options = readOptions(process.argv.slice(2), defaultStateDir);
  if (options.help) {
    console.log(usage);
    process.exit(0);
  }
  logFolder = join(options.stateDir, 'logs');
  const started = Date.now();
  network = await startNetwork({ ...options, progress, signal: abort.signal });
  const seconds = ((Date.now() - started) / 1000).toFixed(1);
  progress.say(`\nMedloom is ready after ${seconds} s, with ${Math.round(network.run.rssMb)} MB of memory.\n`);
  progress.say(welcome(network.run, options.portal));
  progress.say(`\n  State and logs: ${relative(process.cwd(), network.run.stateDir) || '.'}. Ctrl-C ends everything.`);
} catch (error) {
  progress.close();
  if (abort.signal.aborted) console.error(abort.signal.reason.message);
  else {
    const logs = logFolder !== undefined && existsSync(logFolder) ? logFolder : undefined;
    console.error(`\nMedloom did not start.\n${explainFailure(error, logs)}`);
  }
  process.exit(process.exitCode ?? 1);
}
