import { randomInt } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { enrolAndSignIn, makeKeys } from '../fixtures/enrolment.ts';
import { invitePatient } from '../fixtures/invitation.ts';
import { openAs } from '../fixtures/people.ts';

test.use({ actionTimeout: 60_000 });

const slow = { timeout: 60_000 };
const password = 'a kettle under the lime tree';
const newPassword = 'seven teapots in the plum orchard';

async function sign(page: Page, words: RegExp): Promise<void> {
  const sheet = page.getByRole('dialog', { name: 'What you sign' });
  await expect(sheet.getByText(words)).toBeVisible(slow);
  await sheet.getByRole('button', { name: 'Sign', exact: true }).click();
  await expect(sheet).toBeHidden(slow);
}

async function trySignIn(page: Page, email: string, typed: string): Promise<void> {
  await page.goto('/sign-in');
  await page.getByLabel('E-mail').fill(email);
  await page.getByLabel('Password').fill(typed);
  await page.getByRole('button', { name: 'Sign in', exact: true }).click();
}

/** Makes the link for new keys of a patient in the hospital's directory. */
async function askForLink(page: Page, name: string): Promise<void> {
  await page.goto('/admin/patients');
  await page.getByRole('searchbox').fill(name);
  await page
    .getByRole('group', { name: `Actions for ${name}` })
    .getByRole('button', { name: 'Lost keys…' })
    .click();
  await page.getByRole('dialog').getByRole('button', { name: 'Make the link' }).click();
}

test('new keys for a patient who seems to have lost them are proposed and approved, told, and refused with the present ones', async ({
  page,
  browser,
}) => {
  test.setTimeout(600_000);
  const name = `Ottilie Castellan${randomInt(1e6, 1e7)}`;
  const { email, link } = await invitePatient({ name });
  await enrolAndSignIn(page, { email, link }, password);
  const { page: admin, context: ofAdmin } = await openAs(browser, 'admin');
  const panel = admin.getByRole('region', { name: 'Lost keys' }).getByRole('listitem').filter({ hasText: name });
  const { page: regulator, context: ofRegulator } = await openAs(browser, 'regulator');
  const ofOther = await browser.newContext();
  const other = await ofOther.newPage();

  const newKeys = await test.step('the hospital that treats the patient makes a link, shown once', async () => {
    await askForLink(admin, name);
    const shown = await admin.getByRole('dialog').getByRole('textbox').inputValue();
    expect(new URL(shown).pathname).toBe('/new-keys');
    await admin.getByRole('dialog').getByRole('button', { name: 'Done' }).click();
    await expect(panel.getByText(/^link valid until/)).toBeVisible(slow);
    return shown;
  });

  const fingerprint =
    await test.step('it opens for who knows the e-mail, and says before what comes back and what does not', async () => {
      await other.goto(newKeys);
      await other.getByLabel('E-mail of your account').fill('somebody.else@mail.example');
      await other.getByRole('button', { name: 'Next', exact: true }).click();
      await expect(other.getByText(/the e-mail is not that of the account$/)).toBeVisible(slow);
      await other.getByLabel('E-mail of your account').fill(email);
      await other.getByRole('button', { name: 'Next', exact: true }).click();
      await expect(other.getByRole('heading', { name: 'What comes back' })).toBeVisible(slow);
      await expect(other.getByText(/^Prescriptions that were written for your old keys stay closed/)).toBeVisible();
      await other.getByRole('button', { name: 'I have read this: make new keys' }).click();
      await makeKeys(other, newPassword);
      await expect(other.getByText('Your new keys wait for the proposal')).toBeVisible(slow);
      const shown = await other.locator('p.font-mono').textContent();
      await other.reload();
      await other.getByLabel('E-mail of your account').fill(email);
      await other.getByRole('button', { name: 'Next', exact: true }).click();
      await expect(other.getByText(/^This link is not valid any more/)).toBeVisible(slow);
      expect(shown).toMatch(/^[0-9a-f]{16}$/);
      return shown ?? '';
    });

  await test.step('nothing of the account has changed', async () => {
    await trySignIn(other, email, newPassword);
    await expect(other.getByText(/the e-mail or the password is not right/)).toBeVisible(slow);
    await page.goto('/keys');
    await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible(slow);
  });

  await test.step('the admin proposes them, and nobody begins a second time meanwhile', async () => {
    await admin.reload();
    await expect(panel).toContainText(fingerprint, slow);
    await panel.getByRole('button', { name: 'Propose…' }).click();
    await sign(admin, /^Propose new keys for/);
    await expect(panel.getByText(/^proposed .*; the health authority decides$/)).toBeVisible(slow);
    await askForLink(admin, name);
    await expect(admin.getByRole('dialog').getByText('This is not possible in the present state')).toBeVisible(slow);
    await admin.getByRole('dialog').getByRole('button', { name: 'Close' }).click();
  });

  await test.step('the authority approves them', async () => {
    await regulator.goto('/regulator/institutions');
    const waiting = regulator.getByRole('region', { name: 'New keys for who has lost them' });
    const proposal = waiting.getByRole('listitem').filter({ hasText: fingerprint });
    await proposal.getByRole('button', { name: 'Approve…' }).click();
    await sign(regulator, /^Approve/);
    await expect(proposal.getByText(/^approved, counts from/)).toBeVisible(slow);
    await admin.reload();
    await expect(panel.getByText(/^approved, counts from/)).toBeVisible(slow);
  });

  await test.step('whoever has the present keys is told on every page, and refuses', async () => {
    await page.goto('/patient');
    const banner = page.getByRole('alert').filter({ hasText: 'Somebody asks for new keys in your name' });
    await expect(banner).toBeVisible(slow);
    await banner.getByRole('link', { name: 'Look at it' }).click();
    await page.getByRole('button', { name: 'It was not me' }).click();
    await page.getByRole('dialog').getByRole('button', { name: 'It was not me' }).click();
    await sign(page, /^Refuse the new keys/);
    await expect(page.getByText('Refused. Your keys stay as they are.')).toBeVisible(slow);
    await page.reload();
    await expect(page.getByRole('button', { name: 'Lock now' })).toBeVisible(slow);
    await expect(banner).toBeHidden();
  });

  await test.step('everything is as before, and the admin sees why', async () => {
    await admin.reload();
    await expect(panel.getByText('refused: “I did not ask for new keys”')).toBeVisible(slow);
    await trySignIn(other, email, newPassword);
    await expect(other.getByText(/the e-mail or the password is not right/)).toBeVisible(slow);
    await trySignIn(other, email, password);
    await expect(other).not.toHaveURL(/sign-in/, slow);
  });
  for (const context of [ofAdmin, ofRegulator, ofOther]) await context.close();
});
