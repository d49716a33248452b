import { expect, type Page, test } from '@playwright/test';
import { addAuthenticator } from '../fixtures/authenticator.ts';
import { enrolAndSignIn } from '../fixtures/enrolment.ts';
import { invitePatient } from '../fixtures/invitation.ts';
import { openAs, pinOf } from '../fixtures/people.ts';
import { fillPrescription } from '../fixtures/prescribing.ts';

test.use({ actionTimeout: 60_000 });

const slow = { timeout: 60_000 };
const pin = 'saffron-27';
const otherPin = 'juniper-31';

const sheet = (page: Page) => page.getByRole('dialog', { name: 'What you sign' });
const factors = (page: Page) => page.getByRole('region', { name: 'Passkeys and signing PIN' });

async function openKeys(page: Page): Promise<void> {
  await page.goto('/keys');
  await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible(slow);
  await expect(page.getByRole('button', { name: 'Add a passkey' })).toBeEnabled(slow);
}

async function typePin(page: Page, typed: string): Promise<void> {
  await sheet(page).getByLabel('Signing PIN').fill(typed);
  await sheet(page).getByRole('button', { name: 'Confirm with the PIN' }).click();
}

/** Fills in and confirms a new signing PIN; what is to be signed comes next. */
async function choosePin(page: Page, open: string, chosen: string): Promise<void> {
  await page.getByRole('button', { name: open, exact: true }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('New signing PIN').fill(chosen);
  await dialog.getByLabel('Once more').fill(chosen);
  await dialog.getByRole('button', { name: open === 'Change the PIN' ? 'Change the PIN' : 'Set the PIN' }).click();
}

test('a person’s passkey and PIN confirm signatures, open the keys, and new keys take the place of the old', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  const authenticator = await addAuthenticator(page);
  const password = 'a kettle under the lime tree';
  const { email, link } = await invitePatient({ name: 'Ilse Brandvold' });
  await enrolAndSignIn(page, { email, link }, password);

  await test.step('a passkey comes to the ledger, after the words were read', async () => {
    await openKeys(page);
    await page.getByRole('button', { name: 'Add a passkey' }).click();
    await expect(
      sheet(page)
        .getByText(/passkey/i)
        .first(),
    ).toBeVisible(slow);
    await sheet(page).getByRole('button', { name: 'Sign', exact: true }).click();
    await expect(factors(page).getByRole('listitem').filter({ hasText: 'Passkey' })).toHaveCount(1, slow);
    expect(await authenticator.count()).toBe(1);
  });

  await test.step('it is made a way to open the keys, by the password, and opens them', async () => {
    await factors(page).getByRole('button', { name: 'Also open my keys with it' }).click();
    const dialog = page.getByRole('dialog');
    await dialog.getByLabel('Your password').fill(password);
    await dialog.getByRole('button', { name: 'Go on to the passkey' }).click();
    await expect(factors(page).getByText('Opens your keys')).toBeVisible(slow);
    await page.getByRole('button', { name: 'Lock now' }).click();
    await page.getByRole('button', { name: 'Unlock my keys' }).first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Use a passkey' }).click();
    await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible(slow);
  });

  await test.step('a signing PIN is set, which the passkey confirms', async () => {
    await choosePin(page, 'Set a signing PIN', pin);
    await sheet(page).getByRole('button', { name: 'Confirm with a passkey' }).click();
    await expect(factors(page).getByRole('listitem').filter({ hasText: 'Signing PIN' })).toHaveCount(1, slow);
  });

  await test.step('it is changed: the old one confirms the new one, a wrong one nothing', async () => {
    await choosePin(page, 'Change the PIN', otherPin);
    await typePin(page, 'wrong-pin');
    await expect(sheet(page).getByText('That is not your signing PIN')).toBeVisible(slow);
    await typePin(page, pin);
    await expect(sheet(page).getByText(/^Remove a passkey or signing PIN/)).toBeVisible(slow);
    await typePin(page, otherPin);
    await expect(page.getByText('The new signing PIN counts; the old one is gone.')).toBeVisible(slow);
    await expect(factors(page).getByRole('listitem')).toHaveCount(2, slow);
  });

  await test.step('new keys take the place of the old ones, in words first, and everything opens as before', async () => {
    const signing = page.getByRole('region', { name: 'Public keys' }).getByRole('definition').first();
    const before = await signing.textContent();
    await page.getByRole('button', { name: 'Make new keys…' }).click();
    const dialog = page.getByRole('dialog');
    await expect(dialog.getByText('What becomes unreadable')).toBeVisible();
    await dialog.getByRole('button', { name: 'Make new keys', exact: true }).click();
    await expect(sheet(page)).toBeVisible(slow);
    await typePin(page, otherPin);
    await expect(page.getByText('The new keys count from now on.')).toBeVisible(slow);
    await expect(signing).not.toHaveText(before ?? '', slow);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible(slow);
    await expect(page.getByText('On the ledger', { exact: true })).toBeVisible(slow);
  });

  await test.step('a password changed in another browser is noticed in this one', async () => {
    const context = await browser.newContext();
    const other = await context.newPage();
    await other.goto('/sign-in');
    await other.getByLabel('E-mail').fill(email);
    await other.getByLabel('Password').fill(password);
    await other.getByRole('button', { name: 'Sign in', exact: true }).click();
    await expect(other).not.toHaveURL(/sign-in/, slow);
    await openKeys(other);
    await expect(other.getByRole('region', { name: 'Where you are signed in' }).getByRole('listitem')).toHaveCount(2);
    await other.getByRole('list', { name: 'What opens them' }).getByRole('button', { name: 'Change' }).click();
    const dialog = other.getByRole('dialog');
    const next = 'seven teapots in the plum orchard';
    await dialog.getByLabel('Present password').fill(password);
    await dialog.getByLabel('New password').fill(next);
    await dialog.getByLabel('The same password again').fill(next);
    await dialog.getByRole('button', { name: 'Change the password' }).click();
    await expect(other.getByText('The password is changed.').first()).toBeVisible(slow);
    // Coming back to this browser: it was signed out by the change.
    await page.evaluate(() => window.dispatchEvent(new Event('focus')));
    await expect(page).toHaveURL(/sign-in/, slow);
    await context.close();
  });
});

test('a change in one browser is taken up by another that stays signed in', async ({ page, browser }) => {
  test.setTimeout(240_000);
  const password = 'a kettle under the lime tree';
  const { email, link } = await invitePatient({ name: 'Tove Brandvold' });
  await enrolAndSignIn(page, { email, link }, password);
  await openKeys(page);
  const context = await browser.newContext();
  const other = await context.newPage();
  await other.goto('/sign-in');
  await other.getByLabel('E-mail').fill(email);
  await other.getByLabel('Password').fill(password);
  await other.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(other).not.toHaveURL(/sign-in/, slow);
  await openKeys(other);
  await choosePin(other, 'Set a signing PIN', pin);
  await sheet(other).getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(other.getByText('The signing PIN is on the ledger.')).toBeVisible(slow);
  await page.evaluate(() => window.dispatchEvent(new Event('focus')));
  await expect(page.getByText('Your keys were changed in another browser')).toBeVisible(slow);
  await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible(slow);
  await context.close();
});

test('a doctor signs a controlled medicine with a passkey, and nothing while it sees nobody', async ({ browser }) => {
  test.setTimeout(300_000);
  const { context, page } = await openAs(browser, 'otherDoctor');
  const authenticator = await addAuthenticator(page);
  await openKeys(page);
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await expect(sheet(page)).toBeVisible(slow);
  await typePin(page, pinOf('otherDoctor'));
  await expect(factors(page).getByRole('listitem').filter({ hasText: 'Passkey' })).toHaveCount(1, slow);

  const controlled = { patient: 'Lind', medicine: 'tramadol', product: 'MP-32050' };
  const begin = async () => {
    await fillPrescription(page, controlled);
    const action = page.getByRole('button', { name: /Sign prescription/ });
    await expect(action).toBeEnabled({ timeout: 30_000 });
    await action.click();
    await expect(sheet(page).getByText(/It is a controlled medicine/)).toBeVisible(slow);
    await sheet(page).getByRole('button', { name: 'Confirm with a passkey' }).click();
  };
  await begin();
  await expect(page.getByText('The patient can collect it now.')).toBeVisible(slow);

  await authenticator.setVerified(false);
  await begin();
  await expect(sheet(page).getByText('The passkey did not confirm it')).toBeVisible(slow);
  await sheet(page).getByRole('button', { name: 'Do not sign' }).click();
  await expect(page.getByText('Nothing was signed', { exact: true })).toBeVisible(slow);
  await context.close();
});
