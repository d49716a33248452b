import { expect, type Page, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';

test.use({ actionTimeout: 60_000 });
const slow = { timeout: 90_000 };

async function sign(page: Page): Promise<void> {
  const sheet = page.getByRole('dialog', { name: 'What you sign' });
  await sheet.getByRole('button', { name: 'Sign', exact: true }).click(slow);
  await expect(sheet).toBeHidden(slow);
}

/** A name that no run before has used. */
const name = `Elin ${[...crypto.randomUUID().replace(/[^a-f]/g, '')].slice(0, 8).join('')}berg`;

test('a child without an account gets a record that a parent opens, on a hospital’s document, until it ends', async ({
  browser,
}) => {
  test.setTimeout(600_000);
  const admin = await openAs(browser, 'admin');
  const directory = admin.page.getByRole('region', { name: 'Patients' });
  const fillIn = async () => {
    await directory.getByRole('button', { name: 'Register a minor or ward' }).click();
    const form = admin.page.getByRole('dialog');
    await form.getByLabel('Full name').fill(name);
    await form.getByLabel('Birth date').fill('2019-04-11');
    await form.getByRole('button', { name: 'Register', exact: true }).click();
    return form;
  };

  await test.step('the child is registered once; who is registered again is compared first', async () => {
    await admin.page.goto('/admin/patients');
    const form = await fillIn();
    await expect(form.getByText(`${name} is on the ledger`)).toBeVisible(slow);
    await form.getByRole('button', { name: 'Done' }).click();
    const again = await fillIn();
    await expect(again.getByText('These resemble the person')).toBeVisible(slow);
    await expect(again.getByText('same birth date · same name')).toBeVisible();
    await expect(again.getByRole('button', { name: 'Register', exact: true })).toBeDisabled();
    await again.getByRole('button', { name: 'Close' }).click();
  });

  await test.step('a parent is appointed on a document', async () => {
    await directory.getByLabel('Name or identifier').fill(name);
    await directory.getByRole('button', { name: 'Appoint a representative…' }).click(slow);
    const form = admin.page.getByRole('dialog', { name: `Who acts for ${name}?` });
    await form.getByLabel('Identifier of the representative').fill('LK-680314-217');
    await form.getByLabel('Birth date of the representative').fill('1968-03-14');
    await form.getByRole('button', { name: 'Find' }).click();
    await expect(form.getByText('Jonas Lind')).toBeVisible(slow);
    await form.getByRole('button', { name: 'Continue to the signature' }).click();
    await expect(form.getByText('Choose the document.')).toBeVisible();
    const buffer = Buffer.from('birth certificate');
    await form
      .getByLabel('The document you rely on')
      .setInputFiles({ name: 'certificate.pdf', mimeType: 'application/pdf', buffer });
    await form.getByLabel('Until').fill('2037-04-11');
    await form.getByRole('button', { name: 'Continue to the signature' }).click();
    await sign(admin.page);
    await expect(admin.page.getByText(`Jonas Lind acts for ${name}`)).toBeVisible(slow);
  });

  const parent = await openAs(browser, 'patient');
  await test.step('the parent opens the child’s record, whose keys the parent’s browser makes', async () => {
    await parent.page.goto('/patient/record');
    await parent.page.getByRole('link', { name, exact: true }).click();
    await expect(parent.page.getByText(`You act for ${name}`, { exact: true })).toBeVisible(slow);
    await expect(parent.page.getByRole('button', { name: 'Add an entry' })).toBeVisible(slow);
  });

  await test.step('the parent is told that no insurance of the child can be seen here, and what to do', async () => {
    await parent.page.getByRole('link', { name: 'Insurance and bills' }).click();
    await expect(parent.page.getByRole('heading', { name: `The insurance of ${name}` })).toBeVisible(slow);
    await expect(parent.page.getByText(/has no account, and cannot be insured here yet/)).toBeVisible();
    await parent.page.goBack();
    await expect(parent.page.getByRole('button', { name: 'Add an entry' })).toBeVisible(slow);
  });

  await test.step('a doctor of the hospital finds the child, and reads nothing that is not shared', async () => {
    const doctor = await openAs(browser, 'doctor');
    await doctor.page.goto('/doctor/patients');
    await doctor.page.getByLabel(/Name or identifier/).fill(name);
    await expect(doctor.page.getByRole('button', { name: `Prescribe for ${name}` })).toBeDisabled(slow);
    await doctor.page.getByRole('link', { name: new RegExp(name) }).click();
    await expect(doctor.page.getByText('Nothing of this record is shared with you')).toBeVisible(slow);
    await doctor.context.close();
  });

  await test.step('it ends by the hospital’s word, and the parent reaches nothing any more', async () => {
    await admin.page.getByRole('button', { name: `End: Jonas Lind for ${name}` }).click();
    const dialog = admin.page.getByRole('dialog', { name: 'End that Jonas Lind acts' });
    await dialog.getByLabel('Reason').fill('custody was decided anew');
    await dialog.getByRole('button', { name: 'Continue to the signature' }).click();
    await sign(admin.page);
    await expect(dialog).toBeHidden(slow);
    const ended = admin.page.getByRole('listitem').filter({ hasText: `Jonas Lind acts for ${name}` });
    await expect(ended.getByText('ended', { exact: true })).toBeVisible(slow);
    await parent.page.reload();
    await expect(parent.page.getByRole('heading', { name: 'There is nothing at this address' })).toBeVisible(slow);
  });
});
