import fc from 'fast-check';
import { expect, it } from 'vitest';
import { deepestNesting } from '../../model/trace.ts';
import { createSupply } from '../../testing/supply.ts';
import { beginning, Snapshot, type Step, send, stepOf, wishes } from '../../testing/supplyHistory.ts';

/** What holds whatever anybody sends. */

/** What each container says of what is in it, against the entries of those things. */
function expectCountsToMatch(state: Snapshot): void {
  const items = [...state.packs, ...state.containers.values()];
  const depthOf = (item: (typeof items)[number]) => state.around(item).length;
  for (const one of state.containers.values()) {
    const within = items.filter((item) => state.around(item).some(({ sscc }) => sscc === one.sscc));
    const counted: Record<string, number> = {};
    for (const item of within) {
      if (!('serial' in item)) continue;
      const kind = `${item.gtin}|${item.batch}|${item.expiry}`;
      counted[kind] = (counted[kind] ?? 0) + 1;
    }
    expect(one.contents).toEqual(counted);
    expect(one.withheld ?? 0).toBe(within.filter((item) => item.state === 'quarantined').length);
    expect(depthOf(one)).toBeLessThan(deepestNesting);
    const levels = within.filter((item) => 'levels' in item).map((item) => depthOf(item) - depthOf(one) + 1);
    expect(one.levels).toBeGreaterThanOrEqual(Math.max(1, ...levels));
    const children = items.filter((item) => item.parent === one.sscc);
    expect(state.rowsOf(`child\u0000${one.sscc}`)).toHaveLength(children.length);
  }
}

/** Holders change by a receipt of whom it was sent to; nothing follows a hand-over, so that nothing is dispensed twice. */
function expectCustody(before: Snapshot, after: Snapshot, { event }: Step): void {
  const were = new Map(before.packs.map((pack) => [pack.serial, { pack, at: before.outermost(pack) }]));
  for (const pack of after.packs) {
    const was = were.get(pack.serial);
    if (was?.pack.state === 'dispensed') expect(pack).toEqual(was.pack);
    const { holder } = after.outermost(pack);
    if (!was || was.at.holder === holder) continue;
    expect(was.at.shippedTo).toBe(holder);
    expect(event).toMatchObject({ bizStep: 'receiving' });
  }
}

it('a pack has one holder, is never dispensed twice, and counts of containers match what is in them', async () => {
  const outcomes = { accepted: 0, other: 0 };
  await fc.assert(
    fc.asyncProperty(wishes, async (made) => {
      const supply = await createSupply();
      const steps: Step[] = [];
      const take = async (step: Step): Promise<boolean> => {
        const before = new Snapshot(supply);
        const [outcome] = await send(supply, [step], new Date());
        const after = new Snapshot(supply);
        expectCountsToMatch(after);
        expectCustody(before, after, step);
        if (outcome === 'refused') {
          for (const type of ['pack', 'container', 'child']) expect(after.rowsOf(type)).toEqual(before.rowsOf(type));
        } else steps.push(step);
        return outcome === 'accepted';
      };
      for (const step of beginning(supply.events)) await take(step);
      for (const wish of made) {
        const accepted = await take(stepOf(supply.events, new Snapshot(supply), steps, wish));
        outcomes[accepted ? 'accepted' : 'other'] += 1;
      }
    }),
    { numRuns: 20 },
  );
  // Histories in which nothing happens would prove nothing.
  expect(outcomes.accepted).toBeGreaterThan(outcomes.other / 10);
}, 120_000);

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

it('the same events leave the same state, each in a transaction or many in one, and sent again change nothing', async () => {
  const at = new Date();
  await fc.assert(
    fc.asyncProperty(
      wishes,
      fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 9 }),
      async (made, sizes) => {
        const [one, many] = [await createSupply(), await createSupply()];
        const steps = beginning(one.events);
        const apart: string[] = [];
        for (const step of steps) apart.push(...(await send(one, [step], at)));
        for (const wish of made) {
          const step = stepOf(one.events, new Snapshot(one), steps, wish);
          apart.push(...(await send(one, [step], at)));
          steps.push(step);
        }
        const together: string[] = [];
        for (const part of partsOf(steps, sizes)) together.push(...(await send(many, part, at)));
        expect(together).toEqual(apart);
        const { rows } = new Snapshot(one);
        expect(new Snapshot(many).rows).toEqual(rows);
        const accepted = steps.filter((_step, index) => apart[index] === 'accepted');
        for (const step of accepted) expect(await send(many, [step], at)).toEqual(['duplicate']);
        expect(new Snapshot(many).rows).toEqual(rows);
      },
    ),
    { numRuns: 12 },
  );
}, 120_000);
