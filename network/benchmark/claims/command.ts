import { createProgress } from '../../step.ts';
import { runCommand } from '../command.ts';
import { measureGas } from './gas.ts';
import { withClaimsNetwork } from './network.ts';
import { parseOptions } from './options.ts';
import { measurePath } from './path.ts';
import { reconcile } from './reconcile.ts';

/** `npm run bench:claims`: what claims cost, and whether their books balance. The last line is one JSON object; docs/performance.md says what each figure means. */
// What goes wrong here is meant to, thousands of times.
process.env.LOG_LEVEL ??= 'error';
await runCommand(async () => {
  const options = parseOptions(process.argv.slice(2));
  const wants = (part: typeof options.part) => options.part === 'all' || options.part === part;
  const progress = createProgress();
  const figures: Record<string, unknown> = {};
  try {
    if (wants('path'))
      await withClaimsNetwork(progress, (portal) =>
        progress.step('Claims', async (note) => Object.assign(figures, await measurePath(portal, options, note))),
      );
    if (wants('gas')) await progress.step('gas', async () => Object.assign(figures, await measureGas()));
    if (wants('reconcile'))
      await progress.step('reconciliation', async (note) => Object.assign(figures, await reconcile(options, note)));
  } finally {
    progress.close();
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`);
}).catch((error: unknown) => {
  // With the contracts in this process a rejection that nobody handles would end it as if all were well.
  process.stderr.write(`${error instanceof Error ? error.stack : error}\n`);
  process.exitCode = 1;
});
// Everything is stopped; some client that has no other end would keep the process for ever.
process.exit();
