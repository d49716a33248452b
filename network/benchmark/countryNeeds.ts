import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { StepError } from '../step.ts';
import { runCommand } from './command.ts';
import { fabricCosts } from './costs.ts';
import { countrySchema, germany, needsOf } from './country.ts';
import { countryText } from './countryText.ts';
import { readResults } from './results.ts';

/**
 * `npm run bench:model -- --country FILE.json`: what a country needs at the costs that were measured last on Fabric. The file has
 * the numbers of `country.ts`, or those of them that differ. The last line is one JSON object.
 */

await runCommand(async () => {
  const { values } = parseArgs({ options: { country: { type: 'string' } } });
  const given: unknown = values.country === undefined ? {} : JSON.parse(readFileSync(values.country, 'utf8'));
  const country = countrySchema.parse({ ...germany, ...countrySchema.partial().parse(given) });
  const costs = fabricCosts(readResults());
  if (!costs)
    throw new StepError('Fabric was not measured, so that there are no costs to reckon with.', {
      advice: 'measure it: FABRIC_BIN=… npm run bench:parallel',
    });
  const needs = needsOf(country, costs);
  process.stdout.write(`${countryText(country, costs, needs)}\n\n${JSON.stringify(needs)}\n`);
});
