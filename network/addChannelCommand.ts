import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { addChannel, wantedChannel } from './addChannel.ts';
import { defaultStateDir } from './network.ts';
import { createProgress, explainFailure, StepError } from './step.ts';

/** `npm run network:add-channel care`: adds a chain to the network that runs. */

const usage = `npm run network:add-channel -- care|supply|NAME [--state DIR]

  care, supply   the next channel of that kind; one that was begun before and not finished is finished instead
  NAME           this channel, for example care-4; nothing is done where it is in force
  --state DIR    state folder of the network that runs (.medloom)`;

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => abort.abort(new Error(`ended by ${signal}`)));

const progress = createProgress();
try {
  const { values, positionals } = read();
  if (values.help) {
    console.log(usage);
  } else {
    const wanted = wantedChannel(positionals[0]);
    const stateDir = resolve(values.state ?? defaultStateDir);
    const { name, mapVersion, unchanged } = await addChannel({ stateDir, wanted, progress, signal: abort.signal });
    const what = name.startsWith('care') ? 'patients' : 'products';
    const since = `version ${mapVersion} of the channel map`;
    progress.say(
      unchanged
        ? `\n${name} is in force, by ${since}; nothing was to be done.`
        : `\n${name} is in force, by ${since}. New ${what} of its share go there; nobody was moved and nothing restarted.`,
    );
  }
} catch (error) {
  console.error(`\nThe channel was not added.\n${explainFailure(error)}`);
  process.exitCode = 1;
} finally {
  progress.close();
}

function read() {
  try {
    const options = { state: { type: 'string' }, help: { type: 'boolean', short: 'h' } } as const;
    return parseArgs({ options, allowPositionals: true });
  } catch (error) {
    throw new StepError(error instanceof Error ? error.message : String(error), { advice: `use\n${usage}` });
  }
}
