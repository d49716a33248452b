import { expect, type Page, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import { accept, enterCode, fillPrescription, sign, typedCodeOf } from '../fixtures/prescribing.ts';

const slow = { timeout: 60_000 };

/** The patient's card of a medicine that is to be collected. */
const cardOf = (page: Page, medicine: RegExp) => page.getByRole('article').filter({ hasText: medicine }).first();

/** The prescriber asks whoever holds a prescription to cancel it. */
async function askToCancel(page: Page, id: string, reason: string): Promise<void> {
  await page.goto(`/doctor/prescriptions/${id}`);
  await page.getByRole('button', { name: 'Ask the pharmacy to cancel…' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: 'Ask to cancel' }).click();
  await expect(page.getByText(/has not answered the cancellation yet/)).toBeVisible(slow);
}

/** The pharmacy's answer, from the list of what it holds. */
async function answerCancel(page: Page, id: string, { press, reason }: { press: string; reason: string }) {
  await page.goto('/pharmacy/held');
  const row = page.getByRole('listitem').filter({ hasText: id });
  await row.getByRole('button', { name: press }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill(reason);
  await dialog.getByRole('button', { name: press.replace('…', '') }).click();
  // What lies behind an open dialog counts as not there.
  await expect(dialog).toBeHidden(slow);
  await expect(row.getByRole('button', { name: press })).toHaveCount(0, slow);
}

test('a prescription is corrected, and its patient sends somebody for it', async ({ browser }) => {
  test.setTimeout(240_000);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, { patient: 'Jonas Lind', medicine: 'lisinopril', product: '5 mg', days: '28' });
  const id = await sign(doctor.page);

  await test.step('the doctor corrects it: the old one is cancelled in the same step', async () => {
    await doctor.page.goto(`/doctor/prescriptions/${id}`);
    await doctor.page.getByRole('link', { name: 'Correct…' }).click();
    await expect(doctor.page.getByText(/^This corrects the prescription of/)).toBeVisible(slow);
    await expect(doctor.page.getByLabel('For (days)')).toHaveValue('28', slow);
    await doctor.page.getByLabel('For (days)').fill('14');
    const corrected = await sign(doctor.page);
    expect(corrected).not.toBe(id);
    await doctor.page.goto(`/doctor/prescriptions/${id}`);
    await expect(doctor.page.getByText('Replaced by')).toBeVisible(slow);
    await expect(doctor.page.getByText('cancelled').first()).toBeVisible();
  });

  const patient = await openAs(browser, 'patient');
  await test.step('the patient sees the new one alone, and makes a code for whoever goes', async () => {
    await patient.page.goto('/patient');
    const card = cardOf(patient.page, /Lisinopril/);
    await expect(card.getByText(/14 tablets left/)).toBeVisible(slow);
    await expect(patient.page.getByRole('article').filter({ hasText: /Lisinopril/ })).toHaveCount(1);
    await card.getByRole('button', { name: 'Let someone collect' }).click();
    const dialog = patient.page.getByRole('dialog');
    await dialog.getByRole('button', { name: 'Make the code' }).click();
    await expect(dialog.getByText(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/)).toBeVisible(slow);
    await dialog.getByRole('button', { name: 'Done' }).click();
    await expect(card.getByText('Somebody may collect it for you')).toBeVisible(slow);
    await card.getByRole('button', { name: 'Take it back' }).click();
    await expect(card.getByText('Somebody may collect it for you')).toHaveCount(0, slow);
  });
  await patient.context.close();
  await doctor.context.close();
});

test('a cancellation is asked of the pharmacy that holds it', async ({ browser }) => {
  test.setTimeout(240_000);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, { patient: 'Jonas Lind', medicine: 'losartan', product: '50 mg', days: '28' });
  const id = await sign(doctor.page);
  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Losartan/);
  const pharmacist = await openAs(browser, 'pharmacist');
  await enterCode(pharmacist.page, code);
  await accept(pharmacist.page);

  await askToCancel(doctor.page, id, 'Another medicine is better.');
  await doctor.page.goto('/doctor');
  await expect(doctor.page.getByText(/has not answered yet/).first()).toBeVisible(slow);

  await patient.page.goto('/patient');
  await expect(cardOf(patient.page, /Losartan/).getByText('Your doctor asks the pharmacy to cancel it')).toBeVisible(
    slow,
  );

  await test.step('the pharmacy refuses, and both read why', async () => {
    await answerCancel(pharmacist.page, id, { press: 'Refuse…', reason: 'It is ready on the counter.' });
    await doctor.page.reload();
    await expect(doctor.page.getByText(/did not cancel it/).first()).toBeVisible(slow);
    await patient.page.reload();
    const card = cardOf(patient.page, /Losartan/);
    await expect(card.getByText('Harbour Pharmacy did not cancel it')).toBeVisible(slow);
    await expect(card.getByText('“It is ready on the counter.”')).toBeVisible();
  });

  await test.step('asked again, it agrees: nobody can have it any more', async () => {
    await askToCancel(doctor.page, id, 'It is dangerous beside the new one.');
    await answerCancel(pharmacist.page, id, { press: 'Cancel it', reason: 'Nothing was handed out.' });
    await doctor.page.goto(`/doctor/prescriptions/${id}`);
    await expect(doctor.page.getByText('cancelled').first()).toBeVisible(slow);
    await enterCode(pharmacist.page, code);
    await expect(pharmacist.page.getByText(/cancelled/i).first()).toBeVisible(slow);
    await expect(pharmacist.page.getByRole('button', { name: /^Accept/ })).toHaveCount(0);
  });
  for (const { context } of [doctor, patient, pharmacist]) await context.close();
});

test('a patient asks for a medicine again, and the doctor approves it', async ({ browser }) => {
  test.setTimeout(240_000);
  const patient = await openAs(browser, 'patient');
  await patient.page.goto('/patient');
  const taken = patient.page.getByRole('region', { name: 'What you take' });
  const metformin = taken.getByRole('article').filter({ hasText: /Metformin/ });
  await metformin.getByRole('button', { name: 'Ask for it again' }).click();
  await expect(metformin.getByText(/no answer yet/)).toBeVisible(slow);

  const doctor = await openAs(browser, 'doctor');
  await doctor.page.goto('/doctor');
  await doctor.page.getByRole('link', { name: 'Approve or change for Jonas Lind' }).first().click();
  await expect(doctor.page.getByText('Jonas Lind asks for this again')).toBeVisible(slow);
  await expect(doctor.page.getByLabel('For (days)')).toHaveValue('28', slow);
  await sign(doctor.page);

  await patient.page.goto('/patient');
  await expect(metformin.getByText(/^Written again: /)).toBeVisible(slow);
  for (const { context } of [doctor, patient]) await context.close();
});
