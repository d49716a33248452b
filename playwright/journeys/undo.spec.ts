import { expect, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import { choose, recorded, scan, scanPrinted, signSheet } from '../fixtures/supply.ts';

test('packs that were taken out by mistake go back together; what was not taken out does not', async ({ browser }) => {
  test.setTimeout(300_000);
  const { page, context } = await openAs(browser, 'supplier');
  const batch = `U${Date.now() % 1_000_000}`;
  let codes: string[] = [];

  await test.step('three packs are made, and two of them are taken out', async () => {
    await page.goto('/supply/batches');
    await choose(page.getByLabel('Product'), /^Metformin 500 mg/);
    await page.getByLabel('Batch number').fill(batch);
    await page.getByLabel('Use until').fill(`${new Date().getUTCFullYear() + 2}-06-30`);
    await page.getByLabel('How many packs').fill('3');
    await page.getByRole('button', { name: 'Make 3 packs…' }).click();
    await signSheet(page, /3 packs of Metformin 500 mg/);
    await recorded(page);
    const labels = page.getByRole('region', { name: 'Labels' }).getByRole('img');
    await expect(labels).toHaveCount(3);
    codes = await Promise.all((await labels.all()).map(scanPrinted));
    await page.goto('/supply/stock/change');
    await page.getByLabel('What happened').selectOption({ label: 'Taken out of the chain (sample, export)' });
    await scan(page, codes[0] ?? '');
    await expect(page.getByText('fits').first()).toBeVisible({ timeout: 30_000 });
    await scan(page, codes[1] ?? '');
    await page.getByRole('button', { name: 'Record for 2 packs…' }).click();
    await signSheet(page, /Take 2 packs of Metformin 500 mg.* out of the supply chain/);
    await recorded(page);
  });

  await test.step('one that was not taken out cannot go back, and nothing can be signed', async () => {
    await page.goto('/supply/stock');
    await page.getByRole('link', { name: 'Put back what was taken out' }).click();
    await scan(page, codes[2] ?? '');
    await expect(page.getByText('It was not taken out, or it is back already.')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: /^Put .* back/ })).toHaveCount(0);
  });

  await test.step('one of the two shows until when, and both go back', async () => {
    await scan(page, codes[1] ?? '');
    await expect(page.getByText('It can go back into stock')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('article')).toContainText('ten days after it was taken out, at the same place');
    await page.getByRole('button', { name: 'Put 2 packs back…' }).click();
    await signSheet(page, /Undo that 2 packs of Metformin 500 mg.* left the supply chain/);
    await expect(page.getByText('The packs are in stock again.')).toBeVisible({ timeout: 60_000 });
    await page.goto('/supply/verify');
    await scan(page, codes[0] ?? '');
    await expect(page.getByRole('article').getByText(/^Genuine$/)).toBeVisible({ timeout: 30_000 });
  });
  await context.close();
});
