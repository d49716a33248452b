import { randomBytes } from 'node:crypto';
import type { Page } from '@playwright/test';
import { t } from '#messages/en.ts';
import { timesUntil } from '../pageTimes.ts';

/** What people do with records in their browsers, and how long it takes there. */

const text = t.recordPages;

/** A person chooses, and reads before pressing and before signing; what the page prepares meanwhile is not waiting. */
const readingMs = 1_000;
/** From where the pointer reaches a button to the press. */
const aimingMs = 200;

/** The doctor's page of a patient, until what is shared can be opened. */
export async function visitPatient(page: Page, personId: string): Promise<void> {
  await page.goto(`/doctor/patients/${personId}`);
  await page.getByRole('button', { name: text.shared.open.TREAT, disabled: false }).waitFor({ timeout: 60_000 });
}

/**
 * From the press until the decrypted first screen stands, with the entry on the ledger that every opening makes. As a person's,
 * the pointer is on the button a moment before. The page is left as it was.
 */
export async function openChart(page: Page): Promise<number> {
  const open = page.getByRole('button', { name: text.shared.open.TREAT, disabled: false });
  await open.waitFor();
  await page.mouse.move(0, 0);
  await open.hover();
  await page.waitForTimeout(aimingMs);
  const [shown = 0] = await timesUntil(open, [t.chart.latest]);
  if ((await page.getByText(t.chart.none.latest).count()) > 0) throw new Error('The chart opened without its results.');
  // An opening of before would serve again.
  await page.evaluate(() => sessionStorage.clear());
  await page.getByRole('button', { name: text.shared.close }).click();
  return shown;
}

/** From the press that stores a file until the ledger has it, without the time for reading what is signed. */
export async function storeFile(page: Page, bytes: number): Promise<number> {
  await page.getByRole('button', { name: text.addFile }).click();
  const file = { name: 'scan.pdf', mimeType: 'application/pdf', buffer: randomBytes(bytes) };
  await page.getByLabel(text.upload.choose).setInputFiles(file);
  await page.waitForTimeout(readingMs);
  const [asked = 0] = await timesUntil(page.getByRole('button', { name: text.upload.send }), [t.signing.title]);
  const sign = page.getByRole('button', { name: t.signing.sign, exact: true });
  await sign.waitFor();
  await page.waitForTimeout(readingMs);
  const [recorded = 0] = await timesUntil(sign, [{ gone: '[role=dialog][data-state=open]' }]);
  return asked + recorded;
}

/** Opens one's own record, the first time with the making of its keys. */
export async function visitOwn(page: Page): Promise<void> {
  await page.goto('/patient/record');
  await page.getByRole('button', { name: text.import, disabled: false }).waitFor({ timeout: 120_000 });
}

/** Takes a Bundle in; answers how long it took from the press and what the page says became of the entries. */
export async function importBundle(page: Page, bundle: Buffer): Promise<{ milliseconds: number; summary: string }> {
  await page.getByRole('button', { name: text.import }).click();
  const choose = page.getByLabel(text.importing.choose);
  await choose.setInputFiles({ name: 'bundle.json', mimeType: 'application/json', buffer: bundle });
  const start = page.getByRole('button', { name: text.importing.start, disabled: false });
  await start.waitFor();
  const [milliseconds = 0] = await timesUntil(start, [text.importing.saveReport], { deadlineMs: 300_000 });
  const summary = await page.getByText(/taken in, /).textContent();
  return { milliseconds, summary: summary ?? '' };
}
