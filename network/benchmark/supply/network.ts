import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, chromium } from '@playwright/test';
import { readEnv } from '#server/env.ts';
import { openPortal, type Portal } from '#server/portal.ts';
import { readProduct } from '#server/registry/ledger.ts';
import { openAs, type Person, people } from '../../../playwright/fixtures/people.ts';
import { openHeld, type Signer } from '../../demonstration/accounts.ts';
import { openKeyMaker } from '../../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin } from '../../demonstration/people.ts';
import { goods } from '../../demonstration/supply/goods.ts';
import { startNetwork } from '../../network.ts';
import type { RunFile } from '../../runFile.ts';
import { type Progress, StepError } from '../../step.ts';
import { ensureChromium } from '../../suite/chromium.ts';
import { findParticipant } from '../participants.ts';
import { percentile, round } from '../statistics.ts';
import { type CaptureFigures, measureCaptures } from './capturing.ts';
import type { TraceOptions } from './options.ts';
import { openSender, type Sender } from './sender.ts';
import { measureAlerts, measureVerify } from './watching.ts';

export interface NetworkFigures extends CaptureFigures {
  verifyP50Ms: number;
  verifyP95Ms: number;
  alertDelayP50Ms: number;
  alertDelayP95Ms: number;
}

/** Measures on a network of its own with the demonstration's people, which is gone afterwards. */
export async function measureNetwork(progress: Progress, options: TraceOptions): Promise<NetworkFigures> {
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
      return await Promise.race([interrupted, measure({ portal, browser, run: network.run, progress }, options)]);
    } finally {
      await browser.close();
      await portal.close();
    }
  } finally {
    await network.stop();
    rmSync(stateDir, { recursive: true, force: true });
  }
}

export async function measure(
  { portal, browser, run, progress }: { portal: Portal; browser: Browser; run: RunFile; progress: Progress },
  { pages }: TraceOptions,
): Promise<NetworkFigures> {
  const product = await readProduct(portal.ledger, goods[0]?.gtin ?? '');
  const signers = await openSigners(portal, 'supplier', 'pharmacist');
  const senders = signers.map((signer) => openSender(run.ledgerProfile, signer, product.channel));
  const [maker, pharmacy] = senders;
  if (maker === undefined || pharmacy === undefined) throw new Error('Nobody captures.');
  try {
    const waits = await progress.step(`Packs verified and alerts raised, ${pages} times each`, () =>
      measurePages(browser, run, { pharmacy, rounds: pages }),
    );
    const captures = await progress.step('Captures, in batches and one by one', () =>
      measureCaptures(maker, product.gtin),
    );
    return { ...captures, ...waits };
  } finally {
    for (const sender of senders) sender.close();
  }
}

async function measurePages(
  browser: Browser,
  run: RunFile,
  { pharmacy, rounds }: { pharmacy: Sender; rounds: number },
): Promise<Omit<NetworkFigures, keyof CaptureFigures>> {
  const inBrowser = { newContext: () => browser.newContext({ baseURL: run.urls.portal }) };
  const counter = await openAs(inBrowser, 'pharmacist');
  const verify = await measureVerify(counter.page, rounds);
  await counter.context.close();
  const authority = await openAs(inBrowser, 'regulator');
  const alerts = await measureAlerts(authority.page, pharmacy, rounds);
  await authority.context.close();
  return {
    ...{ verifyP50Ms: round(percentile(verify, 0.5)), verifyP95Ms: round(percentile(verify, 0.95)) },
    ...{ alertDelayP50Ms: round(percentile(alerts, 0.5)), alertDelayP95Ms: round(percentile(alerts, 0.95)) },
  };
}

export async function openSigners(portal: Portal, ...wanted: Person[]): Promise<Signer[]> {
  const keyMaker = openKeyMaker({ password: demonstrationPassword, pin: demonstrationPin }, 1);
  try {
    return await Promise.all(
      wanted.map(async (person) => {
        const found = await findParticipant(portal, people[person]);
        return { ...found, ...(await openHeld(portal, keyMaker, found.actor)) };
      }),
    );
  } finally {
    await keyMaker.close();
  }
}
