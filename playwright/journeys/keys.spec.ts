import { expect, type Page, test } from '@playwright/test';
import { installWallet, walletName } from '../fixtures/injectedWallet.ts';
import { invitePatient } from '../fixtures/invitation.ts';

test.use({ actionTimeout: 60_000 });

const password = 'a kettle under the lime tree';
const replaced = 'seven teapots in the plum orchard';
const changed = 'nine saucers by the quince hedge';
const slow = { timeout: 60_000 };

async function signIn(page: Page, email: string, typed: string): Promise<void> {
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(typed);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** The room of keys, with the keys open. */
async function expectOpen(page: Page): Promise<void> {
  await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible(slow);
}

async function chooseNew(page: Page, next: string, action: string): Promise<void> {
  await page.getByLabel('New password').fill(next);
  await page.getByLabel('The same password again').fill(next);
  await page.getByRole('button', { name: action, exact: true }).click();
}

test('a patient makes keys, forgets the password, comes back by the recovery phrase, and by a wallet', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  const wallet = await installWallet(page);
  const { email, link } = await invitePatient();
  let words: string[] = [];

  await test.step('the keys are made here, and the words written down', async () => {
    await page.goto(link);
    await chooseNew(page, password, 'Next');
    await expect(page.getByRole('heading', { name: 'Write down these words' })).toBeVisible(slow);
    words = await page.locator('ol li .font-mono').allTextContents();
    expect(words).toHaveLength(12);
    await page.getByRole('button', { name: 'I have written them down' }).click();
    const asked = page.getByLabel(/^Word \d+$/);
    await expect(asked).toHaveCount(3);
    const positions = (await page.locator('label').allTextContents()).map((label) =>
      Number(label.replace('Word ', '')),
    );
    await asked.first().fill('not a word');
    await page.getByRole('button', { name: 'Make my keys' }).click();
    await expect(page.getByText(/^This is not word/).first()).toBeVisible();
    for (const [place, position] of positions.entries()) await asked.nth(place).fill(words[position - 1] ?? '');
    await page.getByRole('button', { name: 'Make my keys' }).click();
    await expect(page.getByText('Your keys are made and registered')).toBeVisible(slow);
  });

  await test.step('the password signs in and opens them; the invitation is used up', async () => {
    await page.getByRole('link', { name: 'Sign in' }).click();
    await signIn(page, email, password);
    await expect(page).not.toHaveURL(/sign-in/, slow);
    await page.goto('/keys');
    await expectOpen(page);
    await page.goto(link);
    await expect(page.getByText('This invitation is not valid, was used, or has run out')).toBeVisible();
  });

  await test.step('in another browser the phrase replaces the password', async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto('/sign-in');
    await other.getByRole('link', { name: 'Forgot your password?' }).click();
    await expect(other).toHaveURL(/recover/);
    await other.getByLabel('E-mail').fill(email);
    const prove = async (phrase: string) => {
      await other.getByLabel('Recovery phrase').fill(phrase);
      await other.getByRole('button', { name: 'Next', exact: true }).click();
    };
    await prove(`${words.slice(0, 11).join(' ')} abuot`);
    await expect(other.getByText('One of these is not a word of recovery phrases')).toBeVisible();
    await prove(`${'abandon '.repeat(11)}about`);
    await expect(other.getByText('The e-mail or the recovery phrase is not right')).toBeVisible();
    await prove(words.map((word, place) => `${place + 1}. ${word}`).join('\n'));
    await chooseNew(other, replaced, 'Replace the password');
    await expect(other.getByText('Your password is replaced')).toBeVisible(slow);
    await context.close();
  });

  await test.step('the session from before has ended, the old password is refused, the new one opens the keys', async () => {
    await page.goto('/keys');
    await expect(page).toHaveURL(/sign-in/);
    await signIn(page, email, password);
    await expect(page.getByText('Not signed in: the e-mail or the password is not right.')).toBeVisible(slow);
    await signIn(page, email, replaced);
    await expect(page).not.toHaveURL(/sign-in/, slow);
    await page.goto('/keys');
    await expectOpen(page);
  });

  const dialog = page.getByRole('dialog');
  const unlock = page.getByRole('button', { name: 'Unlock my keys' }).first();
  await test.step('locked, they open by the phrase; no wallet is offered yet', async () => {
    await page.getByRole('button', { name: 'Lock now' }).click();
    await unlock.click();
    await expect(dialog.getByRole('button', { name: 'Unlock with my wallet' })).toHaveCount(0);
    await dialog.getByRole('button', { name: 'Use the recovery phrase' }).click();
    await dialog.getByLabel('Recovery phrase').fill(words.join(' '));
    await dialog.getByRole('button', { name: 'Unlock', exact: true }).click();
    await expectOpen(page);
  });

  const ways = page.getByRole('list', { name: 'What opens them' });
  await test.step('a linked wallet is made a way to open them, by the present password', async () => {
    await page.getByRole('button', { name: 'Link a wallet' }).click();
    await dialog.getByRole('button', { name: walletName }).click();
    await page.getByRole('button', { name: 'Also open my keys with it' }).click();
    const own = dialog.getByLabel('Your password');
    const goOn = dialog.getByRole('button', { name: 'Go on to the wallet' });
    await own.fill(password);
    await goOn.click();
    await expect(dialog.getByText('That does not open your keys')).toBeVisible(slow);
    expect(wallet.asked.filter((method) => method === 'personal_sign')).toHaveLength(1);
    await own.fill(replaced);
    await goOn.click();
    await expect(ways.getByText(wallet.address.toLowerCase())).toBeVisible(slow);
    await expect(page.getByText('Opens your keys', { exact: true })).toBeVisible();
  });

  await test.step('a change of the password shows which wallets still open them', async () => {
    await ways.getByRole('button', { name: 'Change' }).click();
    await dialog.getByLabel('Present password').fill(replaced);
    await dialog.getByLabel('New password').fill(changed);
    await dialog.getByLabel('The same password again').fill(changed);
    await dialog.getByRole('button', { name: 'Change the password' }).click();
    await expect(dialog.getByText('Wallets still open your keys')).toBeVisible(slow);
    await expect(dialog.getByText(wallet.address.toLowerCase())).toBeVisible();
    await dialog.getByRole('button', { name: 'Understood' }).click();
    await expect(dialog).toHaveCount(0);
  });

  await test.step('signed in by the wallet, the keys open by it, without a password', async () => {
    await page.getByRole('button', { name: 'Sign out' }).first().click();
    await expect(page).toHaveURL(/sign-in/);
    await page.getByRole('button', { name: 'Sign in with a wallet' }).click();
    await expect(page).not.toHaveURL(/sign-in/, slow);
    await page.goto('/keys');
    wallet.declines.add('personal_sign');
    await unlock.click();
    await dialog.getByRole('button', { name: 'Unlock with my wallet' }).click();
    await expect(dialog.getByText('The signature was declined in the wallet')).toBeVisible();
    wallet.declines.clear();
    await dialog.getByRole('button', { name: 'Unlock with my wallet' }).click();
    await expectOpen(page);
  });

  await test.step('the wallet is taken off again, and is no longer offered', async () => {
    await ways.getByRole('button', { name: 'Remove' }).click();
    await expect(ways.getByText(wallet.address.toLowerCase())).toHaveCount(0);
    await page.getByRole('button', { name: 'Lock now' }).click();
    await unlock.click();
    await expect(dialog.getByLabel('Password')).toBeVisible();
    await expect(dialog.getByRole('button', { name: 'Unlock with my wallet' })).toHaveCount(0);
  });
});
