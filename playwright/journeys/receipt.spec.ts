import { readFile } from 'node:fs/promises';
import { expect, type Page, test } from '@playwright/test';
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

const slow = { timeout: 60_000 };

/** Presses the button and answers the file that comes of it. */
async function receiptOf(page: Page, button: ReturnType<Page['getByRole']>, id: string): Promise<string> {
  const [download] = await Promise.all([page.waitForEvent('download', slow), button.click()]);
  expect(download.suggestedFilename()).toBe(`receipt-${id}.json`);
  return readFile(await download.path(), 'utf8');
}

test('closing gives patient, pharmacy and doctor a receipt, which everybody can verify and nobody can alter', async ({
  browser,
}) => {
  test.setTimeout(300_000);
  const doctor = await openAs(browser, 'doctor');
  await fillPrescription(doctor.page, {
    patient: 'Jonas Lind',
    medicine: 'azithromycin',
    product: '500 mg',
    days: '6',
  });
  const id = await sign(doctor.page);
  const patient = await openAs(browser, 'patient');
  const code = await typedCodeOf(patient.page, /Azithromycin/);
  const pharmacist = await openAs(browser, 'pharmacist');
  await enterCode(pharmacist.page, code);
  await accept(pharmacist.page);

  await test.step('there is none before it is over', async () => {
    await doctor.page.goto(`/doctor/prescriptions/${id}`);
    await expect(doctor.page.getByRole('button', { name: 'Proof' })).toBeVisible(slow);
    await expect(doctor.page.getByRole('button', { name: 'Receipt' })).toHaveCount(0);
  });

  await confirmIdentity(pharmacist.page);
  await withoutSerial(pharmacist.page);
  await pharmacist.page.getByLabel(/^Quantity/).fill('2');
  await pharmacist.page.getByRole('button', { name: /^Dispense 2 of 6/ }).click();
  await expect(pharmacist.page.getByText('Dispensed in part, signed and recorded')).toBeVisible(slow);
  await expect(pharmacist.page.getByRole('button', { name: 'Receipt' })).toHaveCount(0);
  await pharmacist.page.getByRole('button', { name: 'Hand out more' }).click();
  await pharmacist.page.getByRole('button', { name: 'Close short…' }).click(slow);
  const dialog = pharmacist.page.getByRole('dialog');
  await dialog.getByLabel('Reason').fill('The rest is not needed');
  await dialog.getByRole('button', { name: 'Close short' }).click();
  await expect(pharmacist.page.getByText('Closed short and recorded')).toBeVisible(slow);

  const receipt = await test.step('the pharmacist has it right then, and later among what is closed', async () => {
    const now = await receiptOf(pharmacist.page, pharmacist.page.getByRole('button', { name: 'Receipt' }), id);
    await pharmacist.page.goto('/pharmacy/held');
    const row = pharmacist.page.getByRole('region', { name: 'Closed' }).getByRole('listitem').filter({ hasText: id });
    expect(await receiptOf(pharmacist.page, row.getByRole('button', { name: 'Receipt' }), id)).toBe(now);
    return now;
  });
  await test.step('the patient and the doctor have the same, without medicine, person or reason', async () => {
    await patient.page.goto('/patient/history');
    const first = patient.page.getByRole('article').first();
    await expect(first.getByText(/The rest is not needed/)).toBeVisible(slow);
    expect(await receiptOf(patient.page, first.getByRole('button', { name: 'Receipt' }), id)).toBe(receipt);
    await doctor.page.goto(`/doctor/prescriptions/${id}`);
    const own = doctor.page.getByRole('button', { name: 'Receipt' });
    expect(await receiptOf(doctor.page, own, id)).toBe(receipt);
    expect(receipt).not.toMatch(/azithromycin|Lind|pt-\d|prac-|not needed/i);
  });

  const stranger = await browser.newContext();
  const reader = await stranger.newPage();
  await reader.goto(`${runningNetwork().urls.portal}/verify`);
  const choose = (json: string) =>
    reader.getByLabel('Choose a PDF, proof or receipt').setInputFiles({
      ...{ name: `receipt-${id}.json`, mimeType: 'application/json', buffer: Buffer.from(json) },
    });
  await test.step('whoever is shown it sees that it is genuine, and tells no server what it says', async () => {
    const sent: string[] = [];
    reader.on('request', (request) => sent.push(`${request.url()} ${request.postData() ?? ''}`));
    await choose(receipt);
    await expect(reader.getByText('A genuine receipt')).toBeVisible(slow);
    await expect(reader.getByText('3 notaries have signed all that stands below')).toBeVisible();
    const says = reader.getByRole('region', { name: 'What the receipt says' });
    await expect(says.getByText(id)).toBeVisible();
    await expect(says.getByText('4 units')).toBeVisible();
    const dispensed = reader.getByRole('region', { name: 'What was dispensed' });
    await expect(dispensed.getByRole('listitem')).toHaveCount(1);
    await expect(dispensed.getByText('2 units')).toBeVisible();
    expect(sent.filter((request) => request.includes('/api/ethereum/public')).length).toBeGreaterThan(0);
    expect(sent.filter((request) => request.includes(id))).toEqual([]);
  });
  await test.step('one figure altered, and it is not', async () => {
    const altered = receipt.replace('"left": 4', '"left": 3');
    expect(altered).not.toBe(receipt);
    await choose(altered);
    await expect(reader.getByText('Not a genuine receipt')).toBeVisible(slow);
    await expect(reader.getByText('What was dispensed')).toHaveCount(0);
    await choose(receipt);
    await expect(reader.getByText('A genuine receipt')).toBeVisible(slow);
  });
  await test.step('it can be dropped there, too', async () => {
    await reader.reload();
    const data = await reader.evaluateHandle((json) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([json], 'receipt.json', { type: 'application/json' }));
      return transfer;
    }, receipt);
    await reader.locator('form').dispatchEvent('drop', { dataTransfer: data });
    await expect(reader.getByText('A genuine receipt')).toBeVisible(slow);
  });
  for (const { context } of [doctor, patient, pharmacist]) await context.close();
  await stranger.close();
});
