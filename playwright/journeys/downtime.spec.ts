import { expect, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import { fillPrescription, sign, typedCodeOf } from '../fixtures/prescribing.ts';

test('a hand-over is written down without a network, survives a reload, and comes to the ledgers once', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, { patient: 'Jonas Lind', medicine: 'naproxen', product: '500 mg', days: '6' });
  const id = await sign(doctor.page);
  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Naproxen/);
  await patient.context.close();

  const { page, context } = await openAs(browser, 'pharmacist');
  await expect(page.getByRole('status').getByText('Ready to scan')).toBeVisible({ timeout: 30_000 });
  // Keys that are still being opened could not be without a network.
  await page.getByRole('button', { name: /^Account of/ }).click();
  await expect(page.getByRole('menuitem', { name: 'Lock my keys' })).toBeVisible({ timeout: 60_000 });
  await page.keyboard.press('Escape');

  await test.step('the page that is open goes on without a network', async () => {
    await context.setOffline(true);
    await expect(page.getByText('The ledgers do not answer')).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Open the log' }).click();
    await page.getByRole('textbox', { name: 'Typed code' }).fill(code);
    await page.getByRole('button', { name: 'Take the code' }).click();
    await expect(page.getByText('Code read')).toBeVisible();
  });

  await test.step('a controlled medicine is excluded in words', async () => {
    await page.getByRole('combobox', { name: 'Medicine' }).fill('diazepam');
    await page.getByRole('option').first().click();
    await expect(page.getByText('A controlled medicine is not handed out in downtime')).toBeVisible();
    await expect(page.getByRole('button', { name: 'Write it down' })).toBeDisabled();
    await page.getByRole('button', { name: 'Choose another' }).click();
  });

  await test.step('what is missing is said, and what is whole gets a number', async () => {
    await page.getByRole('combobox', { name: 'Medicine' }).fill('naproxen');
    await page.getByRole('option').filter({ hasText: '500 mg' }).click();
    await page.getByRole('button', { name: 'Write it down' }).click();
    await expect(page.getByText('Write down name and birth date, and confirm both.')).toBeVisible();
    await page.getByLabel('Name', { exact: true }).fill('Jonas Lind');
    await page.getByLabel('Birth date', { exact: true }).fill('1968-03-14');
    await page.getByLabel('The person said this name').check();
    await page.getByLabel('The person said this birth date').check();
    await page.getByLabel(/^Units handed out/).fill('2');
    await page.getByLabel(/^Why some or all/).selectOption({ label: 'The pack carries no serial number' });
    await page.getByRole('button', { name: 'Write it down' }).click();
    await expect(page.getByText(/Written down as [0-9A-Z]{4}-\d{4}/)).toBeVisible();
  });

  await test.step('after a reload it waits, and is brought to the ledgers', async () => {
    await context.setOffline(false);
    await page.goto('/pharmacy/downtime');
    const line = page.getByRole('listitem').filter({ hasText: 'Jonas Lind' });
    await expect(line).toContainText('waits', { timeout: 30_000 });
    await page.getByRole('button', { name: 'Bring it to the ledgers' }).click();
    await expect(line).toContainText('on the ledgers', { timeout: 60_000 });
    await expect(page.getByRole('button', { name: 'Bring it to the ledgers' })).toHaveCount(0);
    await context.close();
  });

  await test.step('the ledger has one dispense', async () => {
    await doctor.page.goto(`/doctor/prescriptions/${id}`);
    const dispenses = doctor.page.getByRole('listitem').filter({ hasText: 'Harbour Pharmacy' });
    await expect(dispenses).toHaveCount(1, { timeout: 30_000 });
    await expect(dispenses).toHaveText(/^2\D/);
    await doctor.context.close();
  });
});
