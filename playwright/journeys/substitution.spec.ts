import { expect, test } from '@playwright/test';
import { lots, serialsOf } from '../../network/demonstration/supply/lots.ts';
import { openAs } from '../fixtures/people.ts';
import { accept, confirmIdentity, enterCode, fillPrescription, sign, typedCodeOf } from '../fixtures/prescribing.ts';
import { scan } from '../fixtures/supply.ts';

/** What a scanner reads of a pack of the demonstration, and its serial number. */
function packOf(batch: string): { code: string; serial: string } {
  const lot = lots.find((each) => each.batch === batch);
  const serial = lot && serialsOf(lot)[0];
  if (lot === undefined || serial === undefined) throw new Error(`The demonstration has no ${batch}.`);
  return { code: `]d201${lot.gtin}21${serial}`, serial };
}

test('a pharmacy hands out another product of the same medicine, as far as the formulary holds them interchangeable', async ({
  browser,
}) => {
  test.setTimeout(240_000);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, { patient: 'Jonas Lind', medicine: 'vasolind', product: 'MP-14303', days: '28' });
  await sign(doctor.page);
  await doctor.context.close();
  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Vasolind/);

  const { page, context } = await openAs(browser, 'pharmacist');
  await enterCode(page, code);
  await accept(page);
  await confirmIdentity(page);
  const dispense = page.getByRole('button', { name: /^Dispense/ });

  await test.step('one that the list for all does not name beside it is refused, with why', async () => {
    const other = packOf('NV2672');
    await scan(page, other.code);
    await expect(
      page.getByText(
        'Not handed out: Another product than prescribed (ramipril 5 mg capsule (Rampresso)): the formulary does not hold the two to be interchangeable',
      ),
    ).toBeVisible({ timeout: 30_000 });
    await expect(dispense).toBeDisabled();
    await page.getByRole('button', { name: `Take pack ${other.serial} off the list` }).click();
  });

  await test.step('one that it names is handed out for a reason, which the patient reads', async () => {
    await scan(page, packOf('NV2611').code);
    await expect(page.getByText(/^An allowed substitute, genuine and yours to hand out/)).toBeVisible({
      timeout: 30_000,
    });
    await expect(dispense).toBeDisabled();
    await page.getByLabel('Why another product').selectOption({ label: 'A generic of the same medicine' });
    await expect(
      page.getByText('Handed out as ramipril 5 mg capsule: A generic of the same medicine.', { exact: false }),
    ).toBeVisible();
    await dispense.click();
    await expect(page.getByText('Dispensed in full, signed and recorded')).toBeVisible({ timeout: 60_000 });
    await expect(page.getByRole('region', { name: 'Begun and not finished' })).toHaveCount(0);
    await context.close();
  });

  await test.step('the patient’s history says what was handed out for what', async () => {
    await patient.page.goto('/patient/history');
    const entry = patient.page.getByRole('article').filter({ hasText: 'Vasolind' }).first();
    await expect(entry).toBeVisible({ timeout: 60_000 });
    await patient.context.close();
  });
});
