import { beforeEach, describe, expect, it } from 'vitest';
import type { Recall, RecallArgument } from '../../model/trace.ts';
import { whoMay } from '../../testing/everybody.ts';
import { refusal } from '../../testing/ledger.ts';
import { gtinOf, institutions, serial } from '../../testing/samples.ts';
import { boxUri, createSupply, gtins, packUri, packUris, Supply } from '../../testing/supply.ts';
import { type People, practitionerIdOf, submitToRegistry } from '../../testing/world.ts';

let supply: Supply;
let people: People;
let events: Supply['events'];

beforeEach(async () => {
  supply = await createSupply();
  people = supply.world.people;
  events = supply.events;
});

const one = [packUri(1)];
const id = (seed: number) => `rcl-${serial(seed)}`;
const recalls = () => supply.evaluate<Recall[]>('readRecalls', gtins.tablets);
const eventOf = ({ simulation }: Awaited<ReturnType<Supply['recall']>>) => ({
  name: simulation.event?.name,
  ...JSON.parse(Buffer.from(simulation.event?.payload ?? []).toString()),
});

describe('a recall', () => {
  it('is kept with who started it, announced, and ended', async () => {
    const started = eventOf(await supply.recall(1, { batches: ['B-1'] }));
    const by = { by: practitionerIdOf('regulator'), institutionId: institutions.authority.id };
    expect(started).toMatchObject({
      ...{
        name: 'RecallChanged',
        id: id(1),
        gtin: gtins.tablets,
        change: 'recall',
        state: 'active',
        version: 1,
        ...by,
      },
    });
    expect(await recalls()).toEqual([
      {
        ...{ id: id(1), gtin: gtins.tablets, batches: ['B-1'], reason: 'crumbling', level: 'retail', state: 'active' },
        started: { at: started.at, ...by },
      },
    ]);
    const ended = eventOf(await supply.submit(people.regulator, 'endRecall', gtins.tablets, id(1)));
    expect(ended).toMatchObject({ change: 'endRecall', state: 'ended', version: 2 });
    expect(await recalls()).toMatchObject([{ state: 'ended', ended: by }]);
  });

  it('is started by the maker or the authority', async () => {
    const recall = { id: id(1), gtin: gtins.tablets, reason: 'crumbling', level: 'patient' };
    const allowed = await whoMay(supply.world, ({ world }, caller) =>
      new Supply(world).submit(caller, 'recall', JSON.stringify(recall)),
    );
    expect(allowed).toEqual(['supplier', 'regulator']);
    expect(await refusal(supply.recall(1, { gtin: gtinOf(99) }))).toBe('NOT_FOUND');
    await supply.recall(1);
    expect(await refusal(supply.recall(1))).toBe('ALREADY_EXISTS');
  });

  it('is ended by the authority, by the maker only where the maker started it', async () => {
    await supply.recall(1);
    await supply.recall(2, {}, people.supplier);
    const end = (caller: typeof people.supplier, seed: number) =>
      supply.submit(caller, 'endRecall', gtins.tablets, id(seed));
    expect(await refusal(end(people.supplier, 1))).toBe('NOT_AUTHORISED');
    expect(await refusal(end(people.wholesaler, 2))).toBe('NOT_AUTHORISED');
    expect(await refusal(end(people.regulator, 3))).toBe('NOT_FOUND');
    await end(people.supplier, 2);
    expect(await refusal(end(people.regulator, 2))).toBe('WRONG_STATE');
    await end(people.regulator, 1);
  });

  it.each<[string, Partial<RecallArgument>]>([
    ['no batches', { batches: [] }],
    ['a range backwards', { serials: [{ from: 'S9', to: 'S1' }] }],
    ['a range of two lengths', { serials: [{ from: 'S1', to: 'S10' }] }],
    ['no reason', { reason: '' }],
  ])('is malformed with %s', async (_case, change) => {
    expect(await refusal(supply.recall(1, change))).toBe('INVALID_ARGUMENT');
  });
});

describe('what is recalled', () => {
  it.each<[string, Partial<RecallArgument>, recalled: number[]]>([
    ['all of the product', {}, [1, 2, 3, 4]],
    ['a batch', { batches: ['B-2'] }, [3, 4]],
    ['serial numbers', { serials: [{ from: 'S2', to: 'S3' }] }, [2, 3]],
    ['serial numbers of a batch', { batches: ['B-1'], serials: [{ from: 'S2', to: 'S3' }] }, [2]],
    ['another product', { gtin: gtins.vaccine }, []],
  ])('by %s is neither shipped nor decommissioned nor dispensed', async (_case, change, recalled) => {
    const { supplier, pharmacist } = people;
    await supply.take(supplier, events.commission(packUris(1, 2)));
    await supply.take(supplier, events.commission(packUris(3, 4), 'maker', { lot: 'B-2' }));
    await supply.take(supplier, events.ship(packUris(1, 4), 'maker', 'pharmacy'));
    await supply.take(pharmacist, events.receive(packUris(1, 4), 'pharmacy'));
    await supply.recall(1, change);
    for (const number of [1, 2, 3, 4]) {
      const epc = [packUri(number)];
      const expected = recalled.includes(number) ? 'RECALLED' : 'accepted';
      const ship = events.ship(epc, 'pharmacy', 'wholesaler');
      const stay = events.object('OBSERVE', epc, 'pharmacy', 'void_shipping');
      expect(await supply.try(pharmacist, ship), `${number}`).toEqual([expected]);
      if (expected === 'accepted') await supply.take(pharmacist, stay);
      expect(await supply.try(pharmacist, events.decommission(epc))).toEqual([expected]);
      expect(await supply.try(pharmacist, events.dispense(epc))).toEqual([expected]);
      expect((await supply.pack(number)).recalls).toEqual(expected === 'RECALLED' ? [id(1)] : []);
    }
  });

  it('in a container stops it, by batch and by serial numbers', async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 2)), events.pack(boxUri(1), packUris(1, 2)));
    await supply.take(people.supplier, events.pack(boxUri(2), [boxUri(1)]));
    const ship = () => supply.try(people.supplier, events.ship([boxUri(2)], 'maker', 'pharmacy'));
    await supply.recall(1, { batches: ['B-1'] });
    expect(await ship()).toEqual(['RECALLED']);
    await supply.submit(people.regulator, 'endRecall', gtins.tablets, id(1));
    await supply.recall(2, { serials: [{ from: 'S2', to: 'S2' }] });
    expect(await ship()).toEqual(['RECALLED']);
    await supply.take(people.supplier, events.unpack(boxUri(1), [packUri(2)], 'maker'));
    expect(await ship()).toEqual(['accepted']);
  });

  it('arrives with an alert, and goes back to its maker', async () => {
    await supply.take(people.supplier, events.commission(one), events.pack(boxUri(1), one));
    await supply.take(people.supplier, events.ship([boxUri(1)], 'maker', 'wholesaler'));
    await supply.recall(1);
    const [arrived] = await supply.capture(people.wholesaler, events.receive([boxUri(1)], 'wholesaler'));
    expect(arrived).toMatchObject({ outcome: 'accepted', alerts: ['recalled'] });
    expect(await supply.try(people.wholesaler, events.ship([boxUri(1)], 'wholesaler', 'pharmacy'))).toEqual([
      'RECALLED',
    ]);
    await supply.take(people.wholesaler, events.ship([boxUri(1)], 'wholesaler', 'maker'));
    await supply.take(people.supplier, events.receive([boxUri(1)], 'maker'));
  });
});

describe('what was endorsed before', () => {
  const endorse = (caller: keyof People, event: Parameters<Supply['captureOrder']>[1]) =>
    supply.world.ledger.endorse(supply.captureOrder(people[caller], event));

  it('a recall fails at commit: a shipment, a receipt, a decommissioning, a dispense', async () => {
    await supply.deliver(packUris(1, 2));
    await supply.take(people.supplier, events.commission(packUris(3, 5)), events.pack(boxUri(1), [packUri(3)]));
    await supply.take(people.supplier, events.ship([packUri(5)], 'maker', 'pharmacy'));
    const endorsed = [
      await endorse('supplier', events.ship([packUri(4)], 'maker', 'pharmacy')),
      await endorse('supplier', events.ship([boxUri(1)], 'maker', 'pharmacy')),
      await endorse('pharmacist', events.receive([packUri(5)], 'pharmacy')),
      await endorse('pharmacist', events.decommission([packUri(1)])),
      await endorse('pharmacist', events.dispense([packUri(2)])),
    ];
    const unrelated = await endorse('supplier', events.commission([packUri(6)]));
    await supply.recall(1, { batches: ['B-9'] });
    expect(endorsed.map((one) => supply.world.ledger.commit(one))).toEqual(endorsed.map(() => 'MVCC_READ_CONFLICT'));
    expect(supply.world.ledger.commit(unrelated)).toBe('VALID');
  });

  it('a suspension of person, device or institution fails at commit once it is mirrored', async () => {
    const { ledger, registrars } = supply.world;
    const subjects = [
      ['setPractitionerStatus', practitionerIdOf('supplier')],
      ['setInstitutionStatus', institutions.maker.id],
    ] as const;
    for (const [change, subject] of subjects) {
      const endorsed = await endorse('supplier', events.commission(one));
      await submitToRegistry(supply.world, people.regulator, change, subject, 'suspended');
      await supply.submit(registrars.RegulatorMSP, 'standings:mirror', subject);
      expect(ledger.commit(endorsed), subject).toBe('MVCC_READ_CONFLICT');
      expect(await refusal(supply.capture(people.supplier, events.commission(one)))).toBe('SUSPENDED');
      await submitToRegistry(supply.world, people.regulator, change, subject, 'active');
      await supply.submit(registrars.RegulatorMSP, 'standings:mirror', subject);
    }
  });
});
