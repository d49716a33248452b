import { execFile } from 'node:child_process';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fillBlock } from './blocks.ts';
import { runCommand } from './command.ts';
import { fabricCosts } from './costs.ts';
import { germany, needsOf } from './country.ts';
import { countryText } from './countryText.ts';
import { drawPlots } from './draw.ts';
import { checkModel } from './modelCheck.ts';
import { type Plot, plotsOf } from './plots.ts';
import { type Results, readResults } from './results.ts';
import { summarise } from './summary.ts';
import { costTable, loadTable, modelTables, peerTable } from './tables.ts';

/**
 * `npm run bench:report`: fills the generated parts of docs/performance.md and docs/scaling.md, and draws their plots, from the
 * results of the last `npm run bench:parallel`.
 */

const root = join(import.meta.dirname, '..', '..');
const docs = join(root, 'docs');

const picture = ({ name, description }: Plot) =>
  `<picture><source media="(prefers-color-scheme: dark)" srcset="images/${name}-dark.svg"><img alt="${description}" src="images/${name}-light.svg"></picture>`;

function measured(results: Results, plots: readonly Plot[]): string {
  const { machine, options, measuredAt } = results;
  const others = plots.filter(({ name }) => name.startsWith('parallel-')).map(picture);
  const absent = Object.entries(results.missing).map(([ledger, reason]) => `Not measured: ${ledger} (${reason}).\n\n`);
  return `On ${measuredAt.slice(0, 10)}: ${machine.processor}, ${machine.cores} cores, ${machine.memoryGb} GB, ${machine.system}, Node ${machine.node}. Rounds of ${options.seconds} s; blocks after ${options.batchTimeoutMs} ms or ${options.maxMessageCount} transactions.

${absent.join('')}\`\`\`
${JSON.stringify(summarise(results))}
\`\`\`

**Scenario 1**: ${options.offered} transactions a second for each chain.

${loadTable(results, 'equal')}

**Scenario 2**: ${options.offered * 4} transactions a second in all, spread over the chains.

${loadTable(results, 'fixed')}

As much as is taken, with ${options.unfinished} transactions unfinished:

${loadTable(results, 'saturation')}

Reads, with 16 unfinished:

${loadTable(results, 'read')}

What a transaction costs at the total load of scenario 2:

${costTable(results)}

Each peer there:

${peerTable(results)}

${others.join('\n\n')}`;
}

function scaling(results: Results, plots: readonly Plot[]): string {
  const tables = results.ledgers.map((figures) => modelTables(figures.ledger, checkModel(figures, results)));
  return [...tables, ...plots.filter(({ name }) => name.startsWith('scaling-')).map(picture)].join('\n\n');
}

function country(results: Results): string {
  const costs = fabricCosts(results);
  if (!costs) return 'Fabric was not measured, so that there are no costs to reckon with.';
  return countryText(germany, costs, needsOf(germany, costs));
}

function fill(file: string, blocks: Record<string, string>): void {
  const path = join(docs, file);
  const text = Object.entries(blocks).reduce(
    (document, [name, block]) => fillBlock(document, name, block),
    readFileSync(path, 'utf8'),
  );
  writeFileSync(path, text);
}

await runCommand(async () => {
  const results = readResults();
  const plots = plotsOf(results);
  const images = join(docs, 'images');
  mkdirSync(images, { recursive: true });
  await drawPlots(plots, images);
  fill('performance.md', { 'parallel chains': measured(results, plots) });
  fill('scaling.md', { 'the model checked': scaling(results, plots), 'a country': country(results) });
  // The project's formatter lays out documents too.
  const formatter = join(root, 'node_modules', '@biomejs', 'biome', 'bin', 'biome');
  await promisify(execFile)(process.execPath, [formatter, 'format', '--write', docs], { cwd: root });
  process.stdout.write(`docs/performance.md and docs/scaling.md have the figures of ${results.measuredAt}.\n`);
});
