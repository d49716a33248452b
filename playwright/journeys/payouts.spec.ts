import { randomBytes } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { getAddress } from 'viem';
import { openAs } from '../fixtures/people.ts';
import { signSheet } from '../fixtures/supply.ts';

const soon = { timeout: 60_000 };
const dialog = (page: Page) => page.getByRole('dialog');
const amountsOf = async (page: Page) =>
  Number((await page.getByText('Lies there for you').locator('..').innerText()).replace(/[^0-9.]/g, ''));

test('a payment above the threshold is released by another person than who decided, and the clinic takes it out', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const clinic = await openAs(browser, 'otherDoctor');
  await clinic.page.goto('/doctor/billing');
  const before = await amountsOf(clinic.page);

  await test.step('a person of the insurer approves, and may not release', async () => {
    const { page, context } = await openAs(browser, 'insurer');
    await page.goto('/insurer');
    const surgery = page.getByRole('listitem').filter({ hasText: '€1,840.00' });
    await page.goto((await surgery.getByRole('link').first().getAttribute('href')) ?? '');
    await page.getByRole('radio', { name: 'Approve' }).click(soon);
    await page.getByLabel(/^Counts of/).fill('1840.00');
    await page.getByLabel(/^We pay of/).fill('1830.00');
    await page.getByRole('button', { name: 'Go on to sign' }).click();
    await signSheet(page, /Approve the claim: the insurer pays €1,830\.00/);
    await expect(page.getByText('approved', { exact: true }).first()).toBeVisible(soon);
    await page.goto('/insurer/payouts');
    const releases = page.getByRole('region', { name: 'Waits for a second person' });
    await expect(releases.getByText('None of your wallets may release a payment')).toBeVisible(soon);
    await expect(releases.getByRole('button', { name: 'Release' })).toHaveCount(0);
    await context.close();
  });

  await test.step('her colleague releases it by the own wallet', async () => {
    const { page, context } = await openAs(browser, 'payer');
    const releases = page.getByRole('region', { name: 'Waits for a second person' });
    const release = releases.getByRole('listitem').filter({ hasText: '€1,830.00' }).getByRole('button');
    await expect(async () => {
      await page.goto('/insurer/payouts');
      await expect(release).toBeVisible({ timeout: 5_000 });
    }).toPass({ timeout: 120_000 });
    await release.click();
    await dialog(page).getByRole('button', { name: 'Release' }).click();
    await expect(dialog(page).getByText('Done on Ethereum')).toBeVisible(soon);
    await dialog(page).getByRole('button', { name: 'Close' }).last().click();
    await expect(releases.getByText('€1,830.00')).toHaveCount(0, soon);
    await context.close();
  });

  await test.step('the clinic has it there, and takes all of it out', async () => {
    const { page } = clinic;
    await page.reload();
    expect(await amountsOf(page)).toBeCloseTo(before + 1_830, 2);
    await page.getByRole('button', { name: 'Take it out' }).click();
    await dialog(page).getByRole('button', { name: 'Take it out' }).click();
    await expect(dialog(page).getByText('Done on Ethereum')).toBeVisible(soon);
    await dialog(page).getByRole('button', { name: 'Close' }).last().click();
    await expect.poll(() => amountsOf(page), soon).toBe(0);
    await clinic.context.close();
  });
});

test('the treasurer lets a wallet pay and takes it away again, and a colleague sees it and has no say', async ({
  browser,
}) => {
  test.setTimeout(180_000);
  const { page, context } = await openAs(browser, 'payer');
  const colleague = await openAs(browser, 'insurer');
  const wallet = getAddress(`0x${randomBytes(20).toString('hex')}`);
  const rulesOn = (on: Page) => on.getByRole('region', { name: 'Rules of the account' });
  const listed = (on: Page) => rulesOn(on).getByRole('listitem').filter({ hasText: wallet.toLowerCase() });
  const pay = dialog(page).getByRole('checkbox', { name: /^Pay:/ });
  const send = async () => {
    await dialog(page).getByRole('button', { name: 'Set what it may do' }).click();
    await expect(dialog(page).getByText('Done on Ethereum')).toBeVisible(soon);
    await dialog(page).getByRole('button', { name: 'Close' }).last().click();
  };

  await page.goto('/insurer/payouts');
  await expect(rulesOn(page).getByText('Astrid Moen (you)').first()).toBeVisible(soon);
  const address = rulesOn(page).getByLabel('Address of another wallet');
  // What is typed before the page has woken up is lost.
  await expect(async () => {
    await address.fill('');
    await address.fill(wallet.slice(0, -1));
    await expect(rulesOn(page).getByText(/^An address of Ethereum/)).toBeVisible({ timeout: 1_000 });
  }).toPass(soon);
  await address.fill(wallet);
  await rulesOn(page).getByRole('button', { name: 'Choose what it may do' }).click();
  await pay.click();
  await send();
  await expect(listed(page)).toContainText('pays', soon);

  await colleague.page.goto('/insurer/payouts');
  await expect(listed(colleague.page)).toContainText('pays', soon);
  await expect(rulesOn(colleague.page).getByText('Our adjudicator')).toBeVisible();
  await expect(rulesOn(colleague.page).getByRole('button', { name: /Change/ })).toHaveCount(0);
  await expect(colleague.page.getByRole('button', { name: 'Take out' })).toHaveCount(0);
  await colleague.context.close();

  await listed(page).getByRole('button').click();
  await pay.click();
  await expect(dialog(page).getByText('It may do nothing for us any more.')).toBeVisible();
  await send();
  await expect(listed(page)).toHaveCount(0, soon);
  await context.close();
});
