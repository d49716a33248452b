import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { enrolAndSignIn } from '../fixtures/enrolment.ts';
import { invitePatient } from '../fixtures/invitation.ts';
import { openOwnRecord, setPin, writeProblem } from '../fixtures/ownRecord.ts';
import { openAs } from '../fixtures/people.ts';
import { confirmByPin } from '../fixtures/signing.ts';

test.use({ actionTimeout: 60_000 });
const slow = { timeout: 90_000 };
const pin = 'saffron-27';
const finding = 'Birch pollen asthma';

test('a patient lets somebody act, who reads and writes in the patient’s record until that ends', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  // Unlike that of any run before on the same network.
  const name = `Edda Holm ${randomUUID().slice(0, 6)}`;
  await enrolAndSignIn(page, await invitePatient({ name }), 'a kettle under the lime tree');
  await setPin(page, pin);
  await page.goto('/patient/record');
  await openOwnRecord(page);
  await writeProblem(page, finding);

  await test.step('whom the two particulars belong to is named before it is signed', async () => {
    await page.goto('/patient/sharing');
    await page.getByRole('button', { name: 'Let somebody act for me' }).click();
    const dialog = page.getByRole('dialog', { name: 'Let somebody act for me' });
    await dialog.getByLabel('Their identifier').fill('LK-680314-217');
    await dialog.getByLabel('Their birth date').fill('1968-03-15');
    await dialog.getByRole('button', { name: 'Find' }).click();
    await expect(dialog.getByText('Nobody with keys was found')).toBeVisible(slow);
    await dialog.getByLabel('Their birth date').fill('1968-03-14');
    await dialog.getByRole('button', { name: 'Find' }).click();
    await expect(dialog.getByText('Jonas Lind')).toBeVisible(slow);
    await dialog.getByRole('button', { name: 'Sign and appoint' }).click();
    await confirmByPin(page, pin);
    await expect(dialog).toBeHidden(slow);
  });

  const other = await openAs(browser, 'patient');
  await test.step('who acts is told, goes there, and reads and writes with keys of the own', async () => {
    await other.page.getByRole('button', { name: /^Notices, \d+ new$/ }).click();
    await other.page.getByRole('link', { name: new RegExp(`You act for ${name} now`) }).click();
    await expect(other.page.getByText(`You act for ${name}`, { exact: true })).toBeVisible(slow);
    await expect(other.page.getByRole('region', { name: 'Problems' }).getByText(finding)).toBeVisible(slow);
    await writeProblem(other.page, 'Seasonal rhinitis');
  });

  await test.step('the patient sees what was written', async () => {
    await page.goto('/patient/record');
    await expect(page.getByRole('region', { name: 'Problems' }).getByText('Seasonal rhinitis')).toBeVisible(slow);
  });

  await test.step('it ends, the record gets new keys, and nothing is reached any more', async () => {
    await page.goto('/patient/sharing');
    await page.getByRole('button', { name: 'End: Jonas Lind' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Sign and end' }).click();
    await expect(page.getByText('Nobody acts for you')).toBeVisible(slow);
    await other.page.reload();
    await expect(other.page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible(slow);
    await page.goto('/patient/record');
    await expect(page.getByRole('region', { name: 'Problems' }).getByText(finding)).toBeVisible(slow);
  });
});
