import { relative } from 'node:path';
import { parseArgs } from 'node:util';
import { createProgress, explainFailure, StepError } from '../step.ts';
import { fabricVersion, getFabric } from './getFabric.ts';
import { releaseDir } from './programs.ts';

/** `npm run network:get-fabric`: fetches the official release of Hyperledger Fabric, which `npm start -- --ledger fabric` then finds. */

const usage = `npm run network:get-fabric [-- --sha256 HEX]

  --sha256 HEX   the checksum of the archive from a source of your own, instead of the one that GitHub gives`;

const abort = new AbortController();
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => abort.abort(new Error(`ended by ${signal}`)));

const progress = createProgress();
try {
  const { sha256, help } = read();
  if (help) console.log(usage);
  else
    await progress.step(
      `Hyperledger Fabric ${fabricVersion} in ${relative(process.cwd(), releaseDir)}`,
      async (note) => {
        if (!(await getFabric({ sha256, signal: abort.signal, note }))) note('unchanged');
      },
    );
} catch (error) {
  console.error(`\nHyperledger Fabric was not fetched.\n${explainFailure(error)}`);
  process.exitCode = 1;
} finally {
  progress.close();
}

function read(): { sha256: string | undefined; help: boolean } {
  const options = { sha256: { type: 'string' }, help: { type: 'boolean', short: 'h', default: false } } as const;
  try {
    const { sha256, help } = parseArgs({ options }).values;
    if (sha256 !== undefined && !/^[0-9a-f]{64}$/i.test(sha256)) throw new Error(`${sha256} is no SHA-256.`);
    return { sha256: sha256?.toLowerCase(), help };
  } catch (error) {
    throw new StepError(error instanceof Error ? error.message : String(error), { advice: `use\n${usage}` });
  }
}
