import { expect, test } from '@playwright/test';
import { giveCoins, installWallet, walletName } from '../fixtures/injectedWallet.ts';
import { signIn } from '../fixtures/people.ts';

test('a patient pays a share from a wallet of the browser, which is on another chain, and declines at first', async ({
  page,
}) => {
  test.setTimeout(240_000);
  const wallet = await installWallet(page);
  await signIn(page, 'payingPatient');
  const bill = page
    .getByRole('region', { name: 'Bills' })
    .getByRole('button')
    .filter({ hasText: /Consultation of ten minutes/ })
    .first();
  const drawer = page.getByRole('dialog');
  const sign = drawer.getByRole('button', { name: 'Sign with this wallet' });

  await test.step('the page says what another wallet shows to others', async () => {
    // The adjudicator decides after the network has started.
    await expect(async () => {
      await page.goto('/patient/insurance');
      await expect(bill).toContainText('to pay', { timeout: 20_000 });
    }).toPass({ timeout: 90_000 });
    await bill.click();
    await drawer.getByText('Pay with another wallet').click({ timeout: 30_000 });
    await expect(
      drawer.getByText(/Everybody can see on Ethereum that this address paid Lakeside Hospital/),
    ).toBeVisible();
    await expect(drawer.getByLabel('Wallet')).toHaveText(walletName);
  });

  await test.step('a wallet on another chain that does not change is told so, and one without coins', async () => {
    wallet.chainId = 1;
    wallet.declines.add('wallet_switchEthereumChain');
    await sign.click();
    await expect(drawer.getByText('The wallet is on another chain and did not change')).toBeVisible({
      timeout: 30_000,
    });
    wallet.declines.clear();
    await sign.click();
    await expect(drawer.getByText('There are not enough coins in this wallet')).toBeVisible({ timeout: 30_000 });
    expect(wallet.chainId).not.toBe(1);
    expect(wallet.asked).not.toContain('eth_signTypedData_v4');
  });

  await test.step('a declined signature pays nothing, and is asked for again', async () => {
    await giveCoins(wallet, 100);
    wallet.declines.add('eth_signTypedData_v4');
    await sign.click();
    await expect(drawer.getByText('It was declined in the wallet')).toBeVisible({ timeout: 30_000 });
    wallet.declines.clear();
  });

  await test.step('one signature pays it, and the wallet sends nothing', async () => {
    await sign.click();
    await expect(drawer.getByText('It stands on the bill once it is final there.')).toBeVisible({ timeout: 60_000 });
    expect(wallet.asked).not.toContain('eth_sendTransaction');
    await expect(async () => {
      await page.goto('/patient/insurance');
      await expect(bill).toContainText('nothing left to pay', { timeout: 10_000 });
    }).toPass({ timeout: 120_000 });
  });
});
