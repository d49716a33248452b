import { expect, type Page, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import { accept, enterCode, fillPrescription, sign, typedCodeOf } from '../fixtures/prescribing.ts';

test.use({ actionTimeout: 60_000 });

const slow = { timeout: 90_000 };
const reason = 'Tolerated amoxicillin twice since, under observation.';
const panel = (page: Page) => page.getByRole('region', { name: 'Safety check' });
const signButton = (page: Page) => page.getByRole('button', { name: /Sign prescription/ });

test('an allergy stops the signature until the doctor says why, and the pharmacist reads it', async ({ browser }) => {
  test.setTimeout(400_000);
  const { page: doctor } = await openAs(browser, 'doctor');

  await test.step('amoxicillin for a patient who is allergic to penicillin', async () => {
    await fillPrescription(doctor, { patient: 'Jonas Lind', medicine: 'amoxicillin', product: 'MP-24021', days: '5' });
    const finding = panel(doctor).getByRole('listitem').filter({ hasText: 'Contraindicated' });
    await expect(finding).toContainText('Allergy to penicillin', slow);
    await expect(finding).toContainText('section 4.3');
    await expect(signButton(doctor)).toBeDisabled();
    await doctor.keyboard.press('Control+Enter');
    await expect(doctor.getByText('Answer the safety check first', { exact: false })).toBeVisible();
    await finding.getByLabel('Why you prescribe it all the same').fill('no');
    await expect(signButton(doctor)).toBeDisabled();
    await finding.getByLabel('Why you prescribe it all the same').fill(reason);
    await sign(doctor);
  });

  await test.step('the next medicine is checked against the one that was just prescribed', async () => {
    await doctor.getByRole('button', { name: 'Prescribe another for this patient' }).click();
    await doctor.getByRole('combobox', { name: 'Medicine' }).fill('methotrexate');
    await doctor.getByRole('option').filter({ hasText: '2.5 mg' }).click();
    // It has no usual amount, and is not checked before it has one.
    await doctor.getByLabel(/^Amount/).fill('3');
    await expect(panel(doctor)).toContainText('Methotrexate with amoxicillin', slow);
  });

  await test.step('the pharmacist reads finding and reason, and makes a check of the own', async () => {
    const { page: patient } = await openAs(browser, 'patient');
    const code = await typedCodeOf(patient, /Amoxicillin/);
    const { page: pharmacist } = await openAs(browser, 'pharmacist');
    await enterCode(pharmacist, code);
    await expect(pharmacist.getByText('Genuine, ready for you to accept')).toBeVisible(slow);
    await accept(pharmacist);
    const check = pharmacist.getByRole('region', { name: 'Clinical check' });
    await expect(check).toContainText('Signed although something was found', slow);
    await expect(check).toContainText(reason);
    // What the patient shares with this pharmacy is other than what the hospital reads.
    await expect(check).toContainText('not shared with you', slow);
    await pharmacist.getByLabel(/^Said their name/).check();
    await pharmacist.getByLabel(/^Said their birth date/).check();
    await expect(pharmacist.getByText('Look at the clinical check first')).toBeVisible();
    await check.getByLabel('I have looked at the clinical check').check();
    await expect(pharmacist.getByText('Look at the clinical check first')).toHaveCount(0);
  });
});

test('a patient who shares nothing is checked loudly without a record, in the patient’s language', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const { page: doctor } = await openAs(browser, 'doctor');
  await fillPrescription(doctor, { patient: 'Luca Moretti', medicine: 'loratadine', product: '10 mg', days: '5' });
  await expect(panel(doctor)).toContainText('Nothing is shared with you: checked without the record', slow);
  await expect(panel(doctor)).toContainText('Allergies: not shared with you');
  await expect(panel(doctor)).not.toContainText('everything was checked');
  await expect(signButton(doctor)).toBeEnabled(slow);
  await doctor.getByLabel('Patient reads').selectOption('de');
  await expect(
    doctor.getByText('Nehmen Sie 1-mal täglich 1 Tablette ein, 5 Tage lang.', { exact: false }),
  ).toBeVisible();
});
