import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { readEnv } from '#server/env.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { startNetwork } from '../network.ts';
import type { RunFile } from '../runFile.ts';
import { type Progress, StepError } from '../step.ts';
import { ensureChromium } from '../suite/chromium.ts';

/** A network with the demonstration's people, its portal's services in this process, and a browser. */
export interface OwnNetwork {
  run: RunFile;
  portal: Portal;
  browser: Browser;
  progress: Progress;
}

/** Starts a network for a benchmark, which is gone when the work has ended or when a signal comes. */
export async function withOwnNetwork<T>(progress: Progress, work: (own: OwnNetwork) => Promise<T>): Promise<T> {
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
      return await Promise.race([interrupted, work({ run: network.run, portal, browser, progress })]);
    } finally {
      await browser.close();
      await portal.close();
    }
  } finally {
    await network.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}
