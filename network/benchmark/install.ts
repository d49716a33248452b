import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { startChild } from '../processes/child.ts';
import { StepError } from '../step.ts';

/** The benchmarks' own package: Caliper, and what draws the plots. */
export const caliperDir = join(import.meta.dirname, 'caliper');
export const logDir = join(import.meta.dirname, '..', '..', '.medloom', 'logs', 'bench');

const lock = z.object({
  packages: z.record(z.string(), z.object({ version: z.string().optional(), optional: z.boolean().optional() })),
});

/** Installs what the package's lock file names, unless exactly that is there. No install script runs. Throws a StepError. */
export async function ensureCaliper(note: (text: string) => void): Promise<void> {
  if (isInstalled()) return;
  note('Caliper and its packages are installed from npm, which happens once');
  const logFile = join(logDir, 'install.log');
  const args = ['ci', '--prefix', caliperDir, '--ignore-scripts', '--no-audit', '--no-fund', '--no-progress'];
  const cli = process.env.npm_execpath;
  const env = { ...process.env };
  // npm hands the settings of the project that it was started for down to every npm below it.
  for (const name of Object.keys(env))
    if (/^npm_(package|lifecycle|config_(local_)?prefix)/.test(name)) delete env[name];
  const child = await startChild({
    ...(cli ? { command: process.execPath, args: [cli, ...args] } : { command: 'npm', args }),
    ...{ env, logFile },
  });
  await child.end;
  if (child.ended() === 'ended with code 0' && isInstalled()) return;
  throw new StepError(`Caliper's packages could not be installed. The log ends:\n${await child.lastLines()}`, {
    ...{ advice: `try "npm ci --ignore-scripts" in ${caliperDir}.`, logFile },
  });
}

/** Compares npm's own record of what it installed with the lock file. */
function isInstalled(): boolean {
  const wanted = readLock(join(caliperDir, 'package-lock.json'));
  const present = readLock(join(caliperDir, 'node_modules', '.package-lock.json'));
  if (!wanted || !present) return false;
  return Object.entries(wanted.packages).every(
    ([path, { version, optional }]) => path === '' || optional === true || present.packages[path]?.version === version,
  );
}

function readLock(file: string): z.infer<typeof lock> | undefined {
  try {
    return lock.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    return undefined;
  }
}
