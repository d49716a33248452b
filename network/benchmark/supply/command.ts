import { parseArgs } from 'node:util';
import { World } from '#server/testing/world.ts';
import { createProgress } from '../../step.ts';
import { measureReading } from './reading.ts';

/**
 * `npm run bench:trace`: the read model of the supply channels. So many events are generated and followed from block 0 as
 * `projections:rebuild` does, into PostgreSQL; then the authority's dashboard and the stories of packs are read. The last line
 * is one JSON object; milliseconds unless the name says otherwise.
 */
const { values } = parseArgs({
  options: {
    events: { type: 'string', default: '1000000' },
    rounds: { type: 'string', default: '100' },
  },
});
const progress = createProgress();
const world = await World.start();
try {
  const figures = await measureReading(world, progress, {
    events: Math.max(1_000, Number(values.events)),
    rounds: Math.max(5, Number(values.rounds)),
  });
  progress.close();
  process.stdout.write(`${JSON.stringify(figures)}\n`);
} finally {
  await world.stop();
}
