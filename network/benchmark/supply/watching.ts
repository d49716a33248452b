import { randomUUID } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from '@playwright/test';
import { dispensed } from '#epcis/write.ts';
import { writeElements } from '#gs1/elementString.ts';
import { t } from '#messages/en.ts';
import { scan } from '../../../playwright/fixtures/supply.ts';
import { goods, sites } from '../../demonstration/supply/goods.ts';
import { lots, serialsOf } from '../../demonstration/supply/lots.ts';
import type { Sender } from './sender.ts';

/** What people of the supply chain wait for in their browsers. */

/** Each first time is left out: what is compiled and connected when first used. */
const warmUps = 3;
/** A page asks for what is new once a second at most, so that alerts come at all distances from the last. */
const pausesMs = [1_300, 400, 700, 1_000, 100];

/** Milliseconds from the scan of a code until the answer stands, on the pharmacy's page, of packs that lie in the pharmacy. */
export async function measureVerify(page: Page, rounds: number): Promise<number[]> {
  await page.goto('/pharmacy/verify');
  const here = lots.filter(({ reached }) => reached === 'harbour');
  const codes = here.flatMap(({ gtin, batch, ...lot }) =>
    serialsOf({ gtin, batch, ...lot }).map((serial) => ({ serial, code: `]d2${codeOf(gtin, batch, serial)}` })),
  );
  const measured: number[] = [];
  for (let done = -warmUps; done < rounds; done += 1) {
    const next = codes[(done + warmUps) % codes.length];
    if (next === undefined) throw new Error('There is no pack to verify.');
    const shown = await watchFor(page, next.serial);
    const scanned = Date.now();
    await scan(page, next.code);
    const at = await shown();
    if (done >= 0) measured.push(at - scanned);
  }
  return measured;
}

const codeOf = (gtin: string, batch: string, serial: string) =>
  writeElements(
    new Map([
      ['01', gtin],
      ['10', batch],
      ['21', serial],
    ]),
  );

/**
 * Milliseconds from the sending of an event that raises an alert until it stands on the authority's first screen: endorsed,
 * ordered, committed, followed, told to the page, and read by it.
 */
export async function measureAlerts(page: Page, pharmacy: Sender, rounds: number): Promise<number[]> {
  await page.goto('/regulator');
  await page.getByText(t.regulator.live, { exact: true }).first().waitFor();
  const measured: number[] = [];
  const gtin = goods[0]?.gtin ?? '';
  for (let done = -warmUps; done < rounds; done += 1) {
    // A number that nobody has commissioned.
    const serial = randomUUID().replaceAll('-', '').slice(0, 20).toUpperCase();
    const occasion = { site: sites.harbour.gln, at: new Date(), timeZoneOffset: '+01:00' };
    const shown = await watchFor(page, serial);
    const sent = Date.now();
    await pharmacy.capture(JSON.stringify([dispensed(occasion, [{ gtin, serial }])]));
    const at = await shown();
    if (done >= 0) measured.push(at - sent);
    await pause(pausesMs[(done + warmUps) % pausesMs.length]);
  }
  return measured;
}

/** Begins to look for a text; the answer waits for it, and tells when it stood there (ms since 1970). */
async function watchFor(page: Page, text: string): Promise<() => Promise<number>> {
  const watching = await page.evaluateHandle((wanted) => {
    const seen = new Promise<number>((resolve, reject) => {
      const late = setTimeout(() => reject(new Error(`${wanted} did not come within a minute`)), 60_000);
      const observer = new MutationObserver(() => {
        if (document.body.textContent?.includes(wanted) !== true) return;
        observer.disconnect();
        clearTimeout(late);
        resolve(Date.now());
      });
      observer.observe(document.body, { subtree: true, childList: true, characterData: true });
    });
    return { seen };
  }, text);
  return async () => {
    try {
      return await watching.evaluate(({ seen }) => seen);
    } finally {
      await watching.dispose();
    }
  };
}
