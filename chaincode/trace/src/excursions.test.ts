import { beforeEach, describe, expect, it } from 'vitest';
import { boxUri, createSupply, gtins, packUri, type Supply } from '../../testing/supply.ts';
import { equip, type People } from '../../testing/world.ts';

let supply: Supply;
let people: People;
let events: Supply['events'];

beforeEach(async () => {
  supply = await createSupply();
  people = supply.world.people;
  events = supply.events;
});

/** Tablets are kept between 15 and 25 °C, vaccines between 2 and 8 °C. */
const [tablets, vaccine] = [packUri(1), packUri(2, gtins.vaccine)];
const excursions = async () => [(await supply.pack(1)).excursions, (await supply.pack(2, gtins.vaccine)).excursions];

beforeEach(async () => {
  await supply.take(people.supplier, events.commission([tablets]), events.commission([vaccine]));
});

describe('an excursion', () => {
  it.each([
    [2, 'CEL', undefined],
    [8, 'CEL', undefined],
    [1.9, 'CEL', 1],
    [8.1, 'CEL', 1],
    [35.6, 'FAH', undefined],
    [46.4, 'FAH', undefined],
    [46.6, 'FAH', 1],
    [275.15, 'KEL', undefined],
    [281.3, 'KEL', 1],
    [30, 'P1', undefined],
  ])('of a vaccine at %d %s: %s', async (value, uom, expected) => {
    const [outcome] = await supply.capture(people.supplier, events.sense([vaccine], 'maker', value, uom));
    expect((await supply.pack(2, gtins.vaccine)).excursions).toBe(expected);
    expect(outcome?.alerts).toEqual(expected === undefined ? undefined : ['excursion']);
  });

  it('is told by the least and the most of a report, and by temperatures alone', async () => {
    const reports = (...sensorReport: object[]) =>
      events.object('OBSERVE', [vaccine], 'maker', 'transporting', { sensorElementList: [{ sensorReport }] });
    await supply.take(
      people.supplier,
      reports({ type: 'Temperature', minValue: 3, maxValue: 7, meanValue: 5, uom: 'CEL' }),
    );
    await supply.take(
      people.supplier,
      reports({ type: 'RelativeHumidity', value: 80, uom: 'A93' }, { type: 'Temperature' }),
    );
    expect(await excursions()).toEqual([undefined, undefined]);
    await supply.take(people.supplier, reports({ type: 'gs1:Temperature', minValue: 3, maxValue: 9, uom: 'CEL' }));
    expect(await excursions()).toEqual([undefined, 1]);
  });

  it('of a container is one of each product in it that must not be so', async () => {
    await supply.take(people.supplier, events.pack(boxUri(1), [tablets, vaccine]));
    await supply.take(people.supplier, events.sense([boxUri(1)], 'maker', 20));
    expect(await excursions()).toEqual([undefined, 1]);
    await supply.take(people.supplier, events.sense([boxUri(1)], 'maker', 10));
    expect(await excursions()).toEqual([1, 2]);
    expect((await supply.box(1)).excursions).toEqual({ [gtins.tablets]: 1, [gtins.vaccine]: 2 });
  });

  it('goes with who was in the container then, and with nobody who came later', async () => {
    const later = packUri(3, gtins.vaccine);
    await supply.take(people.supplier, events.commission([later]), events.pack(boxUri(1), [tablets, vaccine]));
    await supply.take(people.supplier, events.pack(boxUri(2), [boxUri(1)]), events.sense([boxUri(2)], 'maker', 20));
    await supply.take(people.supplier, events.pack(boxUri(1), [later]));
    const count = async () => (await supply.pack(3, gtins.vaccine)).excursions;
    expect(await count()).toBeUndefined();
    await supply.take(people.supplier, events.sense([boxUri(1)], 'maker', 20));
    expect([await count(), ...(await excursions())]).toEqual([1, undefined, 2]);
    await supply.take(people.supplier, events.unpack(boxUri(2), [], 'maker'), events.unpack(boxUri(1), [], 'maker'));
    expect([await count(), ...(await excursions())]).toEqual([1, undefined, 2]);
  });

  it('is told by a sensor of who has the pack, and not by another’s', async () => {
    const sensor = await equip(supply.world, 'maker', 910);
    await supply.take(sensor, events.sense([vaccine], 'maker', 20));
    const strange = await equip(supply.world, 'pharmacy', 911);
    expect(await supply.try(strange, events.sense([vaccine], 'pharmacy', 20))).toEqual(['HELD_BY_ANOTHER']);
    expect(await excursions()).toEqual([undefined, 1]);
  });

  it('comes with any event, and not with a refused one', async () => {
    const sensorElementList = [{ sensorReport: [{ type: 'Temperature', value: 20, uom: 'CEL' }] }];
    expect(
      await supply.try(people.wholesaler, events.ship([vaccine], 'wholesaler', 'pharmacy', { sensorElementList })),
    ).toEqual(['HELD_BY_ANOTHER']);
    expect(await excursions()).toEqual([undefined, undefined]);
    await supply.take(people.supplier, events.ship([vaccine], 'maker', 'pharmacy', { sensorElementList }));
    expect(await excursions()).toEqual([undefined, 1]);
  });
});
