import fc from 'fast-check';
import { type Container, container, type Pack, pack } from '../model/trace.ts';
import { institutions, ssccOf } from './samples.ts';
import { boxUri, type Events, packUri, type Sent, type Supply, withdrawn } from './supply.ts';

/** Histories of six packs and three boxes, made up as they go on: who does something mostly has what it is done to. */

const callers = {
  maker: 'supplier',
  wholesaler: 'wholesaler',
  pharmacy: 'pharmacist',
  authority: 'regulator',
} as const;
const places = ['maker', 'wholesaler', 'pharmacy'] as const;
type Trader = (typeof places)[number];

/** An event with who sends it. */
export interface Step {
  caller: keyof typeof callers;
  event: Sent;
}

const deeds = [
  ...['ship', 'ship', 'receive', 'receive', 'pack', 'pack', 'unpack', 'decommission', 'undo', 'dispense'],
  ...['hold', 'release', 'steal', 'destroy'],
] as const;

const wish = fc.record({
  deed: fc.constantFrom(...deeds),
  packs: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 2 }),
  boxes: fc.uniqueArray(fc.constantFrom(1, 1, 2, 3), { minLength: 2, maxLength: 2 }),
  /** Whether it is done to the packs or to the first box. */
  ofPacks: fc.boolean(),
  to: fc.constantFrom(...places),
  /** Who does it where it is not who has the first of it. */
  other: fc.option(fc.constantFrom(...places), { freq: 4 }),
  byAuthority: fc.boolean(),
});
export type Wish = typeof wish extends fc.Arbitrary<infer W> ? W : never;
export const wishes = fc.array(wish, { minLength: 10, maxLength: 25 });

/** The state of the channel at one time. */
export class Snapshot {
  /** By key. */
  readonly rows: ReadonlyMap<string, unknown>;
  readonly packs: readonly Pack[];
  readonly containers: ReadonlyMap<string, Container>;

  constructor({ world, channel }: Supply) {
    const { state } = world.ledger.namespace(channel, 'supply');
    this.rows = new Map([...state].map(([key, { value }]) => [key, JSON.parse(Buffer.from(value).toString())]));
    this.packs = this.rowsOf('pack').map(([, value]) => pack.parse(value));
    const containers = this.rowsOf('container').map(([, value]) => container.parse(value));
    this.containers = new Map(containers.map((one) => [one.sscc, one]));
  }

  rowsOf(type: string): [key: string, value: unknown][] {
    return [...this.rows].filter(([key]) => key.startsWith(`\u0000${type}\u0000`));
  }

  /** The containers around an item, the innermost first. */
  around(item: Pack | Container): Container[] {
    const parent = item.parent === undefined ? undefined : this.containers.get(item.parent);
    return parent ? [parent, ...this.around(parent)] : [];
  }

  /** By whose entry an item is held: its own, or the outermost container's. */
  outermost(item: Pack | Container): Pack | Container {
    return this.around(item).at(-1) ?? item;
  }
}

const all = [1, 2, 3, 4, 5, 6].map((number) => packUri(number));
const delivered = all.slice(0, 3);

/** What each history begins with. */
export function beginning(events: Events): Step[] {
  return [
    { caller: 'maker', event: events.commission(all) },
    { caller: 'maker', event: events.ship(delivered, 'maker', 'pharmacy') },
    { caller: 'pharmacy', event: events.receive(delivered, 'pharmacy') },
    { caller: 'maker', event: events.pack(boxUri(1), all.slice(3)) },
  ];
}

/** The step that a wish makes of the state; an undo is of the newest decommissioning in `before`. */
export function stepOf(events: Events, state: Snapshot, before: readonly Step[], made: Wish): Step {
  const { deed, packs, boxes, ofPacks, to } = made;
  const [box = 1, inner = 1] = boxes;
  const items = ofPacks ? alike(state, packs).map((number) => packUri(number)) : [boxUri(box)];
  const caller = made.other ?? ownerOf(state, made);
  const by = (event: Sent): Step => ({ caller, event });
  switch (deed) {
    case 'hold':
    case 'release':
      return { caller: made.byAuthority ? 'authority' : caller, event: events[deed](items, caller) };
    case 'undo': {
      const left = before.findLast(({ event }) => 'bizStep' in event && event.bizStep === 'decommissioning');
      return left ? { ...left, event: withdrawn(left.event) } : by(events.decommission(items, caller));
    }
    case 'ship':
      return by(events.ship(items, caller, to));
    case 'pack':
      return by(events.pack(boxUri(box), ofPacks ? items : [boxUri(inner)], caller));
    case 'unpack':
      return by(events.unpack(boxUri(box), [], caller));
    case 'steal':
      return by(events.object('OBSERVE', items, caller, 'other', { disposition: 'stolen' }));
    case 'destroy':
      return by(events.object('DELETE', items, caller, 'destroying'));
    default:
      return by(events[deed](items, caller));
  }
}

/** Those of packs that are where the first of them is. */
function alike(state: Snapshot, numbers: readonly number[]): number[] {
  const found = numbers.map((number) => state.packs.find(({ serial }) => serial === `S${number}`));
  return numbers.filter((_number, index) => {
    const [first, one] = [found[0], found[index]];
    return first && one && first.holder === one.holder && first.parent === one.parent && first.state === one.state;
  });
}

/** Who has the first of what a wish is about, or to whom it is on its way where it is to be received. */
function ownerOf(state: Snapshot, { deed, packs, boxes, ofPacks }: Wish): Trader {
  const isOfPacks = ofPacks && deed !== 'unpack';
  const item = isOfPacks
    ? state.packs.find(({ serial }) => serial === `S${packs[0]}`)
    : state.containers.get(ssccOf(boxes[0] ?? 1));
  if (!item) return 'maker';
  const { holder, shippedTo } = state.outermost(item);
  const id = deed === 'receive' ? (shippedTo ?? holder) : holder;
  return places.find((place) => institutions[place].id === id) ?? 'maker';
}

/** Captures steps of one caller in one transaction, and gives their outcomes. */
export async function send(supply: Supply, steps: readonly Step[], at: Date): Promise<string[]> {
  const caller = supply.world.people[callers[steps[0]?.caller ?? 'maker']];
  const order = supply.captureOrder(caller, ...steps.map(({ event }) => event));
  const { result } = await supply.world.ledger.submit({ ...order, at });
  return JSON.parse(result).outcomes.map(({ outcome }: { outcome: string }) => outcome);
}
