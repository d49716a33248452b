import { afterAll, beforeAll, expect, it } from 'vitest';
import { refusal } from '#chaincode/testing/ledger.ts';
import { institutions, ssccOf } from '#chaincode/testing/samples.ts';
import {
  boxUri,
  type Events,
  equipSupply,
  gtins,
  oneChannel,
  packUri,
  packUris,
  type Sent,
  Supply,
} from '#chaincode/testing/supply.ts';
import { type People, populate } from '#chaincode/testing/world.ts';
import { Consortium, gatewayRefusal } from './consortium.ts';
import { GatewayLedger, personOf } from './gatewayLedger.ts';

/** Custody of medicines as it runs: behind gateways, with ranges, deletions, other channels, and thousands of keys in a transaction. */

let consortium: Consortium;
let supply: Supply;
let people: People;
let events: Events;
const valid = 0;
const mvccReadConflict = 11;

beforeAll(async () => {
  consortium = await Consortium.start();
  const ledger = new GatewayLedger(consortium);
  const world = await populate(ledger, (mspId, attributes) => ledger.enrol(mspId, attributes));
  await equipSupply(world, oneChannel);
  supply = new Supply(world);
  ({ people } = world);
  ({ events } = supply);
}, 300_000);

afterAll(() => consortium?.close());

const endorse = (caller: keyof People, event: Sent) =>
  consortium.endorse(personOf(people[caller]), 'supply', ['capture', JSON.stringify([event])]);

it('moves a thousand packs in a container, and takes them out of it', async () => {
  const epcs = packUris(1, 1000);
  await supply.take(people.supplier, events.commission(epcs), events.pack(boxUri(1), epcs));
  await supply.take(people.supplier, events.ship([boxUri(1)], 'maker', 'pharmacy'));
  await supply.take(people.pharmacist, events.receive([boxUri(1)], 'pharmacy'));
  expect(await supply.pack(500)).toMatchObject({ holder: institutions.pharmacy.id, containers: [ssccOf(1)] });
  const contents = await supply.evaluate<{ items: unknown[]; bookmark: string }>('listContents', ssccOf(1), '100', '');
  expect(contents.items).toHaveLength(100);
  expect(contents.bookmark).not.toBe('');
  await supply.take(people.pharmacist, events.unpack(boxUri(1), [], 'pharmacy'));
  expect(await supply.evaluate('listContents', ssccOf(1), '100', '')).toEqual({ items: [], bookmark: '' });
  expect((await supply.box(1)).contents).toEqual({});
  await supply.take(people.pharmacist, events.decommission([packUri(500)]), events.dispense([packUri(500)]));
}, 300_000);

it('takes five hundred events in one transaction, each by itself, and once', async () => {
  const sent = packUris(2001, 2500).map((epc, index) => events.commission([index === 7 ? packUri(1) : epc]));
  const outcomes = await supply.try(people.supplier, ...sent);
  expect(outcomes.filter((outcome) => outcome === 'accepted')).toHaveLength(499);
  expect(outcomes[7]).toBe('ALREADY_EXISTS');
  expect(new Set(await supply.try(people.supplier, ...sent))).toEqual(new Set(['duplicate']));
  const { items } = await supply.evaluate<{ items: { code: string }[] }>('listSuspicious', '100', '');
  expect(items).toMatchObject([{ code: 'ALREADY_EXISTS' }]);
}, 300_000);

it('commits nothing that was endorsed before a recall, and all that it does not concern', async () => {
  await supply.take(people.supplier, events.commission(packUris(3001, 3003)));
  const ship = await endorse('supplier', events.ship([packUri(3001)], 'maker', 'pharmacy'));
  const dispense = await endorse('pharmacist', events.dispense([packUri(600)]));
  const others = [
    await endorse('supplier', events.commission([packUri(1, gtins.vaccine)])),
    await endorse('supplier', events.pack(boxUri(3), [packUri(3002)])),
  ];
  await supply.recall(1);
  expect(await consortium.commit(personOf(people.supplier), ship, ...others)).toEqual([
    ...[mvccReadConflict, valid, valid],
  ]);
  expect(await consortium.commit(personOf(people.pharmacist), dispense)).toEqual([mvccReadConflict]);
  expect(await supply.try(people.pharmacist, events.dispense([packUri(600)]))).toEqual(['RECALLED']);
  expect(await gatewayRefusal(consortium.endorse(personOf(people.doctor), 'supply', ['capture', '[]']))).toBe(
    'INVALID_ARGUMENT',
  );
}, 120_000);

it('knows the packs of a container by the range that was read', async () => {
  await supply.take(people.supplier, events.commission(packUris(1, 2, gtins.vaccine).slice(1)));
  await supply.take(people.supplier, events.pack(boxUri(4), [packUri(2, gtins.vaccine)]));
  const emptied = await endorse('supplier', events.unpack(boxUri(4), [], 'maker'));
  await supply.take(people.supplier, events.pack(boxUri(4), [packUri(1, gtins.vaccine)]));
  expect(await consortium.commit(personOf(people.supplier), emptied)).toEqual([mvccReadConflict]);
  expect(await refusal(supply.evaluate('readPack', gtins.vaccine, 'S9'))).toBe('NOT_FOUND');
}, 120_000);
