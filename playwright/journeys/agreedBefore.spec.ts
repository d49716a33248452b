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
import { signSheet } from '../fixtures/supply.ts';

const strip = (page: Page) => page.getByRole('region', { name: 'Insurance' });

test('a medicine that the plan pays only beforehand: asked at the counter, agreed to, handed out and billed by it; the patient is told', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const doctor = await openAs(browser, 'otherDoctor');
  await fillPrescription(doctor.page, {
    ...{ patient: 'Grace Okafor', medicine: 'ciprofloxacin', product: 'MP-24161', days: '10' },
  });
  await sign(doctor.page);
  await doctor.context.close();
  const patient = await openAs(browser, 'insuredPatient');
  const code = await typedCodeOf(patient.page, /Ciprofloxacin/i);
  const { page, context } = await openAs(browser, 'pharmacist');

  await test.step('the counter says that the insurer has to agree, and asks it', async () => {
    await enterCode(page, code);
    await accept(page);
    await strip(page).getByLabel('Price (EUR)').fill('8.40');
    await expect(strip(page).getByText('The insurer has to agree beforehand.')).toBeVisible({ timeout: 60_000 });
    await strip(page).getByRole('button', { name: 'Ask beforehand' }).click();
    await signSheet(page, /Ask Northern Mutual to agree beforehand to Ciprofloxacin.* for €8\.40/i);
    await expect(strip(page).getByText(/^asked on/)).toBeVisible({ timeout: 60_000 });
    await expect(strip(page).getByRole('button', { name: 'Ask beforehand' })).toBeHidden();
  });

  await test.step('a person of the insurer sees that it is prescribed, and agrees', async () => {
    const insurer = await openAs(browser, 'insurer');
    const asked = insurer.page
      .getByRole('listitem')
      .filter({ hasText: 'asked beforehand' })
      .filter({ hasText: '€8.40' });
    await expect(async () => {
      await insurer.page.goto('/insurer');
      await expect(asked.first()).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 60_000 });
    await asked.first().getByRole('link').click();
    await insurer.page.getByRole('radio', { name: 'Approve' }).click({ timeout: 60_000 });
    await insurer.page.getByLabel(/^Counts of/).fill('8.40');
    await insurer.page.getByLabel(/^We pay of/).fill('1.70');
    await insurer.page.getByRole('button', { name: 'Go on to sign' }).click();
    await signSheet(insurer.page, /Approve the claim: the insurer pays €1\.70/);
    await expect(insurer.page.getByText('approved', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
    await insurer.context.close();
  });

  await test.step('the counter reads the answer, and hands it out', async () => {
    await strip(page).getByRole('button', { name: 'Look for the answer' }).click();
    await expect(strip(page).getByText(/^up to €8\.40/)).toBeVisible({ timeout: 60_000 });
    await expect(strip(page).getByText('The insurer has agreed beforehand.')).toBeVisible();
    await confirmIdentity(page);
    await withoutSerial(page);
    await page.getByRole('button', { name: /^Dispense/ }).click();
    await expect(page.getByText('Dispensed in full, signed and recorded')).toBeVisible({ timeout: 60_000 });
  });

  await test.step('the bill names what was agreed to', async () => {
    await page.goto('/pharmacy/claims');
    const handed = page.getByRole('listitem').filter({ hasText: /ciprofloxacin/i });
    await handed.first().getByRole('button', { name: 'Bill', exact: true }).click({ timeout: 60_000 });
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Price (EUR)').fill('8.40');
    await expect(dialog.getByLabel('Agreed beforehand')).toContainText('up to €8.40', { timeout: 30_000 });
    await dialog.getByRole('button', { name: 'Sign and send' }).click();
    await expect(dialog).toBeHidden({ timeout: 60_000 });
    await context.close();
  });

  await test.step('the patient is told of each step, and led to the bill', async () => {
    await expect(async () => {
      await patient.page.goto('/patient');
      await patient.page.getByRole('button', { name: /^Notices/ }).click();
      await expect(patient.page.getByText('Your insurer agreed to a bill').first()).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 120_000 });
    const told = patient.page.getByRole('dialog', { name: 'Notices' });
    await expect(told).toContainText('Your insurer agreed to something beforehand');
    await told
      .getByRole('link', { name: /^A bill was sent to your insurer/ })
      .first()
      .click();
    const bill = patient.page.getByRole('dialog', { name: /ciprofloxacin/i });
    await expect(bill.getByText('Decided by the rules of the plan')).toBeVisible({ timeout: 60_000 });
    await patient.context.close();
  });
});
