import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chromium, type Page } from '@playwright/test';
import { formatAccessCode } from '#crypto/accessCode.ts';
import { readEnv } from '#server/env.ts';
import { openPortal } from '#server/portal.ts';
import { signIn } from '../../playwright/fixtures/people.ts';
import { fillPrescription } from '../../playwright/fixtures/prescribing.ts';
import { startNetwork } from '../network.ts';
import { createProgress } from '../step.ts';
import { ensureChromium } from '../suite/chromium.ts';
import { openFloor } from './floor.ts';
import { timesUntil } from './pageTimes.ts';
import { percentile } from './statistics.ts';

/**
 * `npm run bench:portal`: what the portal adds to the ledgers. A doctor issues in a real browser; in turn with it the same
 * transaction is submitted bare. The last line is one JSON object; milliseconds unless the name says otherwise.
 */

const batchTimeoutMs = 100;
const readingMs = 1_000;
const { values } = parseArgs({ options: { rounds: { type: 'string', default: '30' } } });
const rounds = Math.min(500, Math.max(3, Number(values.rounds)));

async function issueOnce(page: Page): Promise<{ issue: number; mint: number }> {
  await fillPrescription(page, { patient: 'Jonas Lind', medicine: 'ramipril', product: 'MP-14301', days: '28' });
  const button = page.getByRole('button', { name: /Sign prescription/, disabled: false });
  await button.waitFor();
  // A person reads the sentence before signing it.
  await page.waitForTimeout(readingMs);
  const [issue = 0, mint = 0] = await timesUntil(button, ['recorded in block', 'The patient can collect it now.']);
  return { issue, mint: mint - issue };
}

async function verifyOnce(page: Page, code: Uint8Array): Promise<number> {
  await page.goto('/pharmacy');
  await page.getByRole('textbox', { name: 'Typed code' }).fill(formatAccessCode(code));
  const button = page.getByRole('button', { name: 'Check the code', disabled: false });
  await button.waitFor();
  const [verdict = 0] = await timesUntil(button, ['Genuine, ready for you to accept']);
  return verdict;
}

const stateDir = mkdtempSync(join(tmpdir(), 'medloom-bench-'));
chmodSync(stateDir, 0o711);
const progress = createProgress();
const network = await startNetwork({ stateDir, port: 0, batchTimeoutMs, progress });
try {
  process.env.MEDLOOM_RUN = join(stateDir, 'run.json');
  const portal = openPortal(readEnv(network.run.portalEnv));
  const floor = await openFloor(portal, { ledgerProfile: network.run.ledgerProfile, ipfs: network.run.urls.ipfs });
  const browser = await chromium.launch({
    executablePath: await ensureChromium(progress.say),
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
  const open = async (person: 'doctor' | 'pharmacist') => {
    const page = await (await browser.newContext({ baseURL: network.run.urls.portal })).newPage();
    await signIn(page, person);
    return page;
  };
  const [doctor, pharmacist] = [await open('doctor'), await open('pharmacist')];
  const measured = { issue: [] as number[], mint: [] as number[], floor: [] as number[], verify: [] as number[] };
  // The first round warms up what is compiled and connected when first used, and is not counted.
  for (let round = -1; round < rounds; round += 1) {
    const { milliseconds, code } = await floor.issue();
    const { issue, mint } = await issueOnce(doctor);
    const verify = await verifyOnce(pharmacist, code);
    if (round < 0) continue;
    measured.issue.push(issue);
    measured.mint.push(mint);
    measured.floor.push(milliseconds);
    measured.verify.push(verify);
  }
  // The browser is a person's, not one of the processes that the portal needs.
  await browser.close();
  const rssMb = await network.rssMb();
  floor.close();
  await portal.close();
  const at = (list: number[], share: number) => Math.round(percentile(list, share) * 10) / 10;
  const issueP50Ms = at(measured.issue, 0.5);
  const floorP50Ms = at(measured.floor, 0.5);
  process.stdout.write(
    `${JSON.stringify({
      ...{ batchTimeoutMs, rounds, issueP50Ms, issueP95Ms: at(measured.issue, 0.95), floorP50Ms },
      ...{ overheadMs: Math.round((issueP50Ms - floorP50Ms) * 10) / 10, mintP50Ms: at(measured.mint, 0.5) },
      ...{ verifyP50Ms: at(measured.verify, 0.5), rssMb: Math.round(rssMb), startSeconds: network.run.startSeconds },
    })}\n`,
  );
} finally {
  await network.stop();
  rmSync(stateDir, { recursive: true, force: true });
}
