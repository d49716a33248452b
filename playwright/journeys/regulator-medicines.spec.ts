import { expect, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import { recorded, signSheet } from '../fixtures/supply.ts';

/** Digits that no other run has. */
const fresh = () => String(Date.now() % 1_000_000).padStart(6, '0');

test('a patient reports an adverse event, the authority asks back and assesses it, and the patient sees that', async ({
  browser,
}) => {
  const { page: patient, context } = await openAs(browser, 'patient');
  const batch = `B${fresh()}`;
  await patient.goto(`/report?medicine=MP-20417&batch=${batch}`);
  await patient.getByLabel('What happened').fill('A rash over both arms, four hours after the second dose.');
  await patient.getByRole('checkbox', { name: /medically important/ }).click();
  await patient.getByRole('button', { name: 'Go on to sign' }).click();
  await signSheet(patient, /Report an adverse event of .* to the health authority/);
  await expect(patient.getByText('The authority has your report')).toBeVisible({ timeout: 60_000 });
  const own = patient.getByRole('listitem').filter({ hasText: 'Received' }).first();
  await expect(own).toBeVisible({ timeout: 30_000 });

  const { page: authority, context: other } = await openAs(browser, 'regulator');
  await authority.goto('/regulator/adverse-events');
  const entry = authority
    .getByRole('listitem')
    .filter({ hasText: `Batch ${batch}` })
    .first();
  await expect(entry).toBeVisible({ timeout: 60_000 });
  await entry.getByRole('button', { name: 'Read' }).click();
  await expect(entry).toContainText('A rash over both arms');
  await entry.getByRole('button', { name: 'Ask back…' }).click();
  await authority.getByRole('dialog').getByLabel('Message').fill('Which other medicines were taken?');
  await authority.getByRole('dialog').getByRole('button', { name: 'Go on to sign' }).click();
  await signSheet(authority, /Ask the reporter of an adverse event/);
  await expect(entry).toContainText('Waits for an answer', { timeout: 30_000 });

  await patient.reload();
  const asked = patient.getByRole('listitem').filter({ hasText: 'The authority asks you' }).first();
  await asked.getByRole('button', { name: 'Read', exact: true }).click();
  await expect(asked).toContainText('Which other medicines were taken?', { timeout: 30_000 });
  await context.close();
  await other.close();
});

test('the authority lists a medicine and declares it short, and an institution can only be stricter', async ({
  browser,
}) => {
  const { page, context } = await openAs(browser, 'regulator');
  await page.goto('/regulator/formulary');
  await page.getByRole('button', { name: 'Add an entry' }).click();
  const dialog = page.getByRole('dialog').filter({ hasText: 'Add an entry' });
  await dialog.getByLabel('Product or ATC code').fill('R03AC');
  await dialog.getByLabel('Coverage').selectOption('tier2');
  await dialog.getByLabel('Note').fill(`Seen by ${fresh()}`);
  await dialog.getByRole('button', { name: 'Go on to sign' }).click();
  await signSheet(page, /as “Tier 2” for everybody/);
  await recorded(page);
  await expect(page.getByRole('listitem').filter({ hasText: 'R03AC' })).toContainText('Tier 2', { timeout: 30_000 });
  await context.close();

  const { page: admin, context: other } = await openAs(browser, 'admin');
  await admin.goto('/admin/formulary');
  await admin.getByRole('button', { name: 'Add an entry' }).click();
  const own = admin.getByRole('dialog').filter({ hasText: 'Add an entry' });
  await own.getByLabel('Product or ATC code').fill('R03AC');
  await own.getByRole('button', { name: 'Go on to sign' }).click();
  await expect(own.getByText('It would widen the list for all')).toBeVisible();
  await own.getByLabel('Coverage').selectOption('notCovered');
  await own.getByRole('button', { name: 'Go on to sign' }).click();
  await signSheet(admin, /as “Not covered” for Lakeside/);
  await recorded(admin);
  await other.close();
});
