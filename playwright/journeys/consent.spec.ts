import { randomUUID } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { enrolAndSignIn } from '../fixtures/enrolment.ts';
import { invitePatient } from '../fixtures/invitation.ts';
import { openOwnRecord, setPin, writeProblem } from '../fixtures/ownRecord.ts';
import { openAs } from '../fixtures/people.ts';
import { confirmByPin } from '../fixtures/signing.ts';

test.use({ actionTimeout: 60_000 });
const slow = { timeout: 90_000 };
const pin = 'saffron-27';
const finding = 'Birch pollen asthma';

async function findRecord(page: Page, name: string): Promise<void> {
  await page.goto('/doctor/patients');
  await page.getByLabel('Name or identifier').fill(name);
  await page.getByRole('link', { name: `Record of ${name}` }).click();
}

test('a patient lets a doctor read, sees that the doctor did, and revokes it, whereupon nothing opens any more', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  // Unlike that of any run before on the same network.
  const name = `Orla Fennick ${randomUUID().slice(0, 6)}`;
  const { email, link } = await invitePatient({ name });
  await enrolAndSignIn(page, { email, link }, 'a kettle under the lime tree');
  await setPin(page, pin);

  await test.step('before there is a record, the page says where its keys are made', async () => {
    await page.goto('/patient/sharing');
    await expect(page.getByText('The record has no keys yet')).toBeVisible(slow);
    await page.getByRole('link', { name: 'Open the record' }).click();
    await openOwnRecord(page);
  });

  await test.step('an entry is written', () => writeProblem(page, finding));

  const doctor = await openAs(browser, 'doctor');
  await test.step('to the doctor it says that nothing is shared, and not that there is nothing', async () => {
    await findRecord(doctor.page, name);
    await expect(doctor.page.getByText('Nothing of this record is shared with you')).toBeVisible(slow);
    await expect(doctor.page.getByText(finding)).toHaveCount(0);
  });

  await test.step('the patient allows it, after reading what it means', async () => {
    await page.goto('/patient/sharing');
    await page.getByRole('button', { name: 'Allow somebody' }).click();
    const dialog = page.getByRole('dialog', { name: 'Allow somebody to read' });
    await dialog.getByLabel('Who', { exact: true }).fill('Amara');
    await dialog.getByRole('button', { name: /Dr Amara Weiss/ }).click();
    await dialog.getByRole('checkbox', { name: /^Problems, allergies and treatments/ }).check();
    await expect(dialog.getByText(/^You let Dr Amara Weiss read problems, allergies and treatments/)).toBeVisible();
    await dialog.getByRole('button', { name: 'Sign and allow' }).click();
    await confirmByPin(page, pin);
    await expect(dialog).toBeHidden(slow);
    await expect(
      page
        .getByRole('region', { name: 'Who may see what' })
        .getByRole('listitem')
        .filter({ hasText: 'Dr Amara Weiss' }),
    ).toBeVisible(slow);
  });

  await test.step('the doctor reads it, and what is not shared is named as such', async () => {
    await findRecord(doctor.page, name);
    await doctor.page.getByRole('button', { name: 'I am treating: open' }).click();
    await expect(doctor.page.getByRole('region', { name: 'Problems' }).getByText(finding)).toBeVisible(slow);
    await expect(doctor.page.getByText(/Not shared with you: .*medicines/).first()).toBeVisible();
  });

  await test.step('the patient sees who has read what and why, with the proof', async () => {
    await page.goto('/patient/log');
    const entry = page.getByRole('listitem').filter({ hasText: 'Dr Amara Weiss' });
    await expect(entry).toContainText('problems, allergies and treatments · Treatment', slow);
    await entry.getByRole('button', { name: /^Proof/ }).click();
    await expect(page.getByRole('dialog').getByText('Block', { exact: true })).toBeVisible();
    await page.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  await test.step('the patient revokes it', async () => {
    await page.goto('/patient/sharing');
    await page.getByRole('button', { name: 'Revoke: Dr Amara Weiss' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Revoke', exact: true }).click();
    await expect(page.getByText('Nobody may read your record')).toBeVisible(slow);
  });

  await test.step('the doctor is refused at once, in the session that has read before', async () => {
    await findRecord(doctor.page, name);
    await expect(doctor.page.getByText('Nothing of this record is shared with you')).toBeVisible(slow);
    await expect(doctor.page.getByText(finding)).toHaveCount(0);
  });

  await test.step('the patient’s own record still opens, by the new keys', async () => {
    await page.goto('/patient/record');
    await expect(page.getByRole('region', { name: 'Problems' }).getByText(finding)).toBeVisible(slow);
  });
});
