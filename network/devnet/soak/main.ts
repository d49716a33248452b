import { parseArgs } from 'node:util';
import { soak } from './soak.ts';

/** `npm run soak:devnet -- --kills N --seed S`; the last line is one JSON object. */
const { values } = parseArgs({
  options: { kills: { type: 'string', default: '50' }, seed: { type: 'string', default: '1' } },
});
const kills = Number(values.kills);
const seed = Number(values.seed);
if (!Number.isInteger(kills) || kills < 1 || !Number.isInteger(seed)) throw new Error('use --kills N --seed S');
const result = await soak(kills, seed, (text) => process.stdout.write(`${text}\n`));
process.stdout.write(`${JSON.stringify(result)}\n`);
