import { expect, type Page, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import { accept, confirmIdentity, enterCode, fillPrescription, sign, typedCodeOf } from '../fixtures/prescribing.ts';
import { choose, packOf, scan, signSheet } from '../fixtures/supply.ts';

/** The page again and again until it says so: what the ledgers and Ethereum do reaches the portal within seconds. */
async function until(page: Page, path: string, said: (page: Page) => Promise<void>): Promise<void> {
  await expect(async () => {
    await page.goto(path);
    await said(page);
  }).toPass({ timeout: 120_000 });
}

const bill = (page: Page, what: RegExp) =>
  page.getByRole('region', { name: 'Bills' }).getByRole('button').filter({ hasText: what }).first();
const sent = (page: Page) => page.getByRole('region', { name: 'Sent' }).getByRole('listitem').first();
const shows = { timeout: 15_000 };

test('a prescribed medicine is handed out by its pack, billed, judged and paid; the patient pays the own share by one signature', async ({
  browser,
}) => {
  test.setTimeout(400_000);
  const pack = packOf('NV2611', 4);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, {
    ...{ patient: 'Jonas Lind', medicine: 'ramipril', product: 'MP-14301', days: '28' },
  });
  await sign(doctor.page);
  await doctor.context.close();

  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Ramipril/);
  const { page, context } = await openAs(browser, 'pharmacist');

  await test.step('the counter says what the insurer would pay before anything is handed out', async () => {
    await enterCode(page, code);
    await accept(page);
    await expect(page.getByText('Covered', { exact: true })).toBeVisible({ timeout: 60_000 });
    await confirmIdentity(page);
    await scan(page, pack.code);
    await expect(page.getByText(/^Genuine and yours to hand out/)).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: /^Dispense/ }).click();
    await expect(page.getByText('Dispensed in full, signed and recorded')).toBeVisible({ timeout: 60_000 });
  });

  await test.step('the pharmacy bills it with one signature; it is approved by rules and paid', async () => {
    await page.goto('/pharmacy/claims');
    const handed = page
      .getByRole('listitem')
      .filter({ hasText: /ramipril/i })
      .first();
    await handed.getByRole('button', { name: 'Bill', exact: true }).click({ timeout: 60_000 });
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('Covered', { exact: true })).toBeVisible({ timeout: 30_000 });
    await dialog.getByRole('button', { name: 'Sign and send' }).click();
    await expect(dialog).toBeHidden({ timeout: 60_000 });
    await until(page, '/pharmacy/claims', (now) =>
      expect(sent(now).getByText('paid by the insurer')).toBeVisible({ timeout: 5_000 }),
    );
  });

  await test.step('the patient reads every step, and pays what is left from an address used for nothing else', async () => {
    await until(patient.page, '/patient/insurance', (now) => expect(bill(now, /ramipril/i)).toBeVisible(shows));
    await expect(bill(patient.page, /ramipril/i)).toContainText('€1.00 to pay');
    await bill(patient.page, /ramipril/i).click();
    const drawer = patient.page.getByRole('dialog');
    await expect(drawer.getByText('Decided by the rules of the plan')).toBeVisible(shows);
    await expect(drawer.getByText(/The evidence holds/)).toBeVisible();
    await drawer.getByRole('button', { name: 'Pay €1.00' }).click(shows);
    await expect(drawer.getByText('It stands on the bill once it is final there.')).toBeVisible({ timeout: 60_000 });
    await until(patient.page, '/patient/insurance', (now) =>
      expect(bill(now, /ramipril/i)).toContainText('nothing left to pay', { timeout: 5_000 }),
    );
    await bill(patient.page, /ramipril/i).click();
    await expect(drawer.getByText('you paid €1.00')).toBeVisible(shows);
    await expect(drawer.getByText(/^your insurer paid/)).toBeVisible();
  });

  await test.step('the pharmacy sees both payments', async () => {
    await page.goto('/pharmacy/claims');
    await expect(sent(page)).toContainText('paid by the insurer');
    await context.close();
  });

  await test.step('the insurer sees the claim paid, and no name in its list', async () => {
    const insurer = await openAs(browser, 'insurer');
    await insurer.page.goto('/insurer?show=anchored');
    const row = insurer.page.getByRole('region', { name: 'paid by the insurer' }).getByRole('listitem').first();
    await expect(row).toContainText('Harbour Pharmacy');
    await expect(row).not.toContainText('Lind');
    await row.getByRole('link').click();
    await expect(insurer.page.getByRole('region', { name: 'Evidence' })).toBeVisible({ timeout: 30_000 });
    await insurer.context.close();
  });

  await test.step('the regulator sees the pack leave the chain', async () => {
    const { page: authority, context: done } = await openAs(browser, 'regulator');
    await authority.goto(`/regulator/trace?gtin=${pack.gtin}&serial=${pack.serial}`);
    const events = authority
      .getByRole('region', { name: 'Its story' })
      .getByRole('list')
      .first()
      .locator(':scope > li');
    for (const deed of ['Taken out of the chain', 'Handed to a patient'])
      await expect(events.filter({ hasText: deed }), deed).toHaveCount(1, { timeout: 30_000 });
    await done.close();
  });

  await test.step('the patient sees who saw the prescription', async () => {
    await patient.page.goto('/patient/log');
    await expect(patient.page.getByText(/Harbour Pharmacy/).first()).toBeVisible({ timeout: 30_000 });
    await patient.context.close();
  });
});

test('a stay in hospital to which nobody agreed is denied; the patient appeals, and a person approves it', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const doctor = await openAs(browser, 'doctor');
  await test.step('the hospital bills it', async () => {
    const { page } = doctor;
    await page.goto('/doctor/billing');
    await page.getByRole('button', { name: 'Bill a service' }).click({ timeout: 60_000 });
    const dialog = page.getByRole('dialog');
    await choose(dialog.getByLabel('Patient'), /Jonas Lind/);
    await dialog.getByLabel('Kind').selectOption({ label: 'stay in hospital' });
    await dialog.getByLabel('Service', { exact: true }).selectOption({ label: 'Basic laboratory panel' });
    await expect(dialog.getByText('The insurer has to agree beforehand.')).toBeVisible({ timeout: 30_000 });
    await dialog.getByRole('button', { name: 'Sign and send' }).click();
    await expect(dialog).toBeHidden({ timeout: 60_000 });
    await until(page, '/doctor/billing', (now) =>
      expect(sent(now).getByText('denied')).toBeVisible({ timeout: 5_000 }),
    );
  });

  const patient = await openAs(browser, 'patient');
  await test.step('the patient reads why, and appeals', async () => {
    const { page } = patient;
    await until(page, '/patient/insurance', (now) =>
      expect(bill(now, /Basic laboratory panel/)).toContainText('denied', { timeout: 10_000 }),
    );
    await bill(page, /Basic laboratory panel/).click();
    await expect(page.getByText('The insurer had to agree beforehand, and had not.').first()).toBeVisible(shows);
    await page.getByRole('button', { name: 'Appeal' }).click();
    await page.getByLabel('What is wrong with it?').fill('I was brought in at night, nobody could be asked.');
    await page.getByRole('button', { name: 'Encrypt, sign and send' }).click();
    await expect(page.getByLabel('What is wrong with it?')).toBeHidden({ timeout: 60_000 });
    await until(page, '/patient/insurance', (now) =>
      expect(bill(now, /Basic laboratory panel/)).toContainText('appealed', { timeout: 10_000 }),
    );
  });

  await test.step('another person of the insurer reads it and approves', async () => {
    const { page, context } = await openAs(browser, 'insurer');
    await page.goto('/insurer?show=appealed');
    await page.goto(
      (await page
        .getByRole('listitem')
        .filter({ hasText: 'stay in hospital' })
        .getByRole('link')
        .first()
        .getAttribute('href')) ?? '',
    );
    await expect(page.getByText('I was brought in at night, nobody could be asked.')).toBeVisible({ timeout: 30_000 });
    await page.getByRole('radio', { name: 'Approve' }).click();
    await page.getByLabel(/^Counts of/).fill('18.00');
    await page.getByLabel(/^We pay of/).fill('18.00');
    await page.getByRole('button', { name: 'Go on to sign' }).click();
    await signSheet(page, /Approve the claim: the insurer pays €18\.00/);
    await expect(page.getByText('approved', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
    await context.close();
  });

  await test.step('patient and hospital read the new decision, and the payment', async () => {
    await until(patient.page, '/patient/insurance', (now) =>
      expect(bill(now, /Basic laboratory panel/)).toContainText('paid by the insurer', { timeout: 5_000 }),
    );
    await bill(patient.page, /Basic laboratory panel/).click();
    await expect(patient.page.getByText('Decided by a person of the insurer').first()).toBeVisible(shows);
    await patient.context.close();
    await doctor.page.goto('/doctor/billing');
    await expect(sent(doctor.page)).toContainText('paid by the insurer');
    await doctor.context.close();
  });
});

test('a hospital asks before a stay, a person of the insurer agrees, and the bill that names it is paid by rules', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const { page, context } = await openAs(browser, 'doctor');
  const dialog = page.getByRole('dialog', { name: 'Bill a service' });
  const fill = async () => {
    await page.goto('/doctor/billing');
    await page.getByRole('button', { name: 'Bill a service' }).click({ timeout: 60_000 });
    await choose(dialog.getByLabel('Patient'), /Amina Farouk/);
    await dialog.getByLabel('Kind').selectOption({ label: 'stay in hospital' });
    await dialog.getByLabel('Service', { exact: true }).selectOption({ label: 'Electrocardiogram, 12 leads' });
    await expect(dialog.getByText('The insurer has to agree beforehand.')).toBeVisible({ timeout: 30_000 });
  };

  await test.step('the hospital asks', async () => {
    await fill();
    await dialog.getByRole('button', { name: 'Ask beforehand' }).click();
    await signSheet(page, /Ask Northern Mutual to agree beforehand to Electrocardiogram, 12 leads for €29\.00/);
    await expect(dialog).toBeHidden({ timeout: 60_000 });
  });

  await test.step('a person of the insurer agrees', async () => {
    const insurer = await openAs(browser, 'insurer');
    const asked = insurer.page
      .getByRole('listitem')
      .filter({ hasText: 'asked beforehand' })
      .filter({ hasText: '€29.00' });
    await until(insurer.page, '/insurer', () => expect(asked.first()).toBeVisible({ timeout: 5_000 }));
    await asked.first().getByRole('link').click();
    await insurer.page.getByRole('radio', { name: 'Approve' }).click({ timeout: 60_000 });
    await insurer.page.getByLabel(/^Counts of/).fill('29.00');
    await insurer.page.getByLabel(/^We pay of/).fill('20.00');
    await insurer.page.getByRole('button', { name: 'Go on to sign' }).click();
    await signSheet(insurer.page, /Approve the claim: the insurer pays €20\.00/);
    await expect(insurer.page.getByText('approved', { exact: true }).first()).toBeVisible({ timeout: 60_000 });
    await insurer.context.close();
  });

  await test.step('the bill names it, and is approved and paid', async () => {
    await until(page, '/doctor/billing', (now) =>
      expect(sent(now).getByText('approved')).toBeVisible({ timeout: 5_000 }),
    );
    await fill();
    await choose(dialog.getByLabel('Agreed beforehand'), /^up to €29\.00/);
    await dialog.getByRole('button', { name: 'Sign and send' }).click();
    await expect(dialog).toBeHidden({ timeout: 60_000 });
    await until(page, '/doctor/billing', (now) =>
      expect(sent(now).getByText('paid by the insurer')).toBeVisible({ timeout: 5_000 }),
    );
    await context.close();
  });
});

test('a patient who cannot pay asks the assistance fund; the authority grants without a name, and donors see what was paid', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const patient = await openAs(browser, 'patient');
  const visit = /Electrocardiogram/;
  await patient.page.goto('/patient/insurance');
  await bill(patient.page, visit).click({ timeout: 60_000 });
  const drawer = patient.page.getByRole('dialog');
  await drawer.getByLabel('Why you ask').selectOption({ label: 'a long or severe illness' });
  await drawer.getByRole('button', { name: 'Ask for help' }).click();
  await expect(drawer.getByText('You have asked the assistance fund')).toBeVisible({ timeout: 60_000 });

  const { page, context } = await openAs(browser, 'regulator');
  await page.goto('/regulator/fund');
  const request = page.getByRole('listitem').filter({ hasText: 'a long or severe illness' }).first();
  await expect(request).toContainText('Lakeside Hospital', { timeout: 30_000 });
  await expect(request).not.toContainText('Lind');
  const grant = request.getByRole('button', { name: /^Grant and pay/ });
  await grant.click();
  await expect(grant).toBeHidden({ timeout: 60_000 });
  await until(page, '/regulator/fund', () =>
    expect(request.getByText('paid', { exact: true })).toBeVisible({ timeout: 5_000 }),
  );
  await page.getByRole('button', { name: 'Change the rules' }).click();
  const rules = page.getByRole('dialog');
  const stands = rules.getByLabel('Days for which a grant stands');
  const days = (await stands.inputValue()) === '60' ? '30' : '60';
  await stands.fill(days);
  await rules.getByRole('button', { name: 'Set these rules' }).click();
  await expect(rules.getByText('Done on Ethereum')).toBeVisible({ timeout: 60_000 });
  await rules.getByRole('button', { name: 'Close' }).last().click();
  await page.reload();
  await expect(page.getByText('A grant stands at most').locator('..')).toContainText(`${days} days`);
  await context.close();

  await until(patient.page, '/patient/insurance', (now) =>
    expect(bill(now, visit)).toContainText('nothing left to pay', { timeout: 5_000 }),
  );
  await bill(patient.page, visit).click();
  await expect(drawer.getByText(/^The assistance fund has paid €/)).toBeVisible({ timeout: 30_000 });
  await patient.context.close();

  const donor = await browser.newPage();
  await donor.goto('/fund');
  // Granted and paid.
  await expect(donor.getByRole('cell', { name: '16.40 TEST' })).toHaveCount(2, { timeout: 30_000 });
  await expect(donor.getByRole('main')).not.toContainText('Lind');
  await donor.close();
});
