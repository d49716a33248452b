import { expect, type Page, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import {
  accept,
  confirmIdentity,
  enterCode,
  fillPrescription,
  sign,
  typedCodeOf,
  withoutSerial,
} from '../fixtures/prescribing.ts';
import { loseFrom } from '../fixtures/transactionSteps.ts';

const genuine = (page: Page) =>
  expect(page.getByText('Genuine, ready for you to accept')).toBeVisible({ timeout: 30_000 });

test('a pharmacy returns a prescription, another one hands out a part whose answer is lost, and closes it short', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, { patient: 'Jonas Lind', medicine: 'naproxen', product: '500 mg', days: '6' });
  const id = await sign(doctor.page);
  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Naproxen/);
  await patient.context.close();

  await test.step('accepted and returned; the return stops before its signature and is carried on after a reload', async () => {
    const { page, context } = await openAs(browser, 'pharmacist');
    await enterCode(page, code);
    await genuine(page);
    await accept(page);
    // The clinical check reads the record by a transaction of its own: what is lost is the return.
    await expect(page.getByLabel('I have looked at the clinical check')).toBeEnabled({ timeout: 60_000 });
    await loseFrom(page, { step: 'endorse' });
    await page.getByRole('button', { name: 'Return to patient' }).click();
    await expect(page.getByText('The portal does not answer')).toBeVisible();
    await page.unrouteAll({ behavior: 'wait' });
    await page.reload();
    const waiting = page.getByRole('region', { name: 'Waiting for you' }).getByRole('listitem').filter({ hasText: id });
    await expect(waiting).toContainText('Return');
    // The keys of this tab open by themselves; until they do, the button asks for the password.
    await expect(page.getByRole('button', { name: /^Unlock/ })).toHaveCount(0);
    await waiting.getByRole('button', { name: 'Carry on' }).click();
    await expect(waiting).toHaveCount(0, { timeout: 30_000 });
    await context.close();
  });

  const { page, context } = await openAs(browser, 'otherPharmacist');
  await test.step('another pharmacy can accept it then', async () => {
    await enterCode(page, code);
    await genuine(page);
    await accept(page);
  });

  await test.step('a dispense whose answer is lost is found again, and recorded once', async () => {
    await confirmIdentity(page);
    await withoutSerial(page);
    await page.getByLabel(/^Quantity/).fill('2');
    await loseFrom(page, { step: 'submit', delivered: true });
    await page.getByRole('button', { name: /^Dispense 2 of/ }).click();
    await expect(page.getByText('Pressing again first asks the ledger')).toBeVisible({ timeout: 30_000 });
    await page.unrouteAll({ behavior: 'wait' });
    await expect(page.getByLabel(/^Quantity/)).toHaveValue('2');
    await page.getByRole('button', { name: /^Dispense 2 of/ }).click();
    await expect(page.getByText('Dispensed in part, signed and recorded')).toBeVisible({ timeout: 30_000 });
  });

  await test.step('the rest is closed short, with a reason', async () => {
    await page.getByRole('button', { name: 'Hand out more' }).click();
    await page.getByRole('button', { name: 'Close short…' }).click();
    const dialog = page.getByRole('dialog');
    const close = dialog.getByRole('button', { name: 'Close short' });
    await expect(close).toBeDisabled();
    await dialog.getByLabel('Reason').fill('  no ');
    await expect(close).toBeDisabled();
    await dialog.getByLabel('Reason').fill('The patient needs no more');
    await close.click();
    await expect(page.getByText('Closed short and recorded')).toBeVisible({ timeout: 30_000 });
    await context.close();
  });

  await test.step('the ledger has one dispense and the reason', async () => {
    await doctor.page.goto(`/doctor/prescriptions/${id}`);
    await expect(doctor.page.getByText('The patient needs no more')).toBeVisible();
    const dispenses = doctor.page.getByRole('listitem').filter({ hasText: 'Old Town Pharmacy' });
    await expect(dispenses).toHaveCount(1);
    await expect(dispenses).toHaveText(/^2\D/);
    await doctor.context.close();
  });
});
