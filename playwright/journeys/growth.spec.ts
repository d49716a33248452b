import { randomUUID } from 'node:crypto';
import { expect, test } from '@playwright/test';
import { addChannel } from '../../network/addChannel.ts';
import { silentProgress } from '../../network/step.ts';
import { enrolAndSignIn } from '../fixtures/enrolment.ts';
import { invitePatient } from '../fixtures/invitation.ts';
import { openAs, runningNetwork } from '../fixtures/people.ts';
import {
  accept,
  confirmIdentity,
  enterCode,
  fillPrescription,
  sign,
  typedCodeOf,
  withoutSerial,
} from '../fixtures/prescribing.ts';

test('a care chain is added while the portal runs: a new patient there is served, and those before stay where they are', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const regulator = await openAs(browser, 'regulator');
  await regulator.page.goto('/regulator/activity');
  await expect(regulator.page.getByText('Live', { exact: true }).first()).toBeVisible({ timeout: 30_000 });

  const { stateDir } = runningNetwork();
  const signal = AbortSignal.timeout(120_000);
  const { name } = await addChannel({ stateDir, wanted: 'care', progress: silentProgress, signal });
  const number = Number(name.slice('care-'.length));

  await test.step('the regulator sees it without reloading', async () => {
    const row = regulator.page.getByRole('row').filter({ hasText: `care ${number}` });
    await expect(row.last()).toContainText('answers', { timeout: 60_000 });
    await regulator.context.close();
  });

  // The page finds a patient by the beginnings of names.
  const surname = `Falk${randomUUID().replaceAll(/[^a-f]/g, '')}`;
  const context = await browser.newContext();
  const patient = await context.newPage();
  await enrolAndSignIn(patient, await invitePatient({ name: `Ida ${surname}`, channel: number }), 'nine pale lanterns');

  const doctor = await openAs(browser, 'doctor');
  const order = { patient: surname, medicine: 'azithromycin', product: '500 mg', days: '3' };
  await fillPrescription(doctor.page, order);
  expect(await sign(doctor.page)).toMatch(new RegExp(`^rx-${number}-`));

  const code = await typedCodeOf(patient, /Azithromycin/);
  const pharmacist = await openAs(browser, 'pharmacist');
  await enterCode(pharmacist.page, code);
  await accept(pharmacist.page);
  await confirmIdentity(pharmacist.page);
  await withoutSerial(pharmacist.page);
  await pharmacist.page.getByRole('button', { name: /^Dispense/ }).click();
  await expect(pharmacist.page.getByText('Dispensed in full, signed and recorded')).toBeVisible({ timeout: 60_000 });

  await test.step('a patient from before finds what was prescribed before', async () => {
    const before = await openAs(browser, 'patient');
    await typedCodeOf(before.page, /Ramipril/i);
  });
});
