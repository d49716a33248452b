import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { chromium } from '@playwright/test';
import { packageDir } from '../build.ts';
import { runScript, runTool, tail } from './part.ts';

const run = promisify(execFile);
const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable', 'chrome', 'microsoft-edge'];
const places = [
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
  '/Applications/Chromium.app/Contents/MacOS/Chromium',
];

/**
 * Path of a Chromium that runs: CHROMIUM_BIN, an installed one, Playwright's own, or Debian's package when this is root.
 * Throws with what was tried.
 */
export async function ensureChromium(note: (text: string) => void): Promise<string> {
  const named = process.env.CHROMIUM_BIN;
  if (named) {
    if (await works(named)) return named;
    throw new Error(`CHROMIUM_BIN is ${named}, which does not run.`);
  }
  const found = await findChromium();
  if (found) return found;

  note('downloading');
  const download = await runScript(
    'chromium-download',
    [join(packageDir('playwright'), 'cli.js'), 'install', 'chromium'],
    {
      env: { PLAYWRIGHT_DOWNLOAD_CONNECTION_TIMEOUT: '20000' },
      withinMs: 5 * 60_000,
    },
  );
  const downloaded = await findChromium();
  if (downloaded) return downloaded;

  const reasons = [`Playwright's download: ${tail(download.output, 3)}`];
  if (process.getuid?.() === 0 && existsSync('/usr/bin/apt-get')) {
    note("Debian's package");
    const env = { DEBIAN_FRONTEND: 'noninteractive' };
    await runTool('chromium-apt-update', 'apt-get', ['update'], { env, withinMs: 5 * 60_000 });
    const install = ['install', '-y', '--no-install-recommends', 'chromium'];
    const installed = await runTool('chromium-apt-install', 'apt-get', install, { env, withinMs: 10 * 60_000 });
    const packaged = await findChromium();
    if (packaged) return packaged;
    reasons.push(`apt-get: ${tail(installed.output, 3)}`);
  }
  throw new Error(
    `Chromium is missing and could not be set up. Install it (Debian: apt-get install chromium) or set CHROMIUM_BIN.\n${reasons.join('\n')}`,
  );
}

async function findChromium(): Promise<string | undefined> {
  const folders = (process.env.PATH ?? '').split(delimiter);
  const installed = names.flatMap((name) => folders.map((folder) => join(folder, name)));
  for (const file of [...installed, ...places, chromium.executablePath()])
    if (existsSync(file) && (await works(file))) return file;
  return undefined;
}

/** A browser may be there without the libraries that it needs, or be a stub that asks to install a package. */
async function works(file: string): Promise<boolean> {
  try {
    const { stdout } = await run(file, ['--version'], { timeout: 20_000 });
    return /Chrom|Edge/.test(stdout);
  } catch {
    return false;
  }
}
