import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { packageDir } from '../build.ts';
import { count, crashed, readReport } from './checks.ts';
import { ensureChromium } from './chromium.ts';
import { type Outcome, root, runScript } from './part.ts';

const spec = z.object({
  title: z.string(),
  file: z.string(),
  ok: z.boolean(),
  tests: z.array(
    z.object({
      results: z.array(z.object({ status: z.string().optional(), errors: z.array(z.object({ message: z.string() })) })),
    }),
  ),
});
type Spec = z.infer<typeof spec>;

interface Suite {
  title: string;
  specs: Spec[];
  suites?: Suite[] | undefined;
}

const suite: z.ZodType<Suite> = z.lazy(() =>
  z.object({ title: z.string(), specs: z.array(spec), suites: z.array(suite).optional() }),
);

const playwrightReport = z.object({
  suites: z.array(suite),
  errors: z.array(z.object({ message: z.string().optional() })),
  stats: z.object({ expected: z.number(), unexpected: z.number(), flaky: z.number(), skipped: z.number() }),
});

/** The journeys in a browser, on one start of the whole network. */
export async function runBrowserTests(note: (text: string) => void): Promise<Outcome> {
  const journeys = join(root, 'playwright', 'journeys');
  if (!existsSync(journeys) || readdirSync(journeys).length === 0)
    return { passed: 0, failed: 0, failures: [], skipped: 'there are no journeys' };
  const browser = await ensureChromium(note);
  note(browser);
  const report = join(root, 'playwright', 'results', 'report.json');
  rmSync(report, { force: true });
  const cli = join(packageDir('@playwright/test'), 'cli.js');
  const result = await runScript('browser', [cli, 'test', '--config', 'playwright/playwright.config.ts'], {
    env: { CHROMIUM_BIN: browser },
    withinMs: 45 * 60_000,
  });
  const read = readReport(report, playwrightReport);
  if (!read) return crashed(result);
  const failures = [
    ...read.errors.map(({ message }) => message ?? 'An error outside of the tests'),
    ...read.suites.flatMap((top) => failuresOf(top, '')),
  ];
  return count(read.stats.expected, failures, result);
}

function failuresOf(part: Suite, above: string): string[] {
  const title = [above, part.title].filter(Boolean).join(' › ');
  const own = part.specs
    .filter(({ ok }) => !ok)
    .map((failed) => {
      const messages = failed.tests.flatMap(({ results }) => results.flatMap(({ errors }) => errors));
      return `${title} › ${failed.title}\n${messages.map(({ message }) => message).join('\n')}`;
    });
  return [...own, ...(part.suites ?? []).flatMap((inner) => failuresOf(inner, title))];
}
