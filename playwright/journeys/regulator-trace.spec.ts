import { expect, type Page, test } from '@playwright/test';
import { makeAndShip, receive, serialOf } from '../fixtures/delivery.ts';
import { openAs } from '../fixtures/people.ts';
import { accept, confirmIdentity, enterCode, fillPrescription, sign, typedCodeOf } from '../fixtures/prescribing.ts';
import { choose, recorded, scan, signSheet } from '../fixtures/supply.ts';

/** Takes the alert a step further, with a reason in words. */
async function decide(page: Page, action: string, reason: string): Promise<void> {
  await page.getByRole('button', { name: `${action}…` }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('In words').fill(reason);
  await dialog.getByRole('button', { name: action, exact: true }).click();
}

const stage = (page: Page, name: string) =>
  expect(page.getByRole('listitem').and(page.locator('[aria-current=step]'))).toHaveText(name, { timeout: 30_000 });

test('a copy is investigated to its end on a telephone, its number is followed through the chain, and its batch recalled', async ({
  browser,
}) => {
  test.setTimeout(400_000);
  const batch = `R${Date.now() % 1_000_000}`;
  const codes = await makeAndShip(browser, batch, 3);
  const [copied = '', kept = '', sold = ''] = codes;
  const serial = serialOf(copied);
  expect(serial.length).toBeGreaterThan(8);
  const { page: pharmacy, context: counter } = await openAs(browser, 'pharmacist');
  await receive(pharmacy, codes);

  const { page, context } = await openAs(browser, 'regulator');
  await page.setViewportSize({ width: 390, height: 844 });
  const alert = page.getByRole('link').filter({ hasText: 'Same serial twice' }).filter({ hasText: serial });

  await test.step('another pharmacy has a pack with the same number: the authority’s telephone says so by itself', async () => {
    await page.goto('/regulator/alerts');
    await expect(page.locator('#content').getByText('Live', { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(alert).toHaveCount(0);
    const other = await openAs(browser, 'otherPharmacist');
    await other.page.goto('/pharmacy/verify');
    await scan(other.page, copied.replace(batch, `${batch}X`));
    await expect(other.page.getByText(/^The code and the ledger differ/)).toBeVisible({ timeout: 30_000 });
    await other.page.getByRole('button', { name: 'Report it to the authority…' }).click();
    await signSheet(other.page, /Report 1 pack of Ibuprofen 400 mg.* as doubtful/);
    await expect(other.page.getByText('Reported', { exact: true })).toBeVisible({ timeout: 60_000 });
    await other.context.close();
    // Nobody reloads the page.
    await expect(alert).toBeVisible({ timeout: 30_000 });
  });

  await test.step('suspect: the pack in stock is quarantined by the authority’s own signature', async () => {
    await alert.click();
    await stage(page, 'Raised');
    await page.getByRole('button', { name: 'Suspect: quarantine…' }).click({ timeout: 30_000 });
    await expect(page.getByRole('dialog')).toContainText('You will sign the quarantine of 1 pack.');
    await page.getByRole('dialog').getByLabel('In words').fill('Seen at two pharmacies on one day');
    await page.getByRole('dialog').getByRole('button', { name: 'Suspect: quarantine', exact: true }).click();
    await signSheet(page, /Put 1 pack of Ibuprofen 400 mg.* in quarantine/);
    await stage(page, 'Suspect, set aside');
    await expect(page.getByRole('button', { name: 'Release from quarantine…' })).toBeVisible({ timeout: 30_000 });
    await pharmacy.goto('/pharmacy/verify');
    await scan(pharmacy, copied);
    await expect(
      pharmacy
        .getByRole('article')
        .getByText(/quarantine/i)
        .first(),
    ).toBeVisible({ timeout: 30_000 });
  });

  await test.step('investigated and determined illegitimate: the notice is due within 24 hours, until it is given', async () => {
    await decide(page, 'Investigated', 'The label of the copy has another batch');
    await stage(page, 'Investigated');
    await expect(page.getByText(/^The notice is due/)).toHaveCount(0);
    await decide(page, 'Determine illegitimate', 'The maker has never printed this label');
    await stage(page, 'Illegitimate');
    await expect(page.getByText(/^The notice is due in 2[34] hr$/)).toBeVisible();
    await page.goto('/regulator');
    await expect(page.getByText(/^notice due in \d+ hr$/)).toBeVisible({ timeout: 30_000 });
    await page.goBack();
    await decide(page, 'Notice given', 'To both pharmacies, the maker and the depot, by telephone');
    await stage(page, 'Reported');
    await expect(page.getByText(/^The notice is due/)).toHaveCount(0);
    await decide(page, 'Close the alert', 'The copy was destroyed by the police');
    await stage(page, 'Closed');
    const notes = page.getByRole('region', { name: 'Notes' }).getByRole('listitem');
    await expect(notes).toHaveCount(5);
    await expect(notes.last()).toContainText('Ingrid Kallio: Closed');
    await expect(notes.last()).toContainText('The copy was destroyed by the police');
  });

  await test.step('the pack’s story has the copy in it, and each event is found in the chain', async () => {
    await page.getByRole('link', { name: 'The pack’s story' }).click();
    const story = page.getByRole('region', { name: 'Its story' });
    const events = story.getByRole('list').first().locator(':scope > li');
    await expect(events.first()).toContainText('Made', { timeout: 30_000 });
    const told = await events.count();
    expect(told).toBeGreaterThanOrEqual(5);
    await expect(events.filter({ hasText: 'refused' })).toHaveCount(1);
    await page.getByRole('button', { name: 'Check every event' }).click();
    await expect(story.getByText(/^Verified: this browser found the event/)).toHaveCount(told, { timeout: 60_000 });
  });

  await test.step('a block that somebody changed is told', async () => {
    await page.route('**/api/ledgers/*/blocks/*', async (route) => {
      const response = await route.fetch();
      const bytes = await response.body();
      const middle = Math.floor(bytes.length / 2);
      bytes[middle] = (bytes[middle] ?? 0) ^ 1;
      await route.fulfill({ response, body: bytes });
    });
    await page.reload();
    await page.getByRole('button', { name: 'Check every event' }).click();
    await expect(page.getByText(/^Not verified: /).first()).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText(/^Verified: /)).toHaveCount(0);
    await page.unrouteAll({ behavior: 'wait' });
  });

  await test.step('the batch is recalled after a look at what that stops', async () => {
    await page.goto('/regulator/recalls');
    await page.getByRole('button', { name: 'Recall a medicine…' }).click();
    const dialog = page.getByRole('dialog');
    await choose(dialog.getByLabel('Product'), /^Ibuprofen 400 mg/);
    await dialog.getByLabel('Batch numbers').fill(batch);
    await dialog.getByLabel('Reason').fill('A copy of it is about');
    await dialog.getByRole('button', { name: 'Look at what it stops' }).click();
    await expect(dialog.getByText('3 packs', { exact: true })).toBeVisible({ timeout: 30_000 });
    await expect(dialog).toContainText('Harbour Pharmacy');
    await dialog.getByRole('button', { name: 'Recall now…' }).click();
    await signSheet(page, new RegExp(`Recall batch ${batch} of Ibuprofen 400 mg`));
    const recall = page.getByRole('link').filter({ hasText: `batch ${batch}` });
    await recall.click({ timeout: 60_000 });
    await expect(page.getByText('0 of 1 places have answered')).toBeVisible({ timeout: 30_000 });
  });

  await test.step('the pharmacy cannot hand a pack of it out, and reads why', async () => {
    const doctor = await openAs(browser, 'doctor');
    await fillPrescription(doctor.page, { patient: 'Jonas Lind', medicine: 'ibuprofen', product: '400 mg', days: '6' });
    await sign(doctor.page);
    await doctor.context.close();
    const patient = await openAs(browser, 'patient');
    const code = await typedCodeOf(patient.page, /Ibuprofen/);
    await patient.context.close();
    await enterCode(pharmacy, code);
    await accept(pharmacy);
    await confirmIdentity(pharmacy);
    await scan(pharmacy, sold);
    await expect(pharmacy.getByText(/^Not handed out: .*recalled/i)).toBeVisible({ timeout: 30_000 });
    await expect(pharmacy.getByRole('button', { name: /^Dispense/ })).toBeDisabled();
    await pharmacy.getByRole('button', { name: 'Return to patient' }).click();
    await expect(pharmacy.getByText('Returned to the patient')).toBeVisible({ timeout: 60_000 });
  });

  await test.step('it sets its packs aside, and the authority sees the answer arrive', async () => {
    await pharmacy.goto('/pharmacy/recalls');
    const row = pharmacy.getByRole('region', { name: 'To answer' }).getByRole('listitem').filter({ hasText: batch });
    await expect(row).toContainText('A copy of it is about');
    await row.getByRole('link', { name: 'Quarantine…' }).click();
    for (const code of [kept, sold]) await scan(pharmacy, code);
    await pharmacy.getByRole('button', { name: 'Record for 2 packs…' }).click({ timeout: 30_000 });
    await signSheet(pharmacy, /Put 2 packs of Ibuprofen 400 mg.* in quarantine/);
    await recorded(pharmacy);
    await expect(page.getByText('1 of 1 places have answered')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByText('100 % answered for')).toBeVisible();
  });
  await counter.close();
  await context.close();
});
