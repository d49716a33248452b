import { expect, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import { accept, confirmIdentity, enterCode, fillPrescription, sign, typedCodeOf } from '../fixtures/prescribing.ts';

test('a doctor prescribes, the patient shows the code, a pharmacy dispenses in parts, the regulator watches', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const regulator = await openAs(browser, 'regulator');
  await expect(regulator.page.getByRole('heading', { level: 1 })).toBeVisible();

  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, {
    patient: 'Jonas Lind',
    medicine: 'azithromycin',
    product: '500 mg',
    days: '6',
  });
  const id = await sign(doctor.page);

  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Azithromycin/);
  expect(code.replaceAll(/[^0-9A-Z]/gi, '')).toHaveLength(27);

  const pharmacist = await openAs(browser, 'pharmacist');
  await enterCode(pharmacist.page, code);
  await expect(pharmacist.page.getByText('Genuine, ready for you to accept')).toBeVisible({ timeout: 30_000 });
  await accept(pharmacist.page);
  await expect(pharmacist.page.getByText('Azithromycin', { exact: false }).first()).toBeVisible();
  await expect(pharmacist.page.getByText('content unchanged since signing')).toBeVisible();

  await test.step('no other pharmacy can fill it', async () => {
    const other = await openAs(browser, 'otherPharmacist');
    await enterCode(other.page, code);
    await expect(other.page.getByText('Another pharmacy holds this prescription').first()).toBeVisible({
      timeout: 30_000,
    });
    await expect(other.page.getByRole('button', { name: /^Accept/ })).toHaveCount(0);
    await other.context.close();
  });

  await test.step('nothing is handed out before the identity is confirmed', async () => {
    await expect(pharmacist.page.getByRole('button', { name: /^Dispense/ })).toBeDisabled();
  });
  await confirmIdentity(pharmacist.page);
  await pharmacist.page.getByLabel(/^Quantity/).fill('2');
  await pharmacist.page.getByRole('button', { name: /^Dispense 2 of 6/ }).click();
  await expect(pharmacist.page.getByText('Dispensed in part, signed and recorded')).toBeVisible({ timeout: 60_000 });

  await pharmacist.page.getByRole('button', { name: 'Hand out more' }).click();
  await expect(pharmacist.page.getByText(/^Said their name/)).toBeVisible({ timeout: 30_000 });
  const unconfirmed = pharmacist.page.getByLabel(/^Said their name/);
  if (!(await unconfirmed.isChecked())) await confirmIdentity(pharmacist.page);
  await pharmacist.page.getByRole('button', { name: /^Dispense 4 of 4/ }).click();
  await expect(pharmacist.page.getByText('Dispensed in full, signed and recorded')).toBeVisible({ timeout: 60_000 });

  await test.step('a used code is refused', async () => {
    await enterCode(pharmacist.page, code);
    await expect(pharmacist.page.getByText(/dispensed already|Refused/).first()).toBeVisible({ timeout: 30_000 });
    await expect(pharmacist.page.getByRole('button', { name: /^Accept/ })).toHaveCount(0);
  });

  await test.step('the notaries mark the token', async () => {
    await expect(async () => {
      await doctor.page.goto(`/doctor/prescriptions/${id}`);
      await doctor.page.getByRole('button', { name: 'Proof' }).first().click();
      await expect(doctor.page.getByRole('dialog').getByText('dispensed', { exact: true })).toBeVisible({
        timeout: 3_000,
      });
    }).toPass({ timeout: 60_000 });
  });

  await test.step('the regulator saw it arrive without reloading, and no clinical content', async () => {
    const short = id.slice(-6);
    await expect(regulator.page.getByText(new RegExp(short)).first()).toBeVisible({ timeout: 30_000 });
    await expect(regulator.page.getByText(/azithromycin/i)).toHaveCount(0);
    await expect(regulator.page.getByText(/Lind/)).toHaveCount(0);
  });
});
