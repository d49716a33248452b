import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageDir } from '../build.ts';
import { logDir, type Outcome, runScript, type ToolResult, tail } from './part.ts';

/** Format and lint rules of the whole project; one test. */
export async function checkLint(): Promise<Outcome> {
  const biome = join(packageDir('@biomejs/biome'), 'bin', 'biome');
  return single(await runScript('lint', [biome, 'check', '--max-diagnostics=200', '.']));
}

/** Types of the portal, of the chaincode, which is compiled differently, and of the contracts; one test. */
export async function checkTypes(): Promise<Outcome> {
  const tsc = join(packageDir('typescript'), 'bin', 'tsc');
  const results: ToolResult[] = [];
  for (const project of ['.', 'chaincode/tsconfig.test.json', 'contracts']) {
    const name = `types-${project.replaceAll(/\W+/g, '-')}`;
    results.push(await runScript(name, [tsc, '--noEmit', '-p', project]));
  }
  const bad = results.filter(({ code }) => code !== 0);
  if (bad.length === 0) return { passed: 1, failed: 0, failures: [] };
  return { passed: 0, failed: 1, failures: bad.map(({ output }) => tail(output, 100)) };
}

function single({ code, output }: ToolResult): Outcome {
  if (code === 0) return { passed: 1, failed: 0, failures: [] };
  return { passed: 0, failed: 1, failures: [tail(output, 200)] };
}

const vitestReport = z.object({
  numPassedTests: z.number(),
  numFailedTests: z.number(),
  success: z.boolean(),
  testResults: z.array(
    z.object({
      name: z.string(),
      status: z.string(),
      message: z.string().optional(),
      assertionResults: z.array(
        z.object({ fullName: z.string(), status: z.string(), failureMessages: z.array(z.string()).nullish() }),
      ),
    }),
  ),
});

/** Unit, chaincode and integration tests beside the code. */
export async function runUnitTests(): Promise<Outcome> {
  const report = join(logDir, 'unit.json');
  rmSync(report, { force: true });
  const vitest = join(packageDir('vitest'), 'vitest.mjs');
  const result = await runScript(
    'unit',
    [vitest, 'run', '--reporter=dot', '--reporter=json', `--outputFile=${report}`],
    {
      withinMs: 30 * 60_000,
    },
  );
  const read = readReport(report, vitestReport);
  if (!read) return crashed(result);
  const failures = read.testResults.flatMap((file) => {
    const failed = file.assertionResults.filter(({ status }) => status === 'failed');
    // A file that could not even be loaded has no test to fail.
    if (failed.length === 0 && file.status === 'failed') return [`${file.name}\n${file.message ?? ''}`];
    return failed.map((test) => `${file.name}\n${test.fullName}\n${(test.failureMessages ?? []).join('\n')}`);
  });
  return count(read.numPassedTests, failures, result);
}

/** Tests of the Ethereum contracts. */
export async function runContractTests(): Promise<Outcome> {
  const hardhat = join(packageDir('hardhat'), 'dist', 'src', 'cli.js');
  const result = await runScript('contracts', [hardhat, '--config', 'contracts/hardhat.config.ts', 'test']);
  const number = (word: string) => Number(new RegExp(`^\\s*(\\d+) ${word}`, 'm').exec(result.output)?.[1] ?? 0);
  const failed = number('failing');
  if (number('passing') + failed === 0) return crashed(result);
  const outcome = count(number('passing'), failed > 0 ? [tail(result.output, 200)] : [], result);
  return { ...outcome, failed: Math.max(failed, outcome.failed) };
}

/** A tool that fails although no test of it did, as by an unhandled rejection, counts as one failure. */
export function count(passed: number, failures: string[], result: ToolResult): Outcome {
  if (failures.length === 0 && result.code !== 0) return { passed, failed: 1, failures: [tail(result.output)] };
  return { passed, failed: failures.length, failures };
}

export function crashed({ output, logFile }: ToolResult): Outcome {
  return { passed: 0, failed: 1, failures: [`It ended without a result. ${logFile} ends:\n${tail(output)}`] };
}

export function readReport<T>(file: string, schema: z.ZodType<T>): T | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
