import type { Browser } from '@playwright/test';
import type { Portal } from '#server/portal.ts';
import { readProduct } from '#server/registry/ledger.ts';
import { openAs, type Person, people } from '../../../playwright/fixtures/people.ts';
import { openHeld, type Signer } from '../../demonstration/accounts.ts';
import { openKeyMaker } from '../../demonstration/keys.ts';
import { demonstrationPassword, demonstrationPin } from '../../demonstration/people.ts';
import { goods } from '../../demonstration/supply/goods.ts';
import type { RunFile } from '../../runFile.ts';
import type { OwnNetwork } from '../ownNetwork.ts';
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

/** Measures what people of the supply chain wait for, and what the ledger takes. */
export async function measureNetwork(
  { portal, browser, run, progress }: OwnNetwork,
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

async function openSigners(portal: Portal, ...wanted: Person[]): Promise<Signer[]> {
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
