import { expect, type Page, test } from '@playwright/test';
import { openAs, runningNetwork } from '../fixtures/people.ts';
import { fillPrescription, typedCodeOf } from '../fixtures/prescribing.ts';
import { justBefore, loseFrom } from '../fixtures/transactionSteps.ts';

/** The process that the doctor's ledger is reached by: the devnet, or on Fabric the peer of the hospitals. */
function ledgerPid(): number {
  const node = runningNetwork().processes.find(({ name }) => name === 'devnet' || name === 'peer HospitalMSP');
  if (!node) throw new Error("The run file names no process of the doctor's ledger.");
  return node.pid;
}

async function ledgerIsBack(page: Page, killed: number): Promise<void> {
  await expect(async () => {
    expect(ledgerPid()).not.toBe(killed);
    const health = await page.request.get('/api/health');
    expect(health.status()).toBe(200);
  }).toPass({ timeout: 60_000 });
}

/** At the endorsement nothing can be recorded; at the submission nobody knows, until the ledger is asked again. */
const moments = [
  { step: 'endorse', medicine: 'cetirizine', product: '10 mg' },
  { step: 'submit', medicine: 'fexofenadine', product: '120 mg' },
] as const;

test('the ledger is killed while a doctor signs; the doctor carries on and there is one prescription', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const doctor = await openAs(browser, 'doctor');
  const { page } = doctor;
  for (const { step, medicine, product } of moments)
    await test.step(`as the portal comes to ${step}`, async () => {
      await fillPrescription(page, { patient: 'Jonas Lind', medicine, product, days: '5' });
      const killed = ledgerPid();
      await justBefore(page, { step, of: 'issue' }, () => process.kill(killed, 'SIGKILL'));
      await page.getByRole('button', { name: /Sign prescription/ }).click();
      const carryOn = page.getByRole('button', { name: 'Carry on' });
      const finished = page.getByText('The patient can collect it now.');
      await expect(carryOn.or(finished)).toBeVisible({ timeout: 90_000 });
      await page.unrouteAll({ behavior: 'wait' });
      await ledgerIsBack(page, killed);
      if (await carryOn.isVisible()) await carryOn.click();
      await expect(finished).toBeVisible({ timeout: 90_000 });
    });

  const patient = await openAs(browser, 'patient');
  for (const { medicine } of moments) {
    await typedCodeOf(patient.page, new RegExp(medicine, 'i'));
    await expect(patient.page.getByRole('article').filter({ hasText: new RegExp(medicine, 'i') })).toHaveCount(1);
  }
  await patient.context.close();
  await doctor.context.close();
});

test('a flow whose browser is lost is resumed from another one', async ({ browser }) => {
  test.setTimeout(240_000);
  const first = await openAs(browser, 'doctor');
  await fillPrescription(first.page, { patient: 'Jonas Lind', medicine: 'loratadine', product: '10 mg', days: '5' });
  const lost = await loseFrom(first.page, { step: 'endorse', of: 'issue' });
  await first.page.getByRole('button', { name: /Sign prescription/ }).click();
  const again = first.page.getByRole('button', { name: 'Carry on' });
  // What stops it before it is prepared leaves nothing to resume: then the doctor presses again.
  await expect(async () => {
    await expect(again).toBeVisible();
    if (lost() === 0) await again.click();
    expect(lost()).toBeGreaterThan(0);
  }).toPass({ timeout: 90_000 });
  await expect(again).toBeVisible();
  await first.context.close();

  const second = await openAs(browser, 'doctor');
  await second.page.goto('/doctor');
  // Of the whole page, so that a failure says what stood there instead.
  await expect(second.page.getByRole('main')).toContainText('Carry on', { timeout: 60_000 });
  await second.page.getByRole('button', { name: 'Carry on' }).first().click();
  const patient = await openAs(browser, 'patient');
  await expect(async () => {
    await patient.page.goto('/patient');
    await expect(patient.page.getByRole('article').filter({ hasText: /Loratadine/ })).toHaveCount(1, {
      timeout: 20_000,
    });
  }).toPass({ timeout: 120_000 });
});
