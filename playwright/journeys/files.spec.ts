import { readFileSync } from 'node:fs';
import { expect, test } from '@playwright/test';
import { goods, sites } from '../../network/demonstration/supply/goods.ts';
import { openAs } from '../fixtures/people.ts';
import { signSheet } from '../fixtures/supply.ts';

const fresh = () => Date.now().toString(36).toUpperCase();
const [product = { gtin: '' }] = goods;

test('a maker records a table: what cannot be is left out, what is refused has its reason, and the report is taken along', async ({
  browser,
}) => {
  const { page, context } = await openAs(browser, 'supplier');
  const [one, two] = [`${fresh()}A`, `${fresh()}B`];
  const row = (step: string, serial: string, more: string) => `${step},${product.gtin},${serial},${more}`;
  const table = [
    'step,gtin,serial,batch,expiry,to',
    ...[one, two].map((serial) => row('commission', serial, 'FILE1,2031-06-30,')),
    row('ship', two, `,,${sites.depot.gln}`),
    row('sell', one, ',,'),
    row('receive', two, ',,'),
  ].join('\n');
  await page.goto('/supply/files');
  await page.getByLabel('Choose a file').setInputFiles({
    ...{ name: 'night.csv', mimeType: 'text/csv', buffer: Buffer.from(table) },
  });
  const content = page.getByRole('region', { name: 'What night.csv says' });
  await expect(content).toContainText('Line 5: “sell” is no step.', { timeout: 30_000 });
  await expect(content).toContainText('Lines 2 to 3');
  await page.getByRole('button', { name: 'Record 3 events…' }).click();
  await signSheet(page, /Bring 2 packs of .* into being: batch FILE1/);
  const report = page.getByRole('region', { name: 'Report', exact: true }).first();
  await expect(report).toContainText('3 recorded, 1 refused, 1 not sent', { timeout: 60_000 });
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    report.getByRole('button', { name: 'Download the report (CSV)' }).click(),
  ]);
  const lines = readFileSync(await download.path(), 'utf8').split('\r\n');
  expect(lines[0]).toBe('line,outcome,what,why');
  expect(lines).toHaveLength(6);
  expect(lines[5]).toMatch(/^6,refused,.*it is not in a state for this/);
  await context.close();
});

test('a document with faults is refused with a pointer to each, and nothing can be signed', async ({ browser }) => {
  const { page, context } = await openAs(browser, 'pharmacist');
  const event = {
    ...{ type: 'ObjectEvent', action: 'OBSERVE', bizStep: 'holding', eventTime: 'yesterday' },
    ...{ eventTimeZoneOffset: '+00:00', epcList: [`https://id.gs1.org/01/${product.gtin}/21/A`] },
  };
  const document = {
    '@context': ['https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld'],
    ...{ type: 'EPCISDocument', schemaVersion: '2.0', creationDate: new Date().toISOString() },
    epcisBody: { eventList: [event] },
  };
  await page.goto('/pharmacy/files');
  await page.getByLabel('Choose a file').setInputFiles({
    ...{ name: 'events.json', mimeType: 'application/json', buffer: Buffer.from(JSON.stringify(document)) },
  });
  await expect(page.getByRole('alert').filter({ hasText: 'events.json is refused' })).toContainText(
    '/epcisBody/eventList/0/eventTime',
    { timeout: 30_000 },
  );
  await expect(page.getByRole('button', { name: /^Record/ })).toHaveCount(0);
  await context.close();
});
