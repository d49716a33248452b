import { afterAll, beforeAll, expect, it } from 'vitest';
import { AppError } from '#server/errors.ts';
import { traceBatches, traceRecalls, traceSites, traceStock } from '../gateways/db/schema/trace.ts';
import { roles } from '../people/schema.ts';
import { type Person, World } from '../testing/world.ts';
import { findNearby, readStockSharing, setStockSharing } from './nearby.ts';

let world: World;
let pharmacist: Person;
let admin: Person;
let hillAdmin: Person;
const own = 'inst-river-pharmacy';
const hill = 'inst-hill-pharmacy';
const gtin = '09506000134352';
const other = '09506000134369';
const now = new Date('2026-11-27T10:00:00Z');

beforeAll(async () => {
  world = await World.start();
  pharmacist = await world.person('pharmacist', own);
  admin = await world.person('admin', own);
  hillAdmin = await world.person('admin', hill);
  const { db } = world.portal;
  await db.insert(traceSites).values([
    { gln: '0950600013430', institutionId: own, name: 'River', latitude: 54.3233, longitude: 10.1228 },
    { gln: '0950600013447', institutionId: hill, name: 'Hill', latitude: 53.5511, longitude: 9.9937 },
  ]);
  const batch = { channel: 'supply-0', packs: 10, madeAt: now };
  await db.insert(traceBatches).values([
    { gtin, batch: 'GOOD', expiry: '2027-01-31', ...batch },
    { gtin, batch: 'OLD', expiry: '2026-11-26', ...batch },
    { gtin, batch: 'BACK', expiry: '2027-01-31', ...batch },
    { gtin: other, batch: 'GOOD', expiry: '2027-01-31', ...batch },
  ]);
  const at = { holder: hill, site: '0950600013447' };
  await db.insert(traceStock).values([
    { ...at, gtin, batch: 'GOOD', state: 'active', packs: 4 },
    { ...at, gtin, batch: 'GOOD', state: 'quarantined', packs: 100 },
    { ...at, gtin, batch: 'OLD', state: 'active', packs: 100 },
    { ...at, gtin, batch: 'BACK', state: 'active', packs: 100 },
    { ...at, gtin: other, batch: 'GOOD', state: 'active', packs: 1 },
  ]);
  await db.insert(traceRecalls).values({
    ...{ id: 'rcl-a', channel: 'supply-0', gtin, batches: ['BACK'], level: 'retail', reason: 'test' },
    ...{ by: 'prac-a', party: 'inst-maker', startedAt: now, startedBlock: 1, transactionId: 'tx' },
  });
}, 120_000);
afterAll(() => world?.stop());

const code = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => (error instanceof AppError ? error.code : Promise.reject(error)),
  );
const ask = (gtins: string[]) => findNearby(pharmacist.actor, { gtins, from: '0950600013430' }, world.portal, now);
const stockOf = async (gtins: string[]) => (await ask(gtins)).find(({ institutionId }) => institutionId === hill);

it('tells nothing of who does not let others see, nor to who does not', async () => {
  expect(await stockOf([gtin])).toMatchObject({ stock: 'untold', kilometres: 86 });
  await setStockSharing(hillAdmin.actor, { on: true }, world.portal);
  expect(await stockOf([gtin])).toMatchObject({ stock: 'untold' });
  await setStockSharing(admin.actor, { on: true }, world.portal);
  expect(await stockOf([gtin])).toMatchObject({ stock: 'few' });
  await setStockSharing(hillAdmin.actor, { on: false }, world.portal);
  expect(await stockOf([gtin])).toMatchObject({ stock: 'untold' });
  await setStockSharing(hillAdmin.actor, { on: true }, world.portal);
});

it('says yes, few or none of what may leave the pharmacy, and never how much', async () => {
  expect((await stockOf([gtin]))?.stock).toBe('few');
  expect((await stockOf([gtin, other]))?.stock).toBe('yes');
  expect((await stockOf(['09506000134376']))?.stock).toBe('none');
  const answer = JSON.stringify(await ask([gtin, other]));
  expect(Object.keys(JSON.parse(answer)[0]).sort()).toEqual(['institutionId', 'kilometres', 'name', 'place', 'stock']);
});

it('leaves out the own pharmacy', async () => {
  expect((await ask([gtin])).map(({ institutionId }) => institutionId)).not.toContain(own);
});

it('is asked by pharmacists alone, and set by the admin of a pharmacy alone', async () => {
  for (const role of roles) {
    const actor = { ...pharmacist.actor, role };
    if (role !== 'pharmacist') expect(await code(findNearby(actor, { gtins: [gtin] }, world.portal))).toBe('FORBIDDEN');
    if (role !== 'admin') expect(await code(setStockSharing(actor, { on: true }, world.portal))).toBe('FORBIDDEN');
  }
  const hospital = await world.person('admin', 'inst-north-hospital');
  expect(await code(setStockSharing(hospital.actor, { on: true }, world.portal))).toBe('FORBIDDEN');
  expect(await readStockSharing(admin.actor, world.portal)).toMatchObject({ on: true });
});

it('has an end to how often one asks in an hour', async () => {
  const colleague = await world.person('pharmacist', own);
  for (let count = 0; count < 60; count += 1) await findNearby(colleague.actor, { gtins: [gtin] }, world.portal);
  expect(await code(findNearby(colleague.actor, { gtins: [gtin] }, world.portal))).toBe('RATE_LIMITED');
});
