import { expect, test } from '@playwright/test';
import { withCheckDigit } from '../../gs1/checkDigit.ts';
import { openAs } from '../fixtures/people.ts';
import { recorded, signSheet } from '../fixtures/supply.ts';

/** Six digits that no other run has. */
const fresh = () => String(Date.now() % 1_000_000).padStart(6, '0');

test('an admin registers a place, picked on the map, and finds it in the list', async ({ browser }) => {
  const { page, context } = await openAs(browser, 'admin');
  const gln = withCheckDigit(`950601${fresh()}`);
  const name = `Lakeside store ${gln.slice(6, 12)}`;
  await page.goto('/admin/places');
  await page.getByRole('button', { name: 'Register a place' }).click();
  const dialog = page.getByRole('dialog');
  const wrong = `${gln.slice(0, 12)}${(Number(gln.at(-1)) + 1) % 10}`;
  await dialog.getByLabel('GLN').fill(wrong);
  await expect(dialog.getByText(`The check digit should be ${gln.at(-1)}, not ${wrong.at(-1)}.`)).toBeVisible();
  await dialog.getByLabel('GLN').fill(gln);
  await dialog.getByLabel('Name').fill(name);
  const map = dialog.getByRole('button', { name: 'Map to pick the place on' });
  await expect(map.getByRole('img')).toBeVisible({ timeout: 30_000 });
  await map.click();
  await expect(dialog.getByLabel('Latitude')).toHaveValue(/^-?\d+(\.\d{1,4})?$/);
  const before = await dialog.getByLabel('Longitude').inputValue();
  await map.press('ArrowRight');
  await expect(dialog.getByLabel('Longitude')).not.toHaveValue(before);
  await dialog.getByRole('button', { name: 'Continue to the signature' }).click();
  await signSheet(page, new RegExp(`Register ${name} \\(GLN ${gln}\\) as a place of Lakeside`));
  await recorded(page);
  await expect(page.getByRole('listitem').filter({ hasText: name })).toContainText(gln, { timeout: 30_000 });
  await context.close();
});

test('a maker registers a product once, and makes batches of it', async ({ browser }) => {
  const { page, context } = await openAs(browser, 'supplier');
  const gtin = withCheckDigit(`0950600${fresh()}`);
  const name = `Trial medicine ${gtin.slice(7, 13)}`;
  const fill = async () => {
    await page.getByRole('button', { name: 'Register a product' }).click();
    await dialog.getByLabel('GTIN').fill(gtin.slice(1));
    await dialog.getByLabel('Name').fill(name);
    await dialog.getByRole('button', { name: 'Continue to the signature' }).click();
  };
  const dialog = page.getByRole('dialog').filter({ hasText: 'Register a product' });
  await page.goto('/supply/products');
  await fill();
  await signSheet(page, new RegExp(`Register ${name} \\(GTIN ${gtin}\\), made by Nordvita`));
  await recorded(page);
  await page.getByLabel('Search by name or GTIN').fill(gtin);
  await expect(page.getByRole('main').getByRole('link', { name: 'Make a batch' })).toHaveCount(1, { timeout: 30_000 });
  await fill();
  await signSheet(page, /Register Trial medicine/);
  await expect(dialog.getByText('This GTIN is registered already')).toBeVisible({ timeout: 60_000 });
  await context.close();
});
