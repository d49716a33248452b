import { expect, test } from '@playwright/test';
import { openAs, pinOf } from '../fixtures/people.ts';
import { addEntry, chartList, confirm, confirmByPin, openOwnRecord, openPatient } from '../fixtures/records.ts';

test.use({ actionTimeout: 60_000 });

const slow = { timeout: 90_000 };
const reason = 'Found unconscious, brought in by ambulance.';

test('a doctor breaks the glass: the summary at once, everything with a second doctor, in sight of patient and authority', async ({
  browser,
}) => {
  test.setTimeout(600_000);
  const { page: patient } = await openAs(browser, 'emergencyPatient');
  const { page: doctor } = await openAs(browser, 'doctor');
  const { page: second } = await openAs(browser, 'secondDoctor');
  const banner = doctor.getByRole('status').filter({ hasText: reason });
  const open = (page: typeof second) =>
    page.getByRole('region', { name: 'Emergencies open now' }).getByRole('listitem').filter({ hasText: reason });

  await test.step('the patient has a record and shares none of it', async () => {
    await openOwnRecord(patient);
    await addEntry(patient, 'allergy', { Substance: 'Penicillin V' });
    await expect(chartList(patient, 'Allergies and intolerances')).toContainText('Penicillin V', slow);
    // The patient's browser puts what an emergency needs into the summary by itself.
    await expect(patient.getByText(/^You sign: Add an entry under .*emergency summary/)).toBeVisible(slow);
    await openPatient(doctor, 'Daniel Cohen');
    await expect(doctor.getByText('Nothing of this record is shared with you')).toBeVisible(slow);
    await expect(doctor.getByText('Penicillin V')).toHaveCount(0);
  });

  await test.step('the doctor states an emergency, which opens the summary and nothing else', async () => {
    await doctor.getByRole('button', { name: 'Emergency', exact: true }).click();
    const dialog = doctor.getByRole('dialog', { name: 'Open in an emergency' });
    await dialog.getByRole('button', { name: 'Sign and open' }).click();
    await expect(dialog.getByText('Say it in at least three characters.')).toBeVisible();
    await dialog.getByLabel('The emergency in a few words').fill(reason);
    await dialog.getByRole('button', { name: 'Sign and open' }).click();
    await confirmByPin(doctor, pinOf('doctor'));
    await expect(banner).toContainText('Emergency: summary only', slow);
    await expect(chartList(doctor, 'Allergies and intolerances')).toContainText('Penicillin V', slow);
    await expect(chartList(doctor, 'Problems')).toContainText('Not shared with you');
    await expect(chartList(doctor, 'Latest results')).toContainText('Not shared with you');
  });

  await test.step('nobody confirms an own emergency, nor does a doctor of another hospital see it', async () => {
    await doctor.goto('/doctor');
    await expect(open(doctor)).toContainText('You have stated an emergency', slow);
    await expect(open(doctor).getByRole('button', { name: 'Confirm as second doctor' })).toHaveCount(0);
    const { page: other, context } = await openAs(browser, 'otherDoctor');
    await expect(other.getByRole('heading', { name: 'Today' })).toBeVisible(slow);
    await expect(open(other)).toHaveCount(0);
    await context.close();
    await open(doctor).getByRole('link', { name: 'Open the record' }).click();
    await expect(banner).toBeVisible(slow);
  });

  await test.step('a second doctor of the hospital confirms, and the whole record opens by itself', async () => {
    await second.goto('/doctor');
    await expect(open(second)).toContainText('Dr Amara Weiss has stated an emergency', slow);
    await open(second).getByRole('button', { name: 'Confirm as second doctor' }).click();
    const dialog = second.getByRole('dialog', { name: 'Open the whole record?' });
    await dialog.getByRole('button', { name: 'Confirm as second doctor' }).click();
    await confirmByPin(second, pinOf('secondDoctor'));
    await expect(open(second)).toContainText('confirmed by Dr Mikael Strand', slow);
    await expect(banner).toContainText('the whole record is open', slow);
    await expect(chartList(doctor, 'Allergies and intolerances')).toContainText('Penicillin V', slow);
    await expect(doctor.getByText('Not shared with you')).toHaveCount(0);
  });

  await test.step('the patient sees who it was, and the authority reviews it', async () => {
    await patient.goto('/patient/log');
    await expect(patient.getByText(/Dr Amara Weiss/).first()).toBeVisible(slow);
    await expect(patient.getByText(/emergency/i).first()).toBeVisible(slow);
    const { page: regulator } = await openAs(browser, 'regulator');
    await regulator.goto('/regulator/emergencies');
    const stated = regulator.getByRole('listitem').filter({ hasText: reason });
    await stated.getByRole('button', { name: 'Review…' }).click(slow);
    const review = regulator.getByRole('dialog', { name: 'Review of an emergency stated by Dr Amara Weiss' });
    await review.getByLabel('What you found').selectOption('justified');
    await review.getByLabel('Note').fill('Found unconscious, as the ambulance says');
    await review.getByRole('button', { name: 'Continue to the signature' }).click();
    await confirm(regulator);
    await expect(stated).toContainText('Found unconscious, as the ambulance says', slow);
    await expect(stated.getByRole('button', { name: 'Review…' })).toHaveCount(0);
    // Who reviews sees that there was an emergency, and nothing of the record.
    await expect(regulator.getByText('Penicillin V')).toHaveCount(0);
  });
});
