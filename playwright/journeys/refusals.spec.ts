import { expect, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import { enterCode, fillPrescription, sign, typedCodeOf } from '../fixtures/prescribing.ts';

test('codes that are mistyped, forged, voided or cancelled are refused with the reason', async ({ browser }) => {
  test.setTimeout(240_000);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, { patient: 'Jonas Lind', medicine: 'doxycycline', product: '100 mg', days: '7' });
  const id = await sign(doctor.page);
  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Doxycycline/);
  const counter = await openAs(browser, 'pharmacist');

  await test.step('one wrong character', async () => {
    const wrong = code.replace(/[0-9A-Z]/, (first) => (first === '7' ? '8' : '7'));
    await counter.page.goto('/pharmacy');
    await counter.page.getByRole('textbox', { name: 'Typed code' }).fill(wrong);
    await expect(counter.page.getByRole('button', { name: 'Check the code' })).toBeDisabled();
  });

  await test.step('a code that nobody issued', async () => {
    const { createAccessCode, formatAccessCode } = await import('../../crypto/accessCode.ts');
    await enterCode(counter.page, formatAccessCode(createAccessCode()));
    await expect(counter.page.getByText('This code was not made by Medloom, or was altered')).toBeVisible({
      timeout: 30_000,
    });
  });

  await test.step('a voided code, and the new one', async () => {
    const card = patient.page
      .getByRole('article')
      .filter({ hasText: /Doxycycline/ })
      .first();
    await card.getByRole('button', { name: 'Void the code…' }).click();
    await patient.page.getByRole('dialog').getByRole('button', { name: 'Void the code' }).click();
    await expect(card.getByText('This code is void')).toBeVisible({ timeout: 60_000 });
    await enterCode(counter.page, code);
    await expect(counter.page.getByText('The patient has voided this code')).toBeVisible({ timeout: 30_000 });

    await card.getByRole('button', { name: 'Make a new code' }).click();
    await expect(card.locator('p.font-mono')).toBeVisible({ timeout: 60_000 });
    const renewed = ((await card.locator('p.font-mono').textContent()) ?? '').trim();
    expect(renewed).not.toBe(code);
    await enterCode(counter.page, renewed);
    await expect(counter.page.getByText('Genuine, ready for you to accept')).toBeVisible({ timeout: 30_000 });

    await patient.page.reload();
    await expect(
      patient.page
        .getByRole('article')
        .filter({ hasText: /Doxycycline/ })
        .first()
        .locator('p.font-mono'),
    ).toHaveText(renewed, { timeout: 60_000 });

    await doctor.page.goto(`/doctor/prescriptions/${id}`);
    await doctor.page.getByRole('button', { name: 'Cancel prescription…' }).click();
    await doctor.page.getByRole('dialog').getByLabel('Reason').fill('Written for the wrong person');
    await doctor.page.getByRole('dialog').getByRole('button', { name: 'Cancel the prescription' }).click();
    await expect(doctor.page.getByText('Cancelled and recorded').first()).toBeVisible({ timeout: 60_000 });
    await enterCode(counter.page, renewed);
    await expect(counter.page.getByText(/cancelled/i).first()).toBeVisible({ timeout: 30_000 });
    await expect(counter.page.getByRole('button', { name: /^Accept/ })).toHaveCount(0);
  });
});

test('what is no code at all is refused in the page', async ({ browser }) => {
  const { page, context } = await openAs(browser, 'pharmacist');
  const refusal = page.getByText('This is not a prescription code');
  // From another document, so that this one is loaded with its fragment.
  await page.goto('about:blank');
  await page.goto('/pharmacy#not-a-code.%%%');
  await expect(refusal).toBeVisible({ timeout: 30_000 });
  await expect(page).toHaveURL(/\/pharmacy$/);

  // And while it stands.
  await page.goto('/pharmacy#nor-is-this');
  await expect(page).toHaveURL(/\/pharmacy$/);
  await expect(refusal).toBeVisible();
  await context.close();
});
