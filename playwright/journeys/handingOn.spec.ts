import { expect, test } from '@playwright/test';
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

const slow = { timeout: 60_000 };

test('a pharmacy without stock hands a prescription on to another, where somebody fetches it with a one-time code', async ({
  browser,
}) => {
  test.setTimeout(360_000);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, {
    patient: 'Jonas Lind',
    medicine: 'bisoprolol',
    product: '2.5 mg',
    days: '28',
  });
  const id = await sign(doctor.page);
  const patient = await openAs(browser, 'patient');
  const card = patient.page
    .getByRole('article')
    .filter({ hasText: /Bisoprolol/ })
    .first();
  const code = await typedCodeOf(patient.page, /Bisoprolol/);

  const collecting = await test.step('the patient makes a code for whoever goes', async () => {
    await card.getByRole('button', { name: 'Let someone collect' }).click();
    const dialog = patient.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make the code' }).click();
    const shown = dialog.locator('[data-code="pickup"]');
    await expect(shown).toHaveText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/, slow);
    const made = (await shown.textContent()) ?? '';
    await dialog.getByRole('button', { name: 'Done' }).click();
    return made;
  });

  const first = await openAs(browser, 'pharmacist');
  await test.step('the first pharmacy accepts it, asks who has it nearby, and offers it', async () => {
    await enterCode(first.page, code);
    await accept(first.page);
    await first.page.getByRole('button', { name: 'Out of stock…' }).click();
    const dialog = first.page.getByRole('dialog', { name: /^Who has .* nearby\?$/ });
    await dialog.getByRole('button', { name: 'Transfer to Old Town Pharmacy' }).click();
    await expect(dialog).toBeHidden(slow);
    await expect(first.page.getByText('Offered to Old Town Pharmacy')).toBeVisible(slow);
    await confirmIdentity(first.page);
    await withoutSerial(first.page);
    await first.page.getByLabel(/^Quantity/).fill('28');
    await expect(first.page.getByRole('button', { name: /^Dispense 28 of/ })).toBeDisabled();
  });

  await test.step('the patient is told, and lets it happen', async () => {
    await patient.page.goto('/patient');
    await expect(card.getByText('Harbour Pharmacy wants to hand it on to Old Town Pharmacy')).toBeVisible(slow);
  });

  const second = await openAs(browser, 'otherPharmacist');
  await test.step('the other pharmacy takes it over, and opens it without the code', async () => {
    await second.page.goto('/pharmacy/held');
    const offered = second.page.getByRole('region', { name: 'Offered to you' });
    const row = offered.getByRole('listitem').filter({ hasText: id });
    await expect(row).toContainText('From Harbour Pharmacy');
    await row.getByRole('button', { name: 'Take over' }).click();
    await expect(second.page.getByText(/^Said their name/)).toBeVisible(slow);
  });

  await test.step('the first one has it no longer', async () => {
    await first.page.goto('/pharmacy/held');
    await expect(first.page.getByRole('heading', { level: 1 })).toBeVisible();
    await expect(first.page.getByText(id)).toHaveCount(0);
    await enterCode(first.page, code);
    await expect(first.page.getByText('Refused: Another pharmacy holds this prescription')).toBeVisible(slow);
    await expect(first.page.getByRole('button', { name: /^Accept/ })).toHaveCount(0);
  });

  const { page } = second;
  await test.step('a guessed code is refused by the ledger, and nothing is handed out', async () => {
    await confirmIdentity(page);
    await withoutSerial(page);
    await page.getByLabel(/^Quantity/).fill('28');
    await page.getByLabel('Who is here').selectOption({ label: 'Somebody with the code' });
    const dispense = page.getByRole('button', { name: /^Dispense 28 of/ });
    await expect(dispense).toBeDisabled();
    const last = collecting.endsWith('0') ? '1' : '0';
    await page.getByLabel('One-time code').fill(`${collecting.slice(0, -1)}${last}`);
    await dispense.click();
    await expect(page.getByText('The pickup code is not valid')).toBeVisible(slow);
  });

  await test.step('with the right one it is handed out, and the code is used up', async () => {
    await page.getByLabel('One-time code').fill(collecting.toLowerCase());
    await page.getByRole('button', { name: /^Dispense 28 of/ }).click();
    await expect(page.getByText('Dispensed in full, signed and recorded')).toBeVisible(slow);
    await doctor.page.goto(`/doctor/prescriptions/${id}`);
    const dispenses = doctor.page.getByRole('listitem').filter({ hasText: 'Old Town Pharmacy' });
    await expect(dispenses.filter({ hasText: /^28\D/ })).toHaveCount(1, slow);
  });
  for (const { context } of [doctor, patient, first, second]) await context.close();
});

test('a pharmacy asks for a renewal, and the doctor denies it with a reason that patient and pharmacy read', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, {
    patient: 'Jonas Lind',
    medicine: 'atorvastatin',
    product: '20 mg',
    days: '28',
  });
  const id = await sign(doctor.page);
  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Atorvastatin/);
  const pharmacist = await openAs(browser, 'pharmacist');
  await enterCode(pharmacist.page, code);
  await accept(pharmacist.page);
  await pharmacist.page.goto('/pharmacy/held');
  const row = pharmacist.page.getByRole('listitem').filter({ hasText: id });
  await row.getByRole('button', { name: 'Ask for a renewal' }).click();
  const sheet = pharmacist.page.getByRole('dialog', { name: 'What you sign' });
  await sheet.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(pharmacist.page.getByText('The prescriber is asked to write it anew')).toBeVisible(slow);

  await doctor.page.goto('/doctor');
  const asked = doctor.page
    .getByRole('listitem')
    .filter({ hasText: /Atorvastatin/ })
    .filter({ hasText: 'Asked by Harbour Pharmacy' });
  await asked.getByRole('button', { name: 'Deny for Jonas Lind' }).click();
  const dialog = doctor.page.getByRole('dialog', { name: 'Deny this renewal?' });
  await dialog.getByLabel('Reason').fill('Please come to see me first.');
  await dialog.getByRole('button', { name: 'Deny' }).click();
  await expect(doctor.page.getByText('Denied, and said so')).toBeVisible(slow);
  await expect(asked).toHaveCount(0, slow);

  await pharmacist.page.reload();
  const answer = pharmacist.page.getByRole('region', { name: 'Renewals that you asked for' });
  const denied = answer.getByRole('listitem').filter({ hasText: id });
  await expect(denied).toContainText('“Please come to see me first.”', slow);
  await expect(denied).toContainText('denied');
  await patient.page.goto('/patient');
  const card = patient.page
    .getByRole('article')
    .filter({ hasText: /Atorvastatin/ })
    .first();
  await expect(card.getByText('“Please come to see me first.”')).toBeVisible(slow);
  for (const { context } of [doctor, patient, pharmacist]) await context.close();
});
