import { expect, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';

test('an insurer sees whom a policy insures, and what a claim that waits would come to', async ({ browser }) => {
  const { context, page } = await openAs(browser, 'insurer');
  await page.goto('/insurer/policies');
  const members = page.getByRole('region', { name: 'Members' });
  await members
    .getByRole('button', { name: /^Show who it is/ })
    .first()
    .click();
  await expect(members.getByText(/born \d/)).toBeVisible({ timeout: 30_000 });

  await page.goto('/insurer');
  await page.getByRole('link', { name: 'Decide the first' }).click();
  const rules = page.getByRole('region', { name: 'What the plan’s rules say' });
  await expect(rules.getByText('A person has to look at it:')).toBeVisible({ timeout: 30_000 });
  // Nothing is denied without a reason and words for the patient.
  await page.getByRole('radio', { name: 'Deny' }).click();
  await page.getByRole('button', { name: 'Go on to sign' }).click();
  await expect(page.getByText('Choose at least one reason.')).toBeVisible();
  await expect(page.getByText('Say it to the patient in at least three characters.')).toBeVisible();
  await page.getByRole('button', { name: 'Proof' }).click();
  await expect(page.getByRole('dialog').getByText('Reference on Ethereum')).toBeVisible();
  await context.close();
});

test('an insurer writes a plan, is told what is wrong while typing, and publishes it by signature', async ({
  browser,
}) => {
  const { context, page } = await openAs(browser, 'insurer');
  const name = `Evening ${Date.now()}`;
  await page.goto('/insurer/plans?edit=new');
  await page.getByRole('button', { name: 'Publish this version' }).click();
  await expect(page.getByText('Cover at least one kind of service.')).toBeVisible();
  await page.getByRole('textbox', { name: 'Name', exact: true }).fill(name);
  await page.getByRole('checkbox', { name: 'Cover consultation' }).click();
  await expect(page.getByText('Of consultation we pay 80 %.')).toBeVisible();
  await page.getByRole('button', { name: 'Add a rule' }).click();
  const rule = page.getByLabel('Where it is true that');
  await rule.fill('claim.billed');
  await expect(page.getByText('A rule is true or false; this is of type int.')).toBeVisible();
  await rule.fill('claim.billed > 100000');
  await expect(page.getByText('This can be asked of every claim.')).toBeVisible();
  await page.getByLabel('Short name').fill('high');
  await page.getByLabel('What the patient reads').fill('High bills are looked at by a person.');
  await page.getByRole('button', { name: 'Publish this version' }).click();
  const sheet = page.getByRole('dialog');
  await expect(sheet.getByText(`Publish version 1 of the plan ${name}`)).toBeVisible();
  await sheet.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(page.getByRole('region', { name: 'Our plans' }).getByText(name, { exact: true })).toBeVisible({
    timeout: 30_000,
  });
  await context.close();
});
