import { expect, type Page, test } from '@playwright/test';
import { countActions } from '../fixtures/actions.ts';
import { makeAndShip, receive, serialOf } from '../fixtures/delivery.ts';
import { openAs } from '../fixtures/people.ts';
import { accept, confirmIdentity, enterCode, fillPrescription, sign, typedCodeOf } from '../fixtures/prescribing.ts';
import { packOf, scan, signSheet } from '../fixtures/supply.ts';
import { loseFrom } from '../fixtures/transactionSteps.ts';

async function prescribe(page: Page): Promise<void> {
  await fillPrescription(page, { patient: 'Jonas Lind', medicine: 'ibuprofen', product: '400 mg', days: '6' });
  await sign(page);
}

const fits = (page: Page) => expect(page.getByText(/^Genuine and yours to hand out/)).toBeVisible({ timeout: 30_000 });
const dispense = (page: Page) => page.getByRole('button', { name: /^Dispense/ });
const open = (page: Page) => page.getByRole('region', { name: 'Begun and not finished' }).first();

/** Enters a code that is held here already, confirms the person and scans one pack. */
async function scanAtCounter(page: Page, code: string, pack: string): Promise<void> {
  await enterCode(page, code);
  await expect(page.getByText(/^Said their name/)).toBeVisible({ timeout: 60_000 });
  await confirmIdentity(page);
  await scan(page, pack);
  await fits(page);
}

test('packs are scanned and handed out with a prescription, whatever breaks off, and a copy of one is refused', async ({
  browser,
}) => {
  test.setTimeout(400_000);
  const pack = packOf('NV2509', 3);
  const doctor = await openAs(browser, 'doctor');
  await prescribe(doctor.page);
  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Ibuprofen/);

  const { page, context } = await openAs(browser, 'pharmacist');
  await enterCode(page, code);
  await accept(page);
  await confirmIdentity(page);

  await test.step('what does not fit is refused in words, and nothing is signed', async () => {
    await expect(dispense(page)).toBeDisabled();
    for (const [wrong, why] of [
      [
        packOf('NV2471', 0),
        'Not handed out: Another product than prescribed (famotidine 20 mg tablet): it has another active substance',
      ],
      [
        { code: `${pack.code.slice(0, -3)}222`, serial: `${pack.serial.slice(0, -3)}222` },
        'Not handed out: No ledger knows it',
      ],
    ] as const) {
      await scan(page, wrong.code);
      await expect(page.getByText(why)).toBeVisible({ timeout: 30_000 });
      await expect(dispense(page)).toBeDisabled();
      await page.getByRole('button', { name: `Take pack ${wrong.serial} off the list` }).click();
    }
  });

  await test.step('a pack that fits says how much is handed out, and what the patient will read', async () => {
    await scan(page, pack.code);
    await fits(page);
    await expect(dispense(page)).toHaveText(/^Dispense (\d+) of \1/);
    await expect(page.getByText(new RegExp(`^Batch NV2509, use until .*serial number ${pack.serial}$`))).toBeVisible();
  });

  await test.step('gone after the units are reserved and the pack is taken out, it is taken back', async () => {
    await loseFrom(page, { step: 'prepare', of: 'dispense' });
    await dispense(page).click();
    await expect(page.getByText('Nothing is lost: carry on where it stopped').first()).toBeVisible({ timeout: 60_000 });
    await page.unrouteAll({ behavior: 'wait' });
    await page.reload();
    await open(page).getByRole('button', { name: 'Take it back' }).click({ timeout: 30_000 });
    await expect(page.getByText('Taken back: nothing was dispensed').first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Take it back' })).toHaveCount(0, { timeout: 30_000 });
  });

  await test.step('the pack is in stock again; gone before its dispense is recorded, it is carried on', async () => {
    await scanAtCounter(page, code, pack.code);
    await loseFrom(page, { step: 'prepare', of: 'dispense' });
    await dispense(page).click();
    await expect(page.getByText('Nothing is lost: carry on where it stopped').first()).toBeVisible({ timeout: 60_000 });
    await page.unrouteAll({ behavior: 'wait' });
    await page.reload();
    await open(page).getByRole('button', { name: 'Carry on' }).click({ timeout: 30_000 });
    await expect(page.getByText('Finished', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Carry on' })).toHaveCount(0, { timeout: 30_000 });
  });

  await test.step('the pack’s number says that it was handed out', async () => {
    await page.goto('/pharmacy/verify');
    await scan(page, pack.code);
    await expect(page.getByRole('article').getByText('Handed out before: do not sell it')).toBeVisible({
      timeout: 30_000,
    });
    await context.close();
  });

  await test.step('a copy of the pack is refused at the second sale', async () => {
    await prescribe(doctor.page);
    const next = await typedCodeOf(patient.page, /Ibuprofen/);
    const other = await openAs(browser, 'otherPharmacist');
    await enterCode(other.page, next);
    await accept(other.page);
    await confirmIdentity(other.page);
    await scan(other.page, pack.code);
    await expect(other.page.getByText('Not handed out: Dispensed before: this may be a copy')).toBeVisible({
      timeout: 30_000,
    });
    await expect(dispense(other.page)).toBeDisabled();

    await other.page.goto('/pharmacy/verify');
    const report = other.page.getByRole('button', { name: 'Report it to the authority…' });
    await scan(other.page, pack.code);
    await report.click({ timeout: 30_000 });
    await signSheet(other.page, /Report 1 pack of Ibuprofen 400 mg.* as doubtful/);
    await expect(other.page.getByText('Reported', { exact: true })).toBeVisible({ timeout: 60_000 });
    await other.context.close();
  });

  await test.step('the authority sees the copy, on a phone', async () => {
    const regulator = await openAs(browser, 'regulator');
    await regulator.page.setViewportSize({ width: 390, height: 844 });
    await regulator.page.goto('/regulator/alerts');
    const alert = regulator.page.getByRole('listitem').filter({ hasText: pack.serial });
    await expect(alert.filter({ hasText: 'Same serial twice' }).first()).toBeVisible({ timeout: 30_000 });
    await regulator.context.close();
  });
  await doctor.context.close();
  await patient.context.close();
});

test('a pack is made, sent, received and handed out with one press: the patient reads which one, and its story is whole', async ({
  browser,
}) => {
  test.setTimeout(200_000);
  const batch = `H${Date.now() % 1_000_000}`;
  const codes = await makeAndShip(browser, batch, 2);
  const [made = ''] = codes;
  const serial = serialOf(made);
  const doctor = await openAs(browser, 'doctor');
  await prescribe(doctor.page);
  await doctor.context.close();
  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Ibuprofen/);
  const { page, context } = await openAs(browser, 'pharmacist');
  await receive(page, codes);
  await enterCode(page, code);
  const actions = await countActions(page);
  await accept(page);
  await confirmIdentity(page);
  await scan(page, made);
  await fits(page);
  await dispense(page).click();
  await expect(page.getByText('Dispensed in full, signed and recorded')).toBeVisible({ timeout: 60_000 });
  // Accept, scan the pack, dispense: with the scan of the code no more than four.
  const done = await actions();
  expect(done).toBeGreaterThan(0);
  expect(1 + done).toBeLessThanOrEqual(4);
  await expect(page.getByRole('region', { name: 'Begun and not finished' })).toHaveCount(0);
  await context.close();
  await patient.page.goto('/patient/history');
  const record = patient.page.getByRole('article').filter({ hasText: 'Ibuprofen' }).first();
  await record.getByRole('button', { name: 'Which pack?' }).first().click({ timeout: 60_000 });
  await expect(record.getByText(new RegExp(`^Batch ${batch}, .*serial number ${serial}$`))).toBeVisible({
    timeout: 30_000,
  });
  await patient.context.close();

  const authority = await openAs(browser, 'regulator');
  await authority.page.goto(`/regulator/trace?gtin=${/01(\d{14})/.exec(made)?.[1]}&serial=${serial}`);
  const story = authority.page.getByRole('region', { name: 'Its story' });
  const events = story.getByRole('list').first().locator(':scope > li');
  await expect(events.first()).toContainText('Made', { timeout: 30_000 });
  for (const deed of ['Made', 'Shipped', 'Received', 'Taken out of the chain', 'Handed to a patient'])
    await expect(events.filter({ hasText: deed }), deed).toHaveCount(1);
  await authority.context.close();
});
