import { mkdirSync } from 'node:fs';
import { join, relative } from 'node:path';
import { compileChaincode } from './build.ts';
import { indent } from './service.ts';
import { createProgress } from './step.ts';
import { runBrowserTests } from './suite/browser.ts';
import { checkLint, checkTypes, runContractTests, runUnitTests } from './suite/checks.ts';
import { endTools, logDir, type Outcome } from './suite/part.ts';

/** `npm test`: every check of the project; the last line says how many passed and failed. */

const progress = createProgress();
const outcomes: Outcome[] = [];
const failures: string[] = [];

type Work = (note: (text: string) => void) => Promise<Outcome>;

/** Runs a part and says what it came to. A part that throws counts as one failed test. */
async function part(name: string, work: Work): Promise<void> {
  const outcome: Outcome = { passed: 0, failed: 0, failures: [] };
  await progress
    .step(name, async (note) => {
      Object.assign(outcome, await work(note));
      note(outcome.skipped ? `skipped: ${outcome.skipped}` : `${outcome.passed} passed, ${outcome.failed} failed`);
      if (outcome.failed > 0) throw new FailedPart();
    })
    .catch((error: unknown) => {
      if (!(error instanceof FailedPart)) Object.assign(outcome, { failed: 1, failures: [describe(error)] });
    });
  outcomes.push(outcome);
  failures.push(...outcome.failures.map((text) => `✗ ${name}: ${text}`));
}

/** Gives the part its cross; its failures are printed at the end. */
class FailedPart extends Error {}

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
  process.once(signal, () => {
    endTools();
    process.exit(130);
  });
process.once('disconnect', () => {
  endTools();
  process.exit(1);
});

const only = process.argv.slice(2);
const wanted = (name: string) => only.length === 0 || only.includes(name);

mkdirSync(logDir, { recursive: true });
const quick: Promise<void>[] = [];
if (wanted('lint')) quick.push(part('lint', checkLint));
if (wanted('types')) quick.push(part('types', checkTypes));
await Promise.all(quick);
if (wanted('unit'))
  await part('unit', async () => {
    // Tests of the ledger run the compiled contracts.
    await compileChaincode({ logFile: join(logDir, 'chaincode.log'), signal: new AbortController().signal });
    return runUnitTests();
  });
if (wanted('contracts')) await part('contracts', runContractTests);
if (wanted('browser')) await part('browser', runBrowserTests);
progress.close();

for (const failure of failures) console.log(`\n${indent(failure)}`);
const sum = (of: 'passed' | 'failed') => outcomes.reduce((total, outcome) => total + outcome[of], 0);
console.log(`\nLogs: ${relative(process.cwd(), logDir)}`);
console.log(`${sum('passed')} passed, ${sum('failed')} failed`);
process.exit(sum('failed') > 0 || sum('passed') === 0 ? 1 : 0);
