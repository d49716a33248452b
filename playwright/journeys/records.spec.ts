import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
import { enrolAndSignIn } from '../fixtures/enrolment.ts';
import { invitePatient } from '../fixtures/invitation.ts';
import { openOwnRecord } from '../fixtures/ownRecord.ts';

test.use({ actionTimeout: 60_000 });
const slow = { timeout: 90_000 };

const signSheet = (page: Page) =>
  page.getByRole('dialog', { name: 'What you sign' }).getByRole('button', { name: 'Sign', exact: true }).click();

/** A PDF of one empty page with so many bytes of comment behind it, so that it goes up in several pieces. */
const pdf = (bytes: number) =>
  Buffer.concat([
    Buffer.from('%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n'),
    Buffer.from('2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n%'),
    Buffer.alloc(bytes, 'x'),
    Buffer.from('\ntrailer<</Root 1 0 R>>\n%%EOF\n'),
  ]);

const codes = (system: string, code: string) => ({ coding: [{ system, code }] });
const bundle = {
  resourceType: 'Bundle',
  type: 'collection',
  entry: [
    {
      fullUrl: 'urn:uuid:0a6b1f0e-7d38-4c3e-9a54-0d8a2f5b1c01',
      resource: {
        resourceType: 'AllergyIntolerance',
        id: 'nuts',
        clinicalStatus: codes('http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical', 'active'),
        code: { text: 'Hazelnut' },
        patient: { display: 'Nils Aas' },
      },
    },
    { resource: { resourceType: 'Condition', id: 'bad', onsetDateTime: 'last spring' } },
  ],
};

test('files go up in pieces and can wait; what another system wrote is taken in and the rest named; all of it leaves as one page', async ({
  page,
  context,
}) => {
  test.setTimeout(600_000);
  await enrolAndSignIn(page, await invitePatient({ name: 'Nils Aas' }), 'a kettle under the lime tree');
  await page.goto('/patient/record');
  await openOwnRecord(page);

  await test.step('a file goes up, is held up half-way, and goes on', async () => {
    await page.getByRole('button', { name: 'Add a file' }).click();
    const form = page.getByRole('dialog', { name: 'Add a file' });
    await form
      .getByLabel('Choose files')
      .setInputFiles({ name: 'letter.pdf', mimeType: 'application/pdf', buffer: pdf(3 * 1024 * 1024) });
    // The first pieces, two at a time, wait until the page has been told to pause, however fast everything is here.
    let first = () => {};
    const paused = new Promise<void>((resolve) => {
      first = resolve;
    });
    let pieces = 0;
    await page.route('**/api/blocks?*', async (route) => {
      pieces += 1;
      await paused;
      await route.continue();
    });
    await form.getByRole('button', { name: 'Encrypt, send and sign' }).click();
    await expect.poll(() => pieces, slow).toBe(2);
    await form.getByRole('button', { name: 'Pause' }).click();
    first();
    await expect(form.getByText(/^Paused · [1-9]/)).toBeVisible(slow);
    expect(pieces).toBe(2);
    await form.getByRole('button', { name: 'Go on' }).click();
    await signSheet(page);
    await expect(page.getByRole('region', { name: 'Timeline' }).getByText('letter').first()).toBeVisible(slow);
    expect(pieces).toBeGreaterThan(2);
    await page.unroute('**/api/blocks?*');
  });

  await test.step('a Bundle with a bad entry: the good one is taken in, the bad one named with its path', async () => {
    await page.getByRole('button', { name: 'Import' }).click();
    const form = page.getByRole('dialog', { name: 'Import a FHIR Bundle' });
    const buffer = Buffer.from(JSON.stringify(bundle));
    await form.getByLabel('Choose the Bundle').setInputFiles({ name: 'b.json', mimeType: 'application/json', buffer });
    await form.getByRole('button', { name: 'Check, encrypt and sign' }).click();
    await expect(form.getByText('1 taken in, 1 not')).toBeVisible(slow);
    await expect(form.getByText(/Condition\.onsetDateTime/).first()).toBeVisible();
    await form.getByRole('button', { name: 'Close' }).click();
    await expect(page.getByRole('region', { name: 'Allergies and intolerances' }).getByText('Hazelnut')).toBeVisible(
      slow,
    );
  });

  await test.step('the record leaves as a page that opens without any connection', async () => {
    await page.getByRole('button', { name: 'Export' }).click();
    const form = page.getByRole('dialog', { name: 'Export' });
    await form.getByRole('combobox').selectOption('page');
    const download = page.waitForEvent('download');
    await form.getByRole('button', { name: 'Save', exact: true }).click();
    const saved = await (await download).path();
    const offline = await context.newPage();
    await context.setOffline(true);
    await offline.setContent(await readFile(saved, 'utf8'));
    await expect(offline.getByText('Hazelnut').first()).toBeVisible();
    await expect(offline.getByText('letter').first()).toBeVisible();
    await context.setOffline(false);
  });
});
