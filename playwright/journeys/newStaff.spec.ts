import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { enrolAndSignIn } from '../fixtures/enrolment.ts';
import { openAs, pinOf } from '../fixtures/people.ts';
import {
  addEntry,
  chartList,
  confirm,
  confirmByPin,
  openOwnRecord,
  openPatient,
  signingSheet,
} from '../fixtures/records.ts';

test.use({ actionTimeout: 60_000 });

const slow = { timeout: 90_000 };

test('a doctor who starts at a hospital later reads through its key what a patient has shared with it', async ({
  browser,
}) => {
  test.setTimeout(900_000);
  const { page: patient } = await openAs(browser, 'sharingPatient');
  const { page: admin } = await openAs(browser, 'admin');
  const context = await browser.newContext();
  const doctor = await context.newPage();
  // Another one each time that the journey runs on the same network.
  const id = randomUUID();
  const name = `Dr Nadia Brenner ${id.slice(0, 4)}`;
  const email = `${id}@lakeside.example`;

  await test.step('a patient shares problems with the hospital, and nothing else', async () => {
    await openOwnRecord(patient);
    await addEntry(patient, 'problem', { What: 'Migraine without aura' });
    await patient.goto('/patient/sharing');
    await patient.getByRole('button', { name: 'Allow somebody' }).first().click();
    const dialog = patient.getByRole('dialog', { name: 'Allow somebody to read' });
    await dialog.getByRole('searchbox', { name: 'Who' }).fill('Lakeside');
    await dialog.getByRole('button', { name: /^Lakeside Hospital/ }).click();
    await dialog.getByRole('checkbox', { name: /^Problems, allergies and treatments/ }).check();
    await dialog.getByRole('button', { name: 'Sign and allow' }).click();
    await confirmByPin(patient, pinOf('sharingPatient'));
    await expect(dialog).toBeHidden(slow);
  });

  const link = await test.step('the admin takes a doctor on', async () => {
    await admin.goto('/admin');
    await admin.getByRole('button', { name: 'Take somebody on' }).click();
    const dialog = admin.getByRole('dialog', { name: 'Take somebody on' });
    await dialog.getByLabel('Name', { exact: true }).fill(name);
    await dialog.getByLabel('E-mail').fill(email);
    await dialog.getByLabel('Role').selectOption('doctor');
    await dialog.getByLabel('Licence number').fill('MD-55108');
    await dialog.getByRole('button', { name: 'Continue to the signature' }).click();
    await confirm(admin);
    const invitation = admin.getByRole('dialog', { name: `The link for ${name}` });
    await expect(invitation.getByLabel('Invitation link')).toHaveValue(/enrol#/, slow);
    const address = await invitation.getByLabel('Invitation link').inputValue();
    await invitation.getByRole('button', { name: 'I have passed it on' }).click();
    return address;
  });

  await test.step('before the hospital’s key is given, the record says that it is missing, and is no reassuring blank', async () => {
    await enrolAndSignIn(doctor, { email, link }, 'nine herons over the reed bed');
    await openPatient(doctor, 'Yuki Tanaka');
    await doctor.getByRole('button', { name: 'I am treating: open' }).click(slow);
    await expect(doctor.getByText('your institution has not given you its key yet')).toBeVisible(slow);
    await expect(chartList(doctor, 'Problems')).toContainText('Not shared with you');
    await expect(doctor.getByText('Migraine without aura')).toHaveCount(0);
  });

  await test.step('the admin gives it at one press', async () => {
    await admin.goto('/admin/institution');
    const holders = admin.getByRole('region', { name: 'The institution’s reading key' });
    await expect(holders.getByRole('listitem').filter({ hasText: name })).toContainText('lacks it', slow);
    await holders.getByRole('button', { name: /^Give it to/ }).click();
    await expect(signingSheet(admin)).toContainText('Give the reading key of Lakeside Hospital', slow);
    await confirm(admin);
    await expect(holders.getByRole('listitem').filter({ hasText: name })).toContainText('has it', slow);
  });

  await test.step('then the doctor reads what is shared, and sees that the rest is not', async () => {
    await doctor.reload();
    await expect(chartList(doctor, 'Problems')).toContainText('Migraine without aura', slow);
    await expect(chartList(doctor, 'Medicines')).toContainText('Not shared with you');
  });
  await context.close();
});
