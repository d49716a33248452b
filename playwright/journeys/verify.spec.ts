import { randomBytes } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { createAccessCode, formatAccessCode } from '../../crypto/accessCode.ts';
import { disclose, proofLink } from '../../crypto/commitment/disclosure.ts';
import { tokenIdOf } from '../../crypto/token.ts';
import { runningNetwork, signIn } from '../fixtures/people.ts';
import { fillPrescription, sign } from '../fixtures/prescribing.ts';

test.use({ actionTimeout: 60_000 });

test('a token is verified by who has no account; what was forged and what is an access code are refused', async ({
  page,
  browser,
}) => {
  test.setTimeout(240_000);
  await signIn(page, 'doctor');
  await fillPrescription(page, { patient: 'Jonas Lind', medicine: 'azithromycin', product: '500 mg', days: '3' });
  const id = await sign(page);

  const stranger = await browser.newContext();
  const reader = await stranger.newPage();
  const { portal } = runningNetwork().urls;
  const verify = async (text: string) => {
    await reader.getByLabel('Token number or link of a proof').fill(text);
    await reader.getByRole('button', { name: 'Verify', exact: true }).click();
  };
  await reader.goto(`${portal}/verify`);

  await test.step('the token comes with the next batch, with licence and role', async () => {
    await expect(async () => {
      await verify(tokenIdOf(id).toString());
      await expect(reader.getByText('There is a token with this number')).toBeVisible({ timeout: 3_000 });
    }).toPass({ timeout: 60_000 });
    await expect(reader.getByText(/prescriber, at block \d+/)).toBeVisible();
    await expect(reader.getByText('nothing dispensed yet')).toBeVisible();
  });

  await test.step('a proof that somebody made up is not genuine, and shows nothing', async () => {
    const document = new TextEncoder().encode(JSON.stringify({ medicationCodeableConcept: { text: 'morphine' } }));
    await reader.goto(proofLink(portal, disclose(randomBytes(32), id, document, ['medicine'])));
    await expect(reader.getByText('Not genuine')).toBeVisible();
    await expect(reader.getByText('morphine')).toHaveCount(0);
  });

  await test.step('an access code is refused with words, and asked of nobody', async () => {
    const asked: string[] = [];
    reader.on('request', (request) => asked.push(request.url()));
    await verify(formatAccessCode(createAccessCode()));
    await expect(reader.getByText('This is an access code, and not a proof')).toBeVisible();
    expect(asked.filter((url) => url.includes('/api/ethereum'))).toEqual([]);
  });

  await test.step('a number that nobody issued is not there', async () => {
    await verify('12345');
    await expect(reader.getByText('There is no such token')).toBeVisible();
  });
  await stranger.close();
});
