import type { Effects } from '../trace/alerts/rule.ts';
import { detach, emptyContainer } from './custody.ts';
import { dayOf, type Fact, placeOf, type Thing } from './fact.ts';
import { type Item, productsOf, type TraceState } from './state.ts';

/** Begins packs and empty containers, in the hands of who captured the event. */
export function commission(state: TraceState, fact: Fact): undefined {
  make(
    state,
    fact,
    fact.named.flatMap(({ role, thing }) => (role === 'epc' && thing !== undefined ? thing : [])),
  );
}

function make(state: TraceState, fact: Fact, things: Thing[]): void {
  const { batch, expiry } = fact.made ?? { batch: '', expiry: '' };
  const site = placeOf(fact);
  for (const thing of things) {
    if (state.find(thing) !== undefined) continue;
    if (thing.kind === 'container') {
      state.create({ kind: 'container', row: emptyContainer(fact, thing.sscc) });
      continue;
    }
    const { gtin, serial } = thing;
    const row = {
      ...{ gtin, serial, batch, expiry, state: 'active', channel: fact.channel, holder: fact.party, site },
      ...{ parent: null, shippedTo: null, shipment: null, excursions: 0, leftDay: null },
      ...{ seenSite: site, seenAt: site === null ? null : fact.eventTime },
    };
    state.create({ kind: 'pack', row });
    state.tally.flow('make', dayOf(fact.eventTime), gtin, null, site, 1);
    const key = `${gtin}|${batch}`;
    const known = state.batches.get(key) ?? {
      ...{ gtin, batch, channel: fact.channel, expiry, packs: 0, madeAt: fact.eventTime, madeSite: site },
    };
    known.packs += 1;
    state.batches.set(key, known);
  }
}

/** Takes packs out of stock for a patient; one that was decommissioned before has left it already. */
export function dispense(
  state: TraceState,
  fact: Fact,
  items: Item[],
  to: 'decommissioned' | 'dispensed',
): Partial<Effects> {
  const left = new Map<string, Effects['dispensed'][number]>();
  const day = dayOf(fact.eventTime);
  for (const item of items) {
    // An empty container just ends.
    if (item.kind === 'container') continue;
    const site = placeOf(fact) ?? state.outermost(item).site ?? '';
    const leaves = item.row.state !== 'decommissioned';
    state.change(item, () => {
      item.row.state = to;
    });
    if (!leaves) continue;
    item.row.leftDay = day;
    const { gtin } = item.row;
    state.tally.flow('dispense', day, gtin, site, null, 1);
    const known = left.get(`${site}|${gtin}`) ?? { site, gtin, packs: 0 };
    known.packs += 1;
    left.set(`${site}|${gtin}`, known);
  }
  return { dispensed: [...left.values()] };
}

/** Puts decommissioned packs back, and their leaving out of the figures of the day on which they left. */
export function undo(state: TraceState, fact: Fact, items: Item[]): undefined {
  for (const item of items) {
    if (item.kind !== 'pack' || item.row.leftDay === null) continue;
    const site = placeOf(fact) ?? state.outermost(item).site;
    state.tally.flow('dispense', item.row.leftDay, item.row.gtin, site, null, -1);
    state.change(item, () => {
      item.row.state = 'active';
      item.row.leftDay = null;
    });
  }
}

/** Packs or containers that are lost for good. */
export function destroy(state: TraceState, fact: Fact, items: Item[], to: 'destroyed' | 'stolen'): undefined {
  for (const item of items) {
    if (item.row.state !== 'stolen') {
      const { site } = state.outermost(item);
      for (const [gtin, packs] of productsOf(item))
        state.tally.flow('lose', dayOf(fact.eventTime), gtin, site, null, packs);
    }
    detach(state, item);
    state.change(item, () => {
      item.row.state = to;
    });
  }
}

export function hold(state: TraceState, items: Item[], to: 'quarantined' | 'active'): undefined {
  for (const item of items) {
    if (to === 'active' && item.row.state !== 'quarantined') continue;
    state.change(item, () => {
      item.row.state = to;
    });
  }
}

/** Inputs are used up, outputs begin. */
export function transform(state: TraceState, fact: Fact, items: Item[]): undefined {
  const isInput = (thing: Thing) => fact.named.some((named) => named.role === 'input' && same(named.thing, thing));
  const inputs = items.filter(({ row }) =>
    isInput(
      'sscc' in row ? { kind: 'container', sscc: row.sscc } : { kind: 'pack', gtin: row.gtin, serial: row.serial },
    ),
  );
  destroy(state, fact, inputs, 'destroyed');
  make(
    state,
    fact,
    fact.named.flatMap(({ role, thing }) => (role === 'output' && thing !== undefined ? thing : [])),
  );
}

function same(one: Thing | undefined, other: Thing): boolean {
  if (one?.kind === 'pack') return other.kind === 'pack' && one.gtin === other.gtin && one.serial === other.serial;
  return one?.kind === 'container' && other.kind === 'container' && one.sscc === other.sscc;
}
