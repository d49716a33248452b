import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Browser, expect, type Page, test } from '@playwright/test';
import { openAs, runningNetwork } from '../fixtures/people.ts';
import { filmQr, readQr } from '../fixtures/qr.ts';

const genuine = 'Genuine, ready for you to accept';

/** The printed sheet of the patient's first medicine: a photograph of its QR code, and the code to type. */
async function printSheet(browser: Browser): Promise<{ png: Buffer; typed: string }> {
  const { page, context } = await openAs(browser, 'patient');
  await page.getByRole('link', { name: 'Print', exact: true }).first().click({ timeout: 60_000 });
  await expect(page).toHaveURL(/\/patient\/print\//);
  await page.emulateMedia({ media: 'print' });
  const qr = page.getByRole('img', { name: /^Code to collect/ });
  await expect(qr).toBeVisible({ timeout: 60_000 });
  await expect(page.getByRole('navigation')).toHaveCount(0);
  const typed = await page.getByText(/^([0-9A-Z]{4}-){6}[0-9A-Z]{3}$/).textContent();
  const png = await qr.screenshot();
  await context.close();
  return { png, typed: typed ?? '' };
}

/** Everything that a page sends: addresses and bodies. */
function recordRequests(page: Page): string[] {
  const sent: string[] = [];
  page.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
  return sent;
}

test('a printed code is read from paper, picture, camera and link, and no server sees it', async ({
  browser,
  playwright,
}) => {
  test.setTimeout(240_000);
  const sheet = await printSheet(browser);
  const link = new URL(await readQr(sheet.png));
  const secret = link.hash.split('.')[1] ?? '';
  expect(secret).toHaveLength(22);

  const { page, context } = await openAs(browser, 'pharmacist');
  const sent = recordRequests(page);
  const picture = page.locator('input[type=file]');
  const choose = (name: string, mimeType: string, buffer: Buffer) => picture.setInputFiles({ name, mimeType, buffer });

  await test.step('what is no picture of a code is refused in the page', async () => {
    await choose('letter.txt', 'text/plain', Buffer.from('Dear pharmacist'));
    await expect(page.getByText('This file is not an image')).toBeVisible();
    await choose('empty.png', 'image/png', await page.locator('header').first().screenshot());
    await expect(page.getByText('No code found in this image')).toBeVisible({ timeout: 30_000 });
    await choose('large.png', 'image/png', Buffer.alloc(10 * 1024 * 1024 + 1));
    await expect(page.getByText('This image is larger than 10 MB')).toBeVisible();
  });

  await test.step('a picture of the sheet', async () => {
    await choose('sheet.png', 'image/png', sheet.png);
    await expect(page.getByText(genuine)).toBeVisible({ timeout: 30_000 });
    await page.getByRole('button', { name: 'Next code' }).click();
  });

  await test.step('the code under it', async () => {
    await page.getByRole('textbox', { name: 'Typed code' }).fill(sheet.typed.toLowerCase());
    await page.getByRole('button', { name: 'Check the code' }).click();
    await expect(page.getByText(genuine)).toBeVisible({ timeout: 30_000 });
  });

  await test.step('the link, opened while a pharmacist is signed in', async () => {
    await page.goto(`/rx${link.hash}`);
    await expect(page.getByText(genuine)).toBeVisible({ timeout: 30_000 });
    expect(new URL(page.url()).hash).toBe('');
  });

  await test.step('the link, opened by somebody else', async () => {
    const stranger = await (await browser.newContext()).newPage();
    const asked = recordRequests(stranger);
    await stranger.goto(`/rx${link.hash}`);
    await expect(stranger.getByRole('heading', { name: 'This is a prescription code' })).toBeVisible();
    await expect(stranger.getByRole('link', { name: 'Sign in' })).toBeVisible();
    sent.push(...asked);
    await stranger.context().close();
  });
  await context.close();

  await test.step('the camera', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'medloom-camera-'));
    const film = join(folder, 'sheet.y4m');
    writeFileSync(film, await filmQr(link.href));
    const { executablePath, args } = test.info().project.use.launchOptions ?? {};
    const withCamera = await playwright.chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: [
        ...(args ?? []),
        '--use-fake-ui-for-media-stream',
        '--use-fake-device-for-media-stream',
        `--use-file-for-fake-video-capture=${film}`,
      ],
    });
    try {
      const filmed = await openAs(
        {
          newContext: () => withCamera.newContext({ baseURL: runningNetwork().urls.portal, permissions: ['camera'] }),
        },
        'pharmacist',
      );
      const asked = recordRequests(filmed.page);
      await filmed.page.getByRole('button', { name: 'Use the camera' }).click();
      await expect(filmed.page.getByText(genuine)).toBeVisible({ timeout: 30_000 });
      sent.push(...asked);
    } finally {
      await withCamera.close();
      rmSync(folder, { recursive: true, force: true });
    }
  });

  const code = sheet.typed.replaceAll('-', '');
  for (const request of sent) {
    expect(request).not.toContain(secret);
    expect(request.replaceAll('-', '').toUpperCase()).not.toContain(code);
  }
  expect(sent.length).toBeGreaterThan(10);
});
