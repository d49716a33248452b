import { beforeEach, describe, expect, it } from 'vitest';
import type { Verification } from '../../model/trace.ts';
import { refusal } from '../../testing/ledger.ts';
import { createSupply, gtins, packUri, packUris, type Supply } from '../../testing/supply.ts';
import type { People } from '../../testing/world.ts';

let supply: Supply;
let people: People;
let events: Supply['events'];

beforeEach(async () => {
  supply = await createSupply();
  people = supply.world.people;
  events = supply.events;
});

const verify = async (number: number, change: object = {}) =>
  (
    await supply.evaluate<Verification>(
      'verify',
      JSON.stringify({ gtin: gtins.tablets, serial: `S${number}`, ...change }),
    )
  ).answer;

describe('verify', () => {
  it('tells what became of a pack', async () => {
    await supply.deliver(packUris(1, 7));
    const of = (number: number) => [packUri(number)];
    await supply.take(
      people.pharmacist,
      events.decommission(of(2)),
      events.dispense(of(3)),
      events.hold(of(4), 'pharmacy'),
    );
    const stolen = events.object('OBSERVE', of(5), 'pharmacy', 'other', { disposition: 'stolen' });
    await supply.take(people.pharmacist, stolen, events.object('DELETE', of(6), 'pharmacy', 'destroying'));
    await supply.take(people.supplier, events.commission(of(8), 'maker', { lot: 'B-0', until: '2020-01-31' }));
    const told = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((number) => verify(number));
    expect(await Promise.all(told)).toEqual([
      ...[
        'genuine',
        'decommissioned',
        'dispensed',
        'quarantined',
        'stolen',
        'destroyed',
        'genuine',
        'expired',
        'unknown',
      ],
    ]);
    await supply.recall(1, { batches: ['B-1'] });
    expect(await Promise.all([1, 2, 4, 8].map((number) => verify(number)))).toEqual([
      ...['recalled', 'decommissioned', 'recalled', 'expired'],
    ]);
  });

  it('compares what the code says with what was commissioned', async () => {
    await supply.deliver([packUri(1)]);
    expect(await verify(1, { batch: 'B-1', expiry: '2099-06-30' })).toBe('genuine');
    expect(await verify(1, { batch: 'B-7' })).toBe('mismatch');
    expect(await verify(1, { expiry: '2099-07-31' })).toBe('mismatch');
    expect(await refusal(verify(1, { expiry: '990630' }))).toBe('INVALID_ARGUMENT');
  });

  it('answers for many packs in the order asked', async () => {
    await supply.take(people.supplier, events.commission(packUris(1, 2)));
    const names = [2, 9, 1].map((number) => ({ gtin: gtins.tablets, serial: `S${number}` }));
    const packs = await supply.evaluate<({ serial: string } | null)[]>('readPacks', JSON.stringify(names));
    expect(packs.map((pack) => pack?.serial ?? null)).toEqual(['S2', null, 'S1']);
  });
});
