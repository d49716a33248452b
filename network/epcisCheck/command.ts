import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { readEnv } from '#server/env.ts';
import { openPortal } from '#server/portal.ts';
import { defaultStateDir, startNetwork } from '../network.ts';
import { type RunFile, readRunFile } from '../runFile.ts';
import { createProgress, explainFailure } from '../step.ts';
import { findSchemathesis, fuzz, type Program } from './schemathesis.ts';
import { withToken } from './token.ts';

/**
 * `npm run check:epcis`: Schemathesis tries the EPCIS interface of a portal by its own OpenAPI description. Ends with 1 where an
 * answer is a 5xx, or other than described; without Schemathesis it says so and is skipped.
 */

const usage = `npm run check:epcis -- [--state DIR] [--examples 8] [--seconds 420] [--seed N]

  --state DIR    a network that runs, with the demonstration; without it that of .medloom, else one is started for the check
  --examples N   inputs for each operation, at most
  --seconds N    for all of it, at most; the summary says how many operations were reached`;

const text = { type: 'string' } as const;
const { values } = parseArgs({
  options: { state: text, examples: text, seconds: text, seed: text, help: { type: 'boolean', short: 'h' } },
});
const numberOf = (given: string | undefined, standard: number) => {
  const number = given === undefined ? standard : Number(given);
  if (!Number.isSafeInteger(number) || number < 1) throw new Error(`${given} is no number of them.`);
  return number;
};

const progress = createProgress();
try {
  const program = findSchemathesis();
  if (values.help) console.log(usage);
  else if (program === undefined) console.log('skipped: no schemathesis (pip install "schemathesis>=4,<5")');
  else process.exitCode = await check(program);
} catch (error) {
  console.error(`\nThe EPCIS interface was not checked.\n${explainFailure(error)}`);
  process.exitCode = 1;
} finally {
  progress.close();
}

async function check(program: Program): Promise<number> {
  const running = runningNetwork();
  if (running !== undefined) return checkAt(program, running);
  const stateDir = mkdtempSync(join(tmpdir(), 'medloom-check-'));
  const ended = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => ended.abort(new Error('ended')));
  try {
    const network = await startNetwork({ stateDir, port: 0, progress, signal: ended.signal });
    try {
      return await checkAt(program, network.run);
    } finally {
      await network.stop();
    }
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** The network that was asked for, or the one of this folder where it runs. */
function runningNetwork(): RunFile | undefined {
  const file = join(resolve(values.state ?? defaultStateDir), 'run.json');
  try {
    const run = readRunFile(file);
    // A file of a network that ended at once stays; its processes do not.
    for (const { pid } of run.processes) process.kill(pid, 0);
    return run;
  } catch (error) {
    if (values.state !== undefined) throw error;
    return undefined;
  }
}

async function checkAt(program: Program, run: RunFile): Promise<number> {
  const portal = openPortal(readEnv(run.portalEnv));
  try {
    return await withToken(portal, (token) =>
      fuzz(program, {
        ...{ url: `${run.urls.portal}/api/epcis/openapi.json`, token },
        ...{ examples: numberOf(values.examples, 8), seconds: numberOf(values.seconds, 420) },
        ...(values.seed && { seed: values.seed }),
      }),
    );
  } finally {
    await portal.close();
  }
}
