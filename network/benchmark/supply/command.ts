import { World } from '#server/testing/world.ts';
import { createProgress, type Progress } from '../../step.ts';
import { runCommand } from '../command.ts';
import { withOwnNetwork } from '../ownNetwork.ts';
import { measureNetwork } from './network.ts';
import { parseOptions, type TraceOptions } from './options.ts';
import { measureReading, type ReadingFigures } from './reading.ts';

/**
 * `npm run bench:trace`: what tracing medicines costs. First the read model: so many events are generated and followed from
 * block 0 as `projections:rebuild` does, and the authority's first screen and the stories of packs are read from it. Then a
 * network of its own: captures in batches and one by one, and what people wait for in a browser. The last line is one JSON
 * object; milliseconds unless the name says otherwise.
 */
await runCommand(async () => {
  const options = parseOptions(process.argv.slice(2));
  const progress = createProgress();
  const model = options.part === 'network' ? undefined : await readModel(progress, options);
  const network =
    options.part === 'model' ? undefined : await withOwnNetwork(progress, (own) => measureNetwork(own, options));
  progress.close();
  process.stdout.write(`${JSON.stringify({ ...network, ...model })}\n`);
});

async function readModel(progress: Progress, options: TraceOptions): Promise<ReadingFigures> {
  const world = await World.start();
  try {
    return await measureReading(world, progress, options);
  } finally {
    await world.stop();
  }
}
