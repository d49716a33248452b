import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { type Container, container, deepestNesting, type Pack, pack, packStates } from '../../model/trace.ts';
import { boxUri, createSupply, type Events, packUri, type Sent, type Supply, withdrawn } from '../../testing/supply.ts';

/** Random histories of a few packs and boxes: what must hold whatever anybody sends. */

const callers = {
  maker: 'supplier',
  wholesaler: 'wholesaler',
  pharmacy: 'pharmacist',
  authority: 'regulator',
} as const;
type Caller = keyof typeof callers;

interface Step {
  caller: Caller;
  event: Sent;
}

const deeds = [
  ...['ship', 'ship', 'receive', 'receive', 'receive', 'pack', 'pack', 'unpack', 'decommission', 'undo', 'dispense'],
  ...['hold', 'release', 'steal', 'destroy'],
] as const;

const place = fc.constantFrom('maker', 'wholesaler', 'pharmacy');
const wish = fc.record({
  deed: fc.constantFrom(...deeds),
  caller: place,
  to: place,
  packs: fc.uniqueArray(fc.integer({ min: 1, max: 6 }), { minLength: 1, maxLength: 3 }),
  boxes: fc.uniqueArray(fc.integer({ min: 1, max: 4 }), { minLength: 1, maxLength: 2 }),
  /** What the deed is done to. */
  of: fc.constantFrom('packs', 'packs', 'box'),
  byAuthority: fc.boolean(),
});

type Wish = typeof wish extends fc.Arbitrary<infer W> ? W : never;

/** A first delivery, and what is wished after it; an undo is of the latest decommissioning. */
function stepsOf(events: Events, wishes: readonly Wish[]): Step[] {
  const packs = [1, 2, 3, 4, 5, 6].map((one) => packUri(one));
  const delivered = packs.slice(0, 3);
  const steps: Step[] = [
    { caller: 'maker', event: events.commission(packs) },
    { caller: 'maker', event: events.ship(delivered, 'maker', 'pharmacy') },
    { caller: 'pharmacy', event: events.receive(delivered, 'pharmacy') },
    { caller: 'maker', event: events.pack(boxUri(1), packs.slice(3)) },
  ];
  let left: Step = { caller: 'pharmacy', event: events.decommission(delivered) };
  for (const one of wishes) {
    const step = one.deed === 'undo' ? { ...left, event: withdrawn(left.event) } : stepOf(events, one);
    if (one.deed === 'decommission') left = step;
    steps.push(step);
  }
  return steps;
}

function stepOf(events: Events, { deed, caller, to, packs, boxes, of, byAuthority }: Wish): Step {
  const [box = 1, other = 1] = boxes;
  const items = of === 'packs' ? packs.map((one) => packUri(one)) : [boxUri(box)];
  const by = (event: Sent): Step => ({ caller, event });
  if (deed === 'hold' || deed === 'release') {
    return { caller: byAuthority ? 'authority' : caller, event: events[deed](items, caller) };
  }
  if (deed === 'ship') return by(events.ship(items, caller, to));
  if (deed === 'pack') return by(events.pack(boxUri(other), items, caller));
  if (deed === 'unpack') return by(events.unpack(boxUri(box), of === 'packs' ? items : [], caller));
  if (deed === 'steal') return by(events.object('OBSERVE', items, caller, 'other', { disposition: 'stolen' }));
  if (deed === 'destroy' || deed === 'undo') return by(events.object('DELETE', items, caller, 'destroying'));
  return by(events[deed](items, caller));
}

type State = Map<string, unknown>;

function stateOf({ world, channel }: Supply): State {
  const { state } = world.ledger.namespace(channel, 'supply');
  return new Map([...state].map(([key, { value }]) => [key, JSON.parse(Buffer.from(value).toString())]));
}

const rowsOf = (state: State, type: string) => [...state].filter(([key]) => key.startsWith(`\u0000${type}\u0000`));

function recordsOf<T>(state: State, type: string, schema: { parse(value: unknown): T }): T[] {
  return rowsOf(state, type).map(([, value]) => schema.parse(value));
}

function expectCountsToMatch(state: State): void {
  const packs = recordsOf(state, 'pack', pack);
  const containers = new Map(recordsOf(state, 'container', container).map((one) => [one.sscc, one]));
  const around = (item: Pack | Container): Container[] => {
    const parent = item.parent === undefined ? undefined : containers.get(item.parent);
    return parent ? [parent, ...around(parent)] : [];
  };
  const items = [...packs, ...containers.values()];
  for (const { sscc, contents, withheld, levels } of containers.values()) {
    const within = items.filter((item) => around(item).some((one) => one.sscc === sscc));
    const counted: Record<string, number> = {};
    for (const item of within) {
      if (!('serial' in item)) continue;
      const kind = `${item.gtin}|${item.batch}|${item.expiry}`;
      counted[kind] = (counted[kind] ?? 0) + 1;
    }
    expect(contents).toEqual(counted);
    expect(withheld ?? 0).toBe(within.filter((item) => item.state === 'quarantined').length);
    const depths = within.map((item) => around(item).length - ('serial' in item ? 1 : 0));
    expect(depths.every((depth) => depth < deepestNesting)).toBe(true);
    expect(levels).toBeGreaterThan(Math.max(0, ...depths) - around(known(containers, sscc)).length);
    expect(rowsOf(state, `child\u0000${sscc}`)).toHaveLength(items.filter((item) => item.parent === sscc).length);
  }
}

function known<K, V>(map: ReadonlyMap<K, V>, key: K): V {
  const value = map.get(key);
  if (value === undefined) throw new Error(`nothing under ${key}`);
  return value;
}

/** Who holds each pack, by its own entry or that of the outermost container around it. */
function holdersOf(state: State): Map<string, { holder: string; shippedTo?: string | undefined }> {
  const containers = new Map(recordsOf(state, 'container', container).map((one) => [one.sscc, one]));
  return new Map(
    recordsOf(state, 'pack', pack).map((one) => {
      let outermost: Pack | Container = one;
      while (outermost.parent !== undefined) outermost = known(containers, outermost.parent);
      return [one.serial, { holder: outermost.holder, shippedTo: outermost.shippedTo }];
    }),
  );
}

const at = new Date();
const reached = new Map<string, number>();

async function send(supply: Supply, steps: readonly Step[]): Promise<string[]> {
  const [first] = steps;
  if (!first) return [];
  const caller = supply.world.people[callers[first.caller]];
  const order = supply.captureOrder(caller, ...steps.map(({ event }) => event));
  const { result } = await supply.world.ledger.submit({ ...order, at });
  return JSON.parse(result).outcomes.map(({ outcome }: { outcome: string }) => outcome);
}

/** The steps in parts, each of one caller and at most so long as `sizes` say in turn. */
function partsOf(steps: readonly Step[], sizes: readonly number[]): Step[][] {
  const parts: Step[][] = [];
  for (const step of steps) {
    const part = parts.at(-1);
    const most = sizes[(parts.length - 1) % sizes.length] ?? 1;
    if (part && part.length < most && part[0]?.caller === step.caller) part.push(step);
    else parts.push([step]);
  }
  return parts;
}

it('a pack has one holder, who changes by a receipt of whom it was sent to; it is never dispensed twice; counts match', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(wish, { minLength: 10, maxLength: 40 }), async (wishes) => {
      const supply = await createSupply();
      for (const step of stepsOf(supply.events, wishes)) {
        const before = stateOf(supply);
        const held = holdersOf(before);
        const [outcome] = await send(supply, [step]);
        const after = stateOf(supply);
        expectCountsToMatch(after);
        for (const [serial, { holder }] of holdersOf(after)) {
          const was = held.get(serial);
          if (was && was.holder !== holder) {
            expect(was.shippedTo).toBe(holder);
            expect(step.event).toMatchObject({ bizStep: 'receiving' });
          }
        }
        const states = new Map(recordsOf(before, 'pack', pack).map((one) => [one.serial, one.state]));
        for (const { serial, state } of recordsOf(after, 'pack', pack)) {
          // Nothing follows, so that nothing is dispensed twice.
          if (states.get(serial) === 'dispensed') expect(state).toBe('dispensed');
          reached.set(state, (reached.get(state) ?? 0) + 1);
        }
        if (outcome === 'refused') {
          for (const type of ['pack', 'container', 'child']) expect(rowsOf(after, type)).toEqual(rowsOf(before, type));
        }
      }
    }),
    { numRuns: 25 },
  );
}, 120_000);

it('the same events leave the same state, each in a transaction or many in one, and sent again change nothing', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(wish, { minLength: 10, maxLength: 40 }),
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
      async (wishes, sizes) => {
        const [one, many] = [await createSupply(), await createSupply()];
        const steps = stepsOf(one.events, wishes);
        const apart: string[] = [];
        for (const step of steps) apart.push(...(await send(one, [step])));
        const together: string[] = [];
        for (const part of partsOf(steps, sizes)) together.push(...(await send(many, part)));
        expect(together).toEqual(apart);
        const state = stateOf(one);
        expect(stateOf(many)).toEqual(state);
        const accepted = steps.filter((_step, index) => apart[index] === 'accepted');
        for (const step of accepted) expect(await send(many, [step])).toEqual(['duplicate']);
        expect(stateOf(many)).toEqual(state);
      },
    ),
    { numRuns: 20 },
  );
}, 120_000);

afterAll(() => {
  // A history in which nothing happens would prove nothing.
  for (const state of packStates) {
    expect(reached.get(state) ?? 0, state).toBeGreaterThan(0);
  }
});
