import { readdirSync, readFileSync } from 'node:fs';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { allFaults, checkDocument } from '#epcis/document.ts';
import { maker, PartnerWorld } from '../testing/partnerWorld.ts';
import { workCaptures } from './work.ts';

let world: PartnerWorld;
let client: Awaited<ReturnType<PartnerWorld['client']>>;

beforeAll(async () => {
  world = await PartnerWorld.start();
  client = await world.client(maker);
}, 120_000);
afterAll(() => world?.stop());

const folder = new URL('../../../epcis/testing/examples/', import.meta.url);
const files = readdirSync(folder).filter((file) => file.endsWith('.json'));

it.each(files)('the published example %s is captured, or refused with a pointer to each fault', async (file) => {
  const body = readFileSync(new URL(file, folder), 'utf8');
  const checked = checkDocument(JSON.parse(body));
  const faults = allFaults(checked);
  const path = checked.kind === 'event' ? '/events' : '/capture';
  const response = await client.ask(path, { method: 'POST', body });
  if (faults.length > 0) {
    expect(response.status).toBe(400);
    const { errors } = await response.json();
    expect(errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual(faults.map(({ pointer }) => pointer));
    return;
  }
  expect(response.status).toBe(checked.kind === 'event' ? 201 : 202);
  await workCaptures(world.portal);
  const location = response.headers.get('location')?.replace('/api/epcis', '') ?? '';
  if (path === '/capture')
    expect(await (await client.ask(location)).json()).toMatchObject({ running: false, success: true });
});
