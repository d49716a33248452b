import { arch, cpus, platform, release, totalmem } from 'node:os';
import { dirname, join } from 'node:path';
import { compileChaincode } from '#chaincode/testing/compile.ts';
import { requireFabric } from '../fabric/programs.ts';
import { createProgress, type Progress, StepError } from '../step.ts';
import { batching } from './carePlan.ts';
import { runCommand } from './command.ts';
import { ensureCaliper } from './install.ts';
import type { LedgerName } from './ledger.ts';
import { measureNetwork } from './measure.ts';
import { type ParallelOptions, parseOptions } from './options.ts';
import { type LedgerFigures, type Results, resultsFile, writeResults } from './results.ts';
import { unfinished } from './rounds.ts';
import { round } from './statistics.ts';
import { summarise } from './summary.ts';

/**
 * `npm run bench:parallel`: the same contracts on 1, 2, 4 and 8 care chains, on the devnet and on native Fabric, with Caliper. All
 * on the loopback of this machine. Details go to `.medloom/bench/parallel.json`; the last line is one JSON object.
 */

/** The ledgers that can run here, and why another cannot. Throws where Fabric was asked for alone and is not there. */
function choose(wanted: ParallelOptions['ledger']): { ledgers: LedgerName[]; missing: Results['missing'] } {
  if (wanted === 'devnet') return { ledgers: ['devnet'], missing: {} };
  try {
    requireFabric();
  } catch (error) {
    if (wanted === 'fabric' || !(error instanceof StepError)) throw error;
    return { ledgers: ['devnet'], missing: { fabric: error.message } };
  }
  return { ledgers: wanted === 'fabric' ? ['fabric'] : ['devnet', 'fabric'], missing: {} };
}

async function measureAll(options: ParallelOptions, progress: Progress): Promise<Results> {
  if (process.platform !== 'linux')
    throw new StepError('Processor time and memory are read from /proc, which only Linux has.', {
      advice: 'run it on Linux, in a container for example.',
    });
  const { ledgers, missing } = choose(options.ledger);
  for (const reason of Object.values(missing)) progress.say(`Only the devnet is measured: ${reason}`);
  await ensureCaliper(progress.say);
  const compiled = await compileChaincode();
  const measured: LedgerFigures[] = [];
  try {
    for (const ledger of ledgers) {
      const figures: LedgerFigures = { ledger, networks: [] };
      for (const chains of options.chains)
        await progress.step(`${ledger}, ${chains} care ${chains === 1 ? 'chain' : 'chains'}`, async (note) => {
          figures.networks.push(
            await measureNetwork({
              ...{ ledger, chains, note, serveFile: compiled.serveFile },
              ...{ offered: options.offered, seconds: options.seconds },
              // On the project's own disk, since a temporary folder may lie in memory, where syncing costs nothing.
              folder: join(dirname(resultsFile), 'network'),
            }),
          );
        });
      measured.push(figures);
    }
  } finally {
    compiled.remove();
  }
  return {
    measuredAt: new Date().toISOString(),
    machine: {
      ...{ processor: cpus()[0]?.model ?? 'unknown', cores: cpus().length, memoryGb: round(totalmem() / 1e9) },
      ...{ node: process.versions.node, system: `${platform()} ${release()} ${arch()}` },
    },
    options: { seconds: options.seconds, offered: options.offered, unfinished, ...batching },
    ...{ ledgers: measured, missing },
  };
}

await runCommand(async () => {
  const progress = createProgress();
  const results = await measureAll(parseOptions(process.argv.slice(2)), progress).finally(progress.close);
  writeResults(results);
  process.stdout.write(`${JSON.stringify(summarise(results))}\n`);
});
