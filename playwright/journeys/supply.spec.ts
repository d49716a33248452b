import { expect, test } from '@playwright/test';
import { openAs } from '../fixtures/people.ts';
import { choose, recorded, scan, scanPrinted, signSheet } from '../fixtures/supply.ts';

/** A day that is far enough away. */
const expiry = () => `${new Date().getUTCFullYear() + 2}-06-30`;

test('a batch is made, packed, shipped, received at a pharmacy and verified; a copy with another batch is refused', async ({
  browser,
}) => {
  test.setTimeout(400_000);
  const batch = `J${Date.now() % 1_000_000}`;
  const maker = await openAs(browser, 'supplier');
  let codes: string[] = [];
  let box = '';

  await test.step('three packs are made, and their labels can be scanned', async () => {
    const { page } = maker;
    await page.goto('/supply/batches');
    await choose(page.getByLabel('Product'), /^Metformin 500 mg/);
    await page.getByRole('button', { name: /^Make 100 packs/ }).click();
    await expect(page.getByText('A batch number has 1 to 20 letters')).toBeVisible();
    await page.getByLabel('Batch number').fill(batch);
    await page.getByLabel('Use until').fill(expiry());
    await page.getByLabel('How many packs').fill('3');
    await page.getByRole('button', { name: 'Make 3 packs…' }).click();
    await signSheet(page, new RegExp(`3 packs of Metformin 500 mg.* into being: batch ${batch}`));
    await recorded(page);
    const labels = page.getByRole('region', { name: 'Labels' }).getByRole('img');
    await expect(labels).toHaveCount(3);
    codes = await Promise.all((await labels.all()).map(scanPrinted));
    expect(new Set(codes).size).toBe(3);
    for (const code of codes) expect(code).toMatch(/^\]d201\d{14}17\d{6}10/);
  });

  await test.step('two of them go into a case, whose bars can be scanned', async () => {
    const { page } = maker;
    await page.goto('/supply/pack');
    await page.getByRole('button', { name: 'Make a new case number' }).click();
    for (const code of codes.slice(0, 2)) await scan(page, code);
    await expect(page.getByText('fits')).toHaveCount(2, { timeout: 30_000 });
    await scan(page, codes[0] ?? '');
    await expect(page.getByText('Scanned already')).toBeVisible();
    await page.getByRole('button', { name: 'Pack 2 packs…' }).click();
    await signSheet(page, /Pack 2 packs of Metformin 500 mg.* into case \d{18}/);
    await recorded(page);
    box = await scanPrinted(page.getByRole('img', { name: /^Bars of case/ }));
    expect(box).toMatch(/^\]C100\d{18}$/);
  });

  await test.step('a pack in the case cannot go by itself; the case and the third pack are shipped', async () => {
    const { page } = maker;
    await page.goto('/supply/ship');
    await page.getByLabel('To', { exact: true }).selectOption({ label: 'Harbour Pharmacy, Lakeside' });
    for (const code of [codes[0], codes[2], box]) await scan(page, code ?? '');
    await expect(page.getByText(/^In case \d{18}/)).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Ship 1 pack and 1 case to Harbour Pharmacy…' }).click();
    await signSheet(page, /Ship 1 pack of Metformin 500 mg.* and 1 case to Harbour Pharmacy/);
    await recorded(page);
    await maker.context.close();
  });

  const { page, context } = await openAs(browser, 'pharmacist');
  await test.step('the pharmacy receives the case; the loose pack is missing, with a reason', async () => {
    await page.goto('/pharmacy/deliveries');
    const delivery = page.getByRole('listitem').filter({ hasText: 'from Nordvita' });
    await expect(async () => {
      await page.reload();
      await expect(delivery.first()).toBeVisible({ timeout: 2_000 });
    }).toPass({ timeout: 30_000 });
    await delivery.last().getByRole('link', { name: 'Receive…' }).click();
    await expect(page.getByText('0 of 2 scanned')).toBeVisible();
    await scan(page, box);
    await expect(page.getByText('1 of 2 scanned')).toBeVisible();
    await page.getByLabel('Why not here').selectOption('missing');
    await page.getByRole('button', { name: 'Receive 1 case…' }).click();
    await signSheet(page, /Receive 1 case at Harbour Pharmacy/);
    await expect(page.getByText('The rest stays with the sender')).toBeVisible({ timeout: 60_000 });
  });

  await test.step('a pack of the case is genuine; its label with another batch, and an unknown number, are not', async () => {
    await page.goto('/pharmacy/verify');
    const verify = async (code: string, answer: RegExp) => {
      await scan(page, code);
      await expect(page.getByRole('article').getByText(answer)).toBeVisible({ timeout: 30_000 });
    };
    const [first = ''] = codes;
    await verify(first, /^Genuine$/);
    await expect(page.getByRole('article')).toContainText('Harbour Pharmacy');
    await verify(first.replace(batch, `${batch}X`), /^The code and the ledger differ/);
    await verify(`${first.slice(0, -3)}ZZZ`, /^Unknown: do not sell it/);
  });

  await test.step('who has not got a pack cannot send it: the screen says who has it', async () => {
    await page.goto('/pharmacy/returns');
    await scan(page, codes[2] ?? '');
    await expect(page.getByText('Held by Nordvita')).toBeVisible({ timeout: 30_000 });
    await expect(page.getByRole('button', { name: /^Return/ })).toBeDisabled();
    await context.close();
  });
});

test('a recall is looked at twice, and a pharmacy that has packs of it sees what to do', async ({ browser }) => {
  test.setTimeout(200_000);
  const { page, context } = await openAs(browser, 'pharmacist');
  await page.goto('/pharmacy/recalls');
  const answer = page.getByRole('region', { name: 'To answer' });
  await expect(answer).toContainText('Famotidine', { timeout: 30_000 });
  await expect(answer).toContainText('15 packs at Harbour Pharmacy');
  await context.close();

  const maker = await openAs(browser, 'supplier');
  await maker.page.goto('/supply/recalls');
  await maker.page.getByRole('button', { name: 'Recall a medicine…' }).click();
  const dialog = maker.page.getByRole('dialog');
  await choose(dialog.getByLabel('Product'), /^Amoxicillin/);
  await dialog.getByRole('button', { name: 'Look at what it stops' }).click();
  await expect(dialog.getByText('At least one batch number')).toBeVisible();
  await dialog.getByLabel('Batch numbers').fill('NV2621');
  await dialog.getByLabel('Reason').fill('A look at what it would stop');
  await dialog.getByRole('button', { name: 'Look at what it stops' }).click();
  await expect(dialog.getByText('20 packs', { exact: true })).toBeVisible({ timeout: 30_000 });
  await expect(dialog).toContainText('Harbour Pharmacy');
  await dialog.getByRole('button', { name: 'Recall now…' }).click();
  const sheet = maker.page.getByRole('dialog', { name: 'What you sign' });
  await expect(sheet).toContainText('Recall batch NV2621 of Amoxicillin');
  await sheet.getByRole('button', { name: 'Do not sign' }).click();
  await maker.context.close();
});
