import { createProgress } from '../../step.ts';
import { runCommand } from '../command.ts';
import { withOwnNetwork } from '../ownNetwork.ts';
import { measureRecords } from './measure.ts';
import { parseOptions } from './options.ts';

/**
 * `npm run bench:records`: what records cost in a real browser, on a network of its own. The last line is one JSON object;
 * milliseconds unless the name says otherwise.
 */
await runCommand(async () => {
  const options = parseOptions(process.argv.slice(2));
  const figures = await withOwnNetwork(createProgress(), (own) => measureRecords(own, options));
  process.stdout.write(`${JSON.stringify(figures)}\n`);
});
