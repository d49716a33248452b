import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { compileChaincode } from '#chaincode/testing/compile.ts';
import { createProgress, type Progress, StepError } from '../../step.ts';
import { runCommand } from '../command.ts';
import { startConsortium } from '../consortium.ts';
import { withOwnNetwork } from '../ownNetwork.ts';
import { resultsFile } from '../results.ts';
import { type CycleFigures, measureCycles } from './cycles.ts';
import { measureGas } from './gas.ts';
import { raceOf, raceOnLedger } from './races.ts';
import { measureVerifying } from './verifying.ts';

/** `npm run bench:prescriptions`: what prescriptions cost. The last line is one JSON object; docs/performance.md says what each figure means. */

const schema = z.object({
  ledger: z.enum(['devnet', 'fabric']).default('devnet'),
  seconds: z.coerce.number().min(2).max(120).default(20),
  alone: z.coerce.number().int().min(3).max(500).default(30),
  /** Cycles under way on each chain. */
  atOnce: z.coerce.number().int().min(1).max(200).default(32),
  /** Proofs that are verified in a browser. */
  proofs: z.coerce.number().int().min(3).max(500).default(30),
  part: z.enum(['all', 'cycles', 'races', 'gas', 'verify']).default('all'),
  interleavings: z.coerce.number().int().min(1).max(1_000_000).default(10_000),
  seed: z.coerce.number().int().default(1),
});
type Options = z.infer<typeof schema>;

/** One chain, and as many as the demonstration has. */
const networks = [1, 4];

function parseOptions(args: string[]): Options {
  try {
    const text = { type: 'string' } as const;
    const { values } = parseArgs({
      args,
      options: {
        ...{ ledger: text, seconds: text, alone: text, atOnce: text, proofs: text },
        ...{ part: text, interleavings: text, seed: text },
      },
    });
    return schema.parse(values);
  } catch (error) {
    const message = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new StepError(`The options are not understood:\n${message}`, {
      advice: 'see docs/performance.md for the options.',
      cause: error,
    });
  }
}

async function cyclesOf(options: Options, progress: Progress): Promise<CycleFigures[]> {
  const compiled = await compileChaincode();
  const figures: CycleFigures[] = [];
  try {
    for (const chains of networks)
      await progress.step(`${options.ledger}, ${chains} care ${chains === 1 ? 'chain' : 'chains'}`, async (note) => {
        await using consortium = await startConsortium({
          ...{ ledger: options.ledger, chains, note, serveFile: compiled.serveFile },
          folder: join(dirname(resultsFile), 'network'),
        });
        note('cycles');
        figures.push(await measureCycles(consortium, { chains, ...options }));
      });
  } finally {
    compiled.remove();
  }
  return figures;
}

await runCommand(async () => {
  const options = parseOptions(process.argv.slice(2));
  const wants = (part: Options['part']) => options.part === 'all' || options.part === part;
  const progress = createProgress();
  const figures: Record<string, unknown> = { ledger: options.ledger };
  try {
    if (wants('cycles')) {
      const [one, four] = await cyclesOf(options, progress);
      if (!one || !four) throw new Error('A network was not measured.');
      figures.cycleP50Ms = one.cycleP50Ms;
      figures.cycleP95Ms = one.cycleP95Ms;
      figures.cyclesPerSecond = { [one.chains]: one.cyclesPerSecond, [four.chains]: four.cyclesPerSecond };
    }
    if (wants('races')) {
      await progress.step('ten pharmacies', async () =>
        Object.assign(figures, await raceOf(options.seed, options.interleavings)),
      );
      await progress.step(`ten pharmacies, ${options.ledger}`, async () =>
        Object.assign(figures, await raceOnLedger(options.ledger, options.seed, options.seconds)),
      );
    }
    if (wants('gas')) await progress.step('gas', async () => Object.assign(figures, await measureGas()));
    if (wants('verify'))
      figures.verifyInBrowserMs = await withOwnNetwork(progress, (own) => measureVerifying(own, options.proofs));
  } finally {
    progress.close();
  }
  process.stdout.write(`${JSON.stringify(figures)}\n`);
});
