import { beforeAll, expect, it } from 'vitest';
import { boxUri, createSupply, type Place, packUri, type Sent, Supply } from '../../testing/supply.ts';

/**
 * Who may do what to a pack that the pharmacy has, a pack that is on its way to it, and a box that the maker has. Each cell is
 * on a ledger of its own.
 */

const roles = ['supplier', 'wholesaler', 'pharmacist', 'otherPharmacist', 'regulator'] as const;
type Role = (typeof roles)[number];
const placeOf: Record<Role, Place> = {
  supplier: 'maker',
  wholesaler: 'wholesaler',
  pharmacist: 'pharmacy',
  otherPharmacist: 'otherPharmacy',
  regulator: 'pharmacy',
};
const [here, coming, packed, fresh] = [1, 2, 3, 4].map((number) => [packUri(number)]);

let prepared: Supply;

beforeAll(async () => {
  prepared = await createSupply();
  const { supplier } = prepared.world.people;
  await prepared.deliver(here ?? []);
  const { events } = prepared;
  await prepared.take(supplier, events.commission(coming ?? []), events.ship(coming ?? [], 'maker', 'pharmacy'));
  await prepared.take(supplier, events.commission(packed ?? []), events.pack(boxUri(1), packed ?? []));
});

const deeds: Record<string, (events: Supply['events'], place: Place) => Sent> = {
  commission: (events, place) => events.commission(fresh ?? [], place),
  pack: (events, place) => events.pack(boxUri(2), here ?? [], place),
  unpack: (events, place) => events.unpack(boxUri(1), [], place),
  ship: (events, place) => events.ship(here ?? [], place, 'wholesaler'),
  receive: (events, place) => events.receive(coming ?? [], place),
  'take back': (events, place) => events.object('OBSERVE', coming ?? [], place, 'void_shipping'),
  decommission: (events, place) => events.decommission(here ?? [], place),
  dispense: (events, place) => events.dispense(here ?? [], place),
  hold: (events, place) => events.hold(here ?? [], place),
  steal: (events, place) => events.object('OBSERVE', here ?? [], place, 'other', { disposition: 'stolen' }),
  destroy: (events, place) => events.object('DELETE', here ?? [], place, 'destroying'),
  transform: (events, place) => events.transform(here ?? [], [], place),
  inspect: (events, place) => events.object('OBSERVE', here ?? [], place, 'inspecting'),
};

const [yes, other, never] = ['accepted', 'HELD_BY_ANOTHER', 'NOT_AUTHORISED'];
/** In the order of `roles`. */
const expected: Record<string, (string | undefined)[]> = {
  commission: [yes, never, never, never, never],
  pack: [other, other, yes, other, never],
  unpack: [yes, other, other, other, never],
  ship: [other, other, yes, other, never],
  receive: ['WRONG_STATE', other, yes, other, never],
  'take back': [yes, other, other, other, never],
  decommission: [other, other, yes, other, never],
  dispense: [never, never, yes, other, never],
  hold: [other, other, yes, other, yes],
  steal: [other, other, yes, other, never],
  destroy: [other, other, yes, other, never],
  transform: [other, other, yes, other, never],
  inspect: [other, other, yes, other, never],
};

it.each(Object.keys(deeds))('%s', async (deed) => {
  const answers: (string | undefined)[] = [];
  for (const role of roles) {
    const { world, events } = prepared;
    const supply = new Supply({ ...world, ledger: world.ledger.clone() });
    const event = deeds[deed]?.(events, placeOf[role]);
    answers.push(...(event ? await supply.try(world.people[role], event) : []));
  }
  expect(answers).toEqual(expected[deed]);
});

it.each(['doctor', 'admin', 'insurer', 'pharmacyAdmin', 'patient', 'stranger', 'impostor', 'service'] as const)(
  'a call of the %s is refused whole',
  async (name) => {
    const supply = new Supply({ ...prepared.world, ledger: prepared.world.ledger.clone() });
    const call = supply.capture(supply.world.people[name], supply.events.hold(here ?? [], 'pharmacy'));
    await expect(call).rejects.toThrow(/NOT_AUTHORISED|NOT_REGISTERED/);
    expect((await supply.pack(1)).state).toBe('active');
  },
);
