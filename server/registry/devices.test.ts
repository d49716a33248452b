import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Device, registryEvent } from '#chaincode/model/registry.ts';
import { nextBlockOf, recordBlock } from '../indexer/record.ts';
import { type Person, World } from '../testing/world.ts';
import { listDeviceOffers } from './service.ts';

const [north, south] = ['inst-north-hospital', 'inst-south-hospital'];
const id = `dev-${'a'.repeat(26)}`;
let world: World;
let giver: Person;
let taker: Person;
let height = 0n;

beforeAll(async () => {
  world = await World.start();
  giver = await world.person('admin', north);
  taker = await world.person('admin', south);
  height = await nextBlockOf(world.portal, 'registry');
}, 120_000);
afterAll(() => world?.stop());

let version = 0;
/** Follows a block that tells of the device, which the registry then has so. */
async function follow(change: string, given: Pick<Device, 'institutionId' | 'status' | 'transferTo'>): Promise<void> {
  version += 1;
  const keys = { signingKeyHash: randomBytes(32).toString('hex'), readingKey: 'A'.repeat(1622) };
  const entry = { id, mspId: 'HospitalMSP', model: 'Home hub', serialHash: 'b'.repeat(64), keys, version };
  world.ledger.registry.devices.set(id, { ...entry, purpose: 'hub', ...given });
  const payload = { kind: 'device', id, change, version, at: new Date().toISOString() };
  const event = { name: registryEvent, payload: Buffer.from(JSON.stringify(payload)) };
  const transactionId = randomBytes(32).toString('hex');
  const transaction = { transactionId, at: new Date(), valid: true, contract: 'registry', endorsers: [], event };
  await recordBlock(world.portal, 'registry', { number: height, unreadable: 0, transactions: [transaction] });
  height += 1n;
}
const offered = ({ actor }: Person) => listDeviceOffers(actor, world.portal);

it('is shown to the admin of the institution that it is offered to, until it is taken over', async () => {
  await follow('registerDevice', { institutionId: north, status: 'active' });
  expect(await offered(taker)).toEqual([]);
  await follow('transferDevice', { institutionId: north, status: 'suspended', transferTo: south });
  expect(await offered(taker)).toEqual([{ id, model: 'Home hub', purpose: 'hub', institution: expect.any(String) }]);
  expect(await offered(giver)).toEqual([]);
  await follow('acceptDevice', { institutionId: south, status: 'active' });
  expect(await offered(taker)).toEqual([]);
});

it('is shown no more once the offer is taken back', async () => {
  await follow('transferDevice', { institutionId: south, status: 'suspended', transferTo: north });
  expect(await offered(giver)).toHaveLength(1);
  await follow('transferDevice', { institutionId: south, status: 'active' });
  expect(await offered(giver)).toEqual([]);
});
