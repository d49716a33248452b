import { expect, test } from '@playwright/test';
import { installWallet, walletName } from '../fixtures/injectedWallet.ts';
import { passwordOf, people, signIn } from '../fixtures/people.ts';
import { fillPrescription, sign } from '../fixtures/prescribing.ts';
import { issuerOf } from '../fixtures/token.ts';

test.use({ actionTimeout: 60_000 });

test('a doctor links a wallet of the browser, prescribes with it, signs in with it, and unlinks it', async ({
  page,
}) => {
  test.setTimeout(300_000);
  const wallet = await installWallet(page);
  await signIn(page, 'doctor');

  // It is the page's script that says so: from then on the menu opens.
  await expect(page.getByText('chains answering')).toBeVisible();
  await page
    .getByRole('button', { name: /^Account of/ })
    .first()
    .click();
  await page.getByRole('menuitem', { name: 'Keys and wallet' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Keys and wallet' })).toBeVisible();
  await expect(page.getByText('Built-in wallet')).toBeVisible();
  await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible({ timeout: 60_000 });

  const link = async () => {
    await page.getByRole('button', { name: 'Link a wallet' }).click();
    await page.getByRole('dialog').getByRole('button', { name: walletName }).click();
  };
  const row = page.getByRole('main').getByRole('listitem').filter({ hasText: wallet.address.toLowerCase() });

  await test.step('a declined signature is said, and links nothing', async () => {
    wallet.declines.add('personal_sign');
    await link();
    await expect(page.getByText('The signature was declined in the wallet')).toBeVisible();
    await expect(row).toHaveCount(0);
    wallet.declines.clear();
  });

  await test.step('the wallet is linked and on the registry', async () => {
    await link();
    await expect(row.getByText('On the registry')).toBeVisible({ timeout: 60_000 });
  });

  const order = { patient: 'Jonas Lind', medicine: 'azithromycin', product: '500 mg', days: '3' };
  await test.step('it mints, after it was asked to switch from another chain', async () => {
    await fillPrescription(page, order);
    wallet.chainId = 1;
    const id = await sign(page);
    await expect(async () => expect(await issuerOf(id)).toBe(wallet.address)).toPass({ timeout: 30_000 });
    expect(wallet.asked).toContain('wallet_switchEthereumChain');
  });

  await test.step('a declined mint leaves a valid prescription, and is taken up again', async () => {
    await fillPrescription(page, order);
    wallet.declines.add('eth_signTypedData_v4');
    const action = page.getByRole('button', { name: /Sign prescription/ });
    await expect(action).toBeEnabled({ timeout: 30_000 });
    await action.click();
    await expect(page.getByText('The signature was declined in the wallet')).toBeVisible({ timeout: 60_000 });
    const href = await page.getByRole('link', { name: 'Open the prescription' }).getAttribute('href');
    wallet.declines.clear();
    await page.getByRole('button', { name: 'Sign the token again' }).click();
    const id = href?.split('/').pop() ?? '';
    await expect(async () => expect(await issuerOf(id)).toBe(wallet.address)).toPass({ timeout: 60_000 });
  });

  await test.step('it signs in', async () => {
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await expect(page).toHaveURL(/sign-in/);
    await page.getByRole('button', { name: /wallet/i }).click();
    await expect(page).not.toHaveURL(/sign-in/, { timeout: 60_000 });
  });

  await test.step('it is unlinked by the doctor’s own key', async () => {
    await page.goto('/keys');
    await page.getByRole('button', { name: 'Unlock my keys' }).first().click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Password').fill(passwordOf(people.doctor));
    await dialog.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible({ timeout: 60_000 });
    await row.getByRole('button', { name: 'Unlink' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'Unlink' }).click();
    await expect(row).toHaveCount(0, { timeout: 60_000 });
  });
});
