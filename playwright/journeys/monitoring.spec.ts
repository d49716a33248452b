import { randomUUID } from 'node:crypto';
import { expect, type Page, test } from '@playwright/test';
import { type JourneyDevice, registerDevice } from '../fixtures/device.ts';
import { enrolAndSignIn } from '../fixtures/enrolment.ts';
import { invitePatient } from '../fixtures/invitation.ts';
import { openOwnRecord, setPin } from '../fixtures/ownRecord.ts';
import { openAs } from '../fixtures/people.ts';
import { confirmByPin } from '../fixtures/signing.ts';

test.use({ actionTimeout: 60_000 });
const slow = { timeout: 90_000 };
const pin = 'saffron-27';
const doctorName = 'Dr Amara Weiss';

/** The value of a measure among the newest ones on a clinician's page. */
const newest = (page: Page, measure: string) =>
  page.getByRole('region', { name: 'Newest readings' }).getByRole('listitem').filter({ hasText: measure });

test('a patient is watched by a device and a doctor, calls for the doctor, and is read no more once the doctor is removed', async ({
  page,
  browser,
}, info) => {
  test.setTimeout(900_000);
  const name = `Ines Halvorsen ${randomUUID().slice(0, 6)}`;
  const { email, link } = await invitePatient({ name });
  await enrolAndSignIn(page, { email, link }, 'a kettle under the lime tree');
  await setPin(page, pin);
  await page.goto('/patient/record');
  await openOwnRecord(page);

  const admin = await openAs(browser, 'admin');
  const model = `Home hub ${randomUUID().slice(0, 6)}`;
  let device: JourneyDevice | undefined;
  const measure: JourneyDevice['measure'] = async (...what) => device?.measure(...what);
  try {
    await test.step('the hospital registers a device, and gives it the file with which it connects', async () => {
      device = await registerDevice(admin.page, info.outputPath('device'), model);
      await expect(admin.page.getByRole('listitem').filter({ hasText: model })).toContainText('home hub', slow);
    });

    await test.step('the patient lets it take part, after reading what it means', async () => {
      await page.goto('/patient/readings');
      await expect(page.getByText('Nobody watches yet')).toBeVisible(slow);
      await page.getByRole('button', { name: 'Add a device' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a device' });
      await dialog.getByRole('button', { name: new RegExp(model) }).click(slow);
      await expect(dialog.getByText(/can send readings for you, from now on/)).toBeVisible();
      await dialog.getByRole('button', { name: 'Sign and add' }).click();
      await confirmByPin(page, pin);
      await expect(dialog).toBeHidden(slow);
      await device?.ready();
    });

    await test.step('what it measures stands on the patient’s page in plain words, by itself', async () => {
      await measure('heartRate', 71);
      await measure('glucose', 6.2);
      await expect(page.getByText('Your heart beat 71 times a minute.')).toBeVisible(slow);
    });

    await test.step('the patient adds a doctor', async () => {
      await page.getByRole('button', { name: 'Add a doctor' }).click();
      const dialog = page.getByRole('dialog', { name: 'Add a doctor who watches' });
      await dialog.getByLabel('Who', { exact: true }).fill('Amara');
      await dialog.getByRole('button', { name: new RegExp(doctorName) }).click();
      await expect(dialog.getByText(/Nothing from before is opened by this/)).toBeVisible();
      await dialog.getByRole('button', { name: 'Sign and add' }).click();
      await confirmByPin(page, pin);
      await expect(dialog).toBeHidden(slow);
    });

    const doctor = await openAs(browser, 'doctor');
    const watched = doctor.page;
    await test.step('the doctor enters the circle and sees what comes from then on', async () => {
      await expect(async () => {
        await watched.goto('/doctor/monitoring');
        await expect(watched.getByRole('link', { name })).toBeVisible({ timeout: 5_000 });
      }).toPass(slow);
      await watched.getByRole('link', { name }).click();
      await expect(watched.getByText('Entering the circle with this browser')).toBeHidden(slow);
      await expect(watched.getByRole('heading', { name: 'Limits and alerts' })).toBeVisible(slow);
      await device?.ready();
      await measure('heartRate', 73);
      await expect(newest(watched, 'Heart rate')).toContainText('73', slow);
      await expect(watched.getByText('71/min')).toHaveCount(0);
    });

    await test.step('the doctor sets limits', async () => {
      await watched.getByRole('button', { name: 'Set limits' }).click();
      await watched.getByRole('button', { name: 'Sign and set this plan' }).click();
      await watched
        .getByRole('dialog', { name: 'What you sign' })
        .getByRole('button', { name: 'Sign', exact: true })
        .click();
      await expect(watched.getByText(/^set by/)).toBeVisible(slow);
    });

    await test.step('the patient deteriorates, and the doctor is called by itself', async () => {
      await expect(async () => {
        await measure('glucose', 2.1);
        await expect(watched.getByRole('button', { name: 'Acknowledge' })).toBeVisible({ timeout: 10_000 });
      }).toPass(slow);
      await expect(
        watched
          .getByRole('region', { name: 'Alerts' })
          .getByText(/glucose/i)
          .first(),
      ).toBeVisible(slow);
      await watched.goto('/doctor');
      await expect(
        watched.getByRole('region', { name: 'Alerts of patients whom you watch' }).getByText(name),
      ).toBeVisible(slow);
    });

    await test.step('the doctor takes the alert and closes it', async () => {
      await watched.getByRole('listitem').filter({ hasText: name }).getByRole('link', { name: 'Look' }).click();
      await watched.getByRole('button', { name: 'Acknowledge' }).click();
      await watched.getByRole('button', { name: 'Close', exact: true }).click(slow);
      const dialog = watched.getByRole('dialog', { name: 'Close this alert' });
      await dialog.getByLabel('Treated').check();
      await dialog.getByRole('button', { name: 'Close this alert' }).click();
      await expect(dialog).toBeHidden(slow);
      await expect(watched.getByRole('button', { name: 'Acknowledge' })).toHaveCount(0);
    });

    await test.step('a reading is proved against the ledger', async () => {
      await newest(watched, 'Heart rate')
        .getByRole('button', { name: /^Proof/ })
        .click();
      const drawer = watched.getByRole('dialog', { name: 'Proof of this reading' });
      await expect(drawer.getByText('This very reading is on the ledger')).toBeVisible(slow);
      await drawer.getByRole('button', { name: 'Close' }).click();
    });

    await test.step('the doctor is removed, and that browser cannot open what is measured from then on', async () => {
      const pseudonym = new URL(watched.url()).pathname.split('/').at(-1) ?? '';
      // A portal that is against the patient: it keeps from the browser that anything has changed, and hands it the new frames.
      let tell = () => {};
      const told = new Promise<void>((resolve) => {
        tell = resolve;
      });
      await watched.route('**/api/telemetry/stream', async (route) => {
        await told;
        const data = JSON.stringify({ patient: pseudonym, kind: 'readings', count: 1 });
        await route.fulfill({
          contentType: 'text/event-stream',
          body: `retry: 600000\nevent: frames\ndata: ${data}\n\n`,
        });
      });
      await watched.reload();
      await expect(newest(watched, 'Heart rate')).toContainText('73', slow);
      // Those from before the doctor came.
      await expect(watched.getByText(/^2 messages of devices could not be opened here/)).toBeVisible(slow);

      await page.getByRole('button', { name: `Remove: ${doctorName}` }).click();
      const dialog = page.getByRole('dialog', { name: `Remove ${doctorName}?` });
      await expect(dialog.getByText(/cannot be opened there, whatever the portal shows/)).toBeVisible();
      await dialog.getByRole('button', { name: 'Remove', exact: true }).click();
      await expect(page.getByText('Removed, and the common key is changed.')).toBeVisible(slow);
      await device?.ready();
      await measure('heartRate', 119);
      await expect(page.getByText(/Your heart beat between 71 and 119 times a minute/)).toBeVisible(slow);

      const query = new URLSearchParams({ patient: pseudonym, kind: 'readings' });
      const frames = await (await page.request.get(`/api/telemetry/frames?${query}`)).body();
      await watched.route('**/api/telemetry/frames?*', (route) =>
        route.fulfill({ contentType: 'application/vnd.ipld.dag-cbor', body: frames }),
      );
      tell();
      await expect(watched.getByText(/^3 messages of devices could not be opened here/)).toBeVisible(slow);
      await expect(newest(watched, 'Heart rate')).toContainText('73');
      await expect(watched.getByText('119')).toHaveCount(0);
    });

    await test.step('to the doctor the patient is nobody whom one watches any more', async () => {
      await watched.unrouteAll({ behavior: 'ignoreErrors' });
      await watched.goto('/doctor/monitoring');
      await expect(watched.getByRole('heading', { level: 1 })).toBeVisible();
      await expect(watched.getByRole('link', { name })).toHaveCount(0);
    });
  } finally {
    await device?.stop();
  }
});
