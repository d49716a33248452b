import { beforeEach, describe, expect, it } from 'vitest';
import type { EventRecord, TraceCaptured } from '../../model/trace.ts';
import { whoMay } from '../../testing/everybody.ts';
import { refusal } from '../../testing/ledger.ts';
import { institutions } from '../../testing/samples.ts';
import { createSupply, hashOf, packUri, packUris, type Sent, Supply } from '../../testing/supply.ts';
import { equip, type People, practitionerIdOf, submitToRegistry } from '../../testing/world.ts';

let supply: Supply;
let people: People;
let events: Supply['events'];

beforeEach(async () => {
  supply = await createSupply();
  people = supply.world.people;
  events = supply.events;
});

const one = [packUri(1)];
const capture = (caller: People['supplier'], ...sent: Sent[]) =>
  supply.world.ledger.submit(supply.captureOrder(caller, ...sent));
const suspicious = () =>
  supply.evaluate<{ items: EventRecord[]; bookmark: string }>('listSuspicious', '100', '').then(({ items }) => items);

describe('a batch of events', () => {
  it('keeps the good and records the bad, in the order of the argument', async () => {
    const sent = [
      events.commission(one),
      events.ship([packUri(9)], 'maker', 'pharmacy'),
      events.ship(one, 'maker', 'pharmacy'),
      events.commission([packUri(2), packUri(1)]),
      events.commission([packUri(2)]),
    ];
    const { simulation, result } = await capture(people.supplier, ...sent);
    const captured: TraceCaptured = JSON.parse(result);
    expect(captured).toMatchObject({ by: practitionerIdOf('supplier'), institutionId: institutions.maker.id });
    const outcomes = ['accepted', 'NOT_FOUND', 'accepted', 'ALREADY_EXISTS', 'accepted'];
    expect(captured.outcomes.map(({ outcome, code }) => code ?? outcome)).toEqual(outcomes);
    expect(captured.outcomes.map(({ hash }) => hash)).toEqual(sent.map(hashOf));
    expect(simulation.event?.name).toBe('TraceCaptured');
    expect(JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString())).toEqual(captured);
    expect((await supply.pack(1)).shippedTo).toBe(institutions.pharmacy.id);
    expect((await supply.pack(2)).state).toBe('active');
    expect(await suspicious()).toHaveLength(2);
    expect(await supply.evaluate('readEvent', hashOf(sent[1] ?? events.commission(one)))).toEqual({
      event: {
        ...{ hash: captured.outcomes[1]?.hash, outcome: 'refused', code: 'NOT_FOUND', at: captured.at },
        detail: expect.stringContaining('S9'),
        ...{ by: practitionerIdOf('supplier'), institutionId: institutions.maker.id },
      },
    });
  });

  it('changes nothing when it is sent again, also within itself', async () => {
    const [made, sent] = [events.commission(one), events.ship(one, 'maker', 'pharmacy')];
    await supply.take(people.supplier, made, sent);
    const { simulation } = await capture(people.supplier, made, sent);
    expect([...simulation.writes.keys()]).toEqual([]);
    expect(await supply.try(people.supplier, made, sent)).toEqual(['duplicate', 'duplicate']);
    const twice = events.commission([packUri(2)]);
    expect(await supply.try(people.supplier, twice, twice)).toEqual(['accepted', 'duplicate']);
  });

  it('judges a refused event again, and takes it when it may be', async () => {
    await supply.take(people.supplier, events.commission(one));
    const early = events.receive(one, 'pharmacy');
    expect(await supply.capture(people.pharmacist, early)).toMatchObject([
      { outcome: 'refused', code: 'HELD_BY_ANOTHER' },
    ]);
    expect(await supply.capture(people.pharmacist, early)).toMatchObject([
      { outcome: 'duplicate', code: 'HELD_BY_ANOTHER' },
    ]);
    expect(await suspicious()).toMatchObject([{ hash: hashOf(early) }]);
    await supply.take(people.supplier, events.ship(one, 'maker', 'pharmacy'));
    await supply.take(people.pharmacist, early);
    expect(await suspicious()).toEqual([]);
    expect((await supply.pack(1)).holder).toBe(institutions.pharmacy.id);
    expect(await supply.try(people.pharmacist, early)).toEqual(['duplicate']);
  });

  it('is not kept out by a copy that somebody else sent before', async () => {
    const made = events.commission(one);
    expect(await supply.try(people.wholesaler, made)).toEqual(['NOT_AUTHORISED']);
    await supply.take(people.supplier, made);
  });

  it('lists suspicions with the newest first, page by page', async () => {
    const sent = [1, 2, 3].map((number) => events.dispense([packUri(number)]));
    for (const [index, event] of sent.entries()) {
      const order = supply.captureOrder(people.pharmacist, event);
      await supply.world.ledger.submit({ ...order, at: new Date(Date.now() + index * 1000) });
    }
    const page = await supply.evaluate<{ items: EventRecord[]; bookmark: string }>('listSuspicious', '2', '');
    const rest = await supply.evaluate<{ items: EventRecord[]; bookmark: string }>(
      'listSuspicious',
      '2',
      page.bookmark,
    );
    expect([...page.items, ...rest.items].map(({ hash }) => hash)).toEqual(sent.map(hashOf).reverse());
  });
});

describe('a call', () => {
  it('is refused as a whole where it is malformed', async () => {
    const send = (argument: string) => refusal(supply.submit(people.supplier, 'capture', argument));
    const event = events.commission(one);
    expect(await send('{')).toBe('INVALID_ARGUMENT');
    expect(await send('[]')).toBe('INVALID_ARGUMENT');
    expect(await send(JSON.stringify([event, { ...event, type: 'Event' }]))).toBe('INVALID_ARGUMENT');
    expect(await send(JSON.stringify(Array.from({ length: 501 }, () => event)))).toBe('INVALID_ARGUMENT');
    const wide = Array.from({ length: 3 }, (_, index) =>
      events.commission(packUris(index * 2000, index * 2000 + 1999)),
    );
    expect(await send(JSON.stringify(wide))).toBe('INVALID_ARGUMENT');
    expect(await send(JSON.stringify([{ ...event, 'example:note': 'x'.repeat(2 ** 21) }]))).toBe('INVALID_ARGUMENT');
    await expect(supply.pack(1)).rejects.toThrow('NOT_FOUND');
  });

  it('is for suppliers, pharmacists and regulators in standing', async () => {
    const event = events.object('OBSERVE', [], 'maker', 'inspecting', { bizLocation: undefined, readPoint: undefined });
    const allowed = await whoMay(supply.world, ({ world }, caller) => new Supply(world).capture(caller, event));
    expect(allowed).toEqual([...['pharmacist', 'colleague', 'otherPharmacist', 'supplier', 'regulator', 'wholesaler']]);
    const late = { ...supply.captureOrder(people.supplier, event), at: new Date(Date.now() - 121_000) };
    expect(await refusal(supply.world.ledger.submit(late))).toBe('CLOCK_SKEW');
  });

  it('is for the devices of those who have medicines, while both are active', async () => {
    const device = await equip(supply.world, 'maker', 920);
    const other = await equip(supply.world, 'hospital', 921);
    await supply.take(device, events.commission(one));
    expect((await supply.pack(1)).holder).toBe(institutions.maker.id);
    expect(await refusal(supply.capture(other, events.commission(one)))).toBe('NOT_AUTHORISED');
    const stranger = { ...device, certificatePem: other.certificatePem };
    expect(await refusal(supply.capture(stranger, events.commission(one)))).toBe('NOT_AUTHORISED');
    const ledger = supply.world.ledger;
    const endorsed = await ledger.endorse(supply.captureOrder(device, events.commission([packUri(2)])));
    const { RegulatorMSP, SupplyMSP } = supply.world.registrars;
    await submitToRegistry(supply.world, SupplyMSP, 'setDeviceStatus', device.id, 'suspended');
    expect(await refusal(supply.capture(device, events.commission([packUri(3)])))).toBe('SUSPENDED');
    await supply.submit(RegulatorMSP, 'standings:mirror', device.id);
    expect(ledger.commit(endorsed)).toBe('MVCC_READ_CONFLICT');
  });
});

describe('captures of different packs', () => {
  it('never conflict, whoever makes them and in one block', async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 6)));
    const sent = packUris(1, 6).map((epc) => events.ship([epc], 'maker', 'pharmacy'));
    const { ledger } = supply.world;
    const endorsed = await Promise.all(
      sent.map((event) => ledger.endorse(supply.captureOrder(people.supplier, event))),
    );
    expect(endorsed.map((one) => ledger.commit(one))).toEqual(sent.map(() => 'VALID'));
  });

  it('of one pack let one through', async () => {
    await supply.take(people.supplier, events.commission(one));
    const { ledger } = supply.world;
    const orders = (['pharmacy', 'wholesaler'] as const).map((to) =>
      supply.captureOrder(people.supplier, events.ship(one, 'maker', to)),
    );
    const endorsed = await Promise.all(orders.map((order) => ledger.endorse(order)));
    expect(endorsed.map((each) => ledger.commit(each))).toEqual(['VALID', 'MVCC_READ_CONFLICT']);
  });
});
