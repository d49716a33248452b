import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium } from '@playwright/test';
import { readEnv } from '#server/env.ts';
import { openPortal } from '#server/portal.ts';
import { startNetwork } from '../../network.ts';
import { createProgress, StepError } from '../../step.ts';
import { ensureChromium } from '../../suite/chromium.ts';
import { runCommand } from '../command.ts';
import { measureRecords } from './measure.ts';
import { parseOptions } from './options.ts';

/**
 * `npm run bench:records`: what records cost in a real browser, on a network of its own. The last line is one JSON object;
 * milliseconds unless the name says otherwise.
 */
await runCommand(async () => {
  const options = parseOptions(process.argv.slice(2));
  const progress = createProgress();
  const stateDir = mkdtempSync(join(tmpdir(), 'medloom-bench-'));
  chmodSync(stateDir, 0o711);
  const ended = new AbortController();
  const interrupted = new Promise<never>((_, reject) => {
    const end = () =>
      ended.abort(new StepError('The benchmark was ended.', { advice: 'start it again; nothing of it is kept.' }));
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
    ended.signal.addEventListener('abort', () => reject(ended.signal.reason));
  });
  // It ends the start by the signal, and the measuring by the race below.
  interrupted.catch(() => undefined);
  const network = await startNetwork({ stateDir, port: 0, batchTimeoutMs: 100, progress, signal: ended.signal });
  try {
    process.env.MEDLOOM_RUN = join(stateDir, 'run.json');
    const portal = openPortal(readEnv(network.run.portalEnv));
    const browser = await chromium.launch({
      executablePath: await ensureChromium(progress.say),
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
    });
    try {
      const figures = await Promise.race([
        interrupted,
        measureRecords({ portal, browser, run: network.run, progress }, options),
      ]);
      process.stdout.write(`${JSON.stringify(figures)}\n`);
    } finally {
      await browser.close();
      await portal.close();
    }
  } finally {
    await network.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
});
