import { expect, type Page, test } from '@playwright/test';
import { installWallet, linkWallet } from '../fixtures/injectedWallet.ts';
import { openAs, signIn } from '../fixtures/people.ts';
import {
  accept,
  confirmIdentity,
  enterCode,
  fillPrescription,
  sign,
  typedCodeOf,
  withoutSerial,
} from '../fixtures/prescribing.ts';
import { issuerOf } from '../fixtures/token.ts';

test('a doctor prescribes with a wallet, the patient shows the code, a pharmacy dispenses in parts, the regulator watches', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const regulator = await openAs(browser, 'regulator');
  await regulator.page.goto('/regulator/activity');
  await expect(regulator.page.getByText('Live', { exact: true }).first()).toBeVisible({ timeout: 30_000 });

  const before = await countsOf(regulator.page);

  const context = await browser.newContext();
  const doctor = { context, page: await context.newPage() };
  const wallet = await installWallet(doctor.page);
  await signIn(doctor.page, 'doctor');
  await linkWallet(doctor.page, wallet);
  await fillPrescription(doctor.page, {
    patient: 'Jonas Lind',
    medicine: 'azithromycin',
    product: '500 mg',
    days: '6',
  });
  const id = await sign(doctor.page);
  expect(await issuerOf(id)).toBe(wallet.address);

  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Azithromycin/);
  expect(code.replaceAll(/[^0-9A-Z]/gi, '')).toHaveLength(27);

  const pharmacist = await openAs(browser, 'pharmacist');
  await enterCode(pharmacist.page, code);
  await expect(pharmacist.page.getByText('Genuine, ready for you to accept')).toBeVisible({ timeout: 30_000 });
  const issued = await transactionOf(pharmacist.page);
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
  await test.step('nor without a pack, or a reason why none is scanned', async () => {
    await expect(pharmacist.page.getByRole('button', { name: /^Dispense/ })).toBeDisabled();
  });
  await withoutSerial(pharmacist.page);
  await pharmacist.page.getByLabel(/^Quantity/).fill('2');
  await pharmacist.page.getByRole('button', { name: /^Dispense 2 of 6/ }).click();
  await expect(pharmacist.page.getByText('Dispensed in part, signed and recorded')).toBeVisible({ timeout: 60_000 });

  await pharmacist.page.getByRole('button', { name: 'Hand out more' }).click();
  await expect(pharmacist.page.getByText(/^Said their name/)).toBeVisible({ timeout: 30_000 });
  const unconfirmed = pharmacist.page.getByLabel(/^Said their name/);
  if (!(await unconfirmed.isChecked())) await confirmIdentity(pharmacist.page);
  await withoutSerial(pharmacist.page);
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
    const arrived = regulator.page.getByRole('listitem').filter({ hasText: issued.slice(0, 8) });
    await expect(arrived.getByText('Issued')).toBeVisible({ timeout: 30_000 });
    const { issue, dispense } = await countsOf(regulator.page);
    expect(issue).toBeGreaterThan(before.issue);
    expect(dispense).toBeGreaterThanOrEqual(before.dispense + 2);
    await expect(regulator.page.getByRole('listitem').filter({ hasText: 'Dispensed' }).first()).toBeVisible();
    await expect(regulator.page.getByRole('row').filter({ hasText: 'care 0' }).last()).toContainText('answers');
    await expect(regulator.page.getByText(/azithromycin/i)).toHaveCount(0);
    await expect(regulator.page.getByText(/Lind/)).toHaveCount(0);
  });
});

/** Transaction id of the issuing, as the drawer of a verdict shows it. */
async function transactionOf(page: Page): Promise<string> {
  await page.getByRole('button', { name: 'Proof' }).click();
  const drawer = page.getByRole('dialog');
  const id = drawer.getByText(/^[0-9a-f]{64}$/).first();
  const text = (await id.textContent()) ?? '';
  await drawer.getByRole('button', { name: 'Close' }).click();
  return text;
}

/** What the regulator's tiles count at this moment. */
async function countsOf(page: Page): Promise<{ issue: number; dispense: number }> {
  const count = async (title: string) => {
    const tile = page.getByRole('listitem').filter({ hasText: title });
    return Number((await tile.locator('p').nth(1).textContent())?.replaceAll(/\D/g, ''));
  };
  return { issue: await count('Prescriptions issued'), dispense: await count('Dispensings recorded') };
}
