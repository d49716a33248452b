import { isOutside } from '#chaincode/model/temperature.ts';
import type { Effects, Subject } from '../trace/alerts/rule.ts';
import { commission, destroy, dispense, hold, transform, undo } from './conditions.ts';
import { pack, receive, ship, unpack, voidShipment } from './custody.ts';
import { type Fact, placeOf, type Step } from './fact.ts';
import { raiseAlerts } from './raise.ts';
import { lastSeen } from './seen.ts';
import { type Item, productsOf, type TraceState } from './state.ts';

type Work = (state: TraceState, fact: Fact, items: Item[]) => Partial<Effects> | undefined;

const works: Partial<Record<Step, Work>> = {
  commission,
  pack,
  unpack,
  ship,
  receive,
  accept: receive,
  voidShipment,
  decommission: (state, fact, items) => dispense(state, fact, items, 'decommissioned'),
  dispense: (state, fact, items) => dispense(state, fact, items, 'dispensed'),
  undo,
  destroy: (state, fact, items) => destroy(state, fact, items, 'destroyed'),
  steal: (state, fact, items) => destroy(state, fact, items, 'stolen'),
  hold: (state, _, items) => hold(state, items, 'quarantined'),
  release: (state, _, items) => hold(state, items, 'active'),
  transform,
};

/**
 * Applies one event after those before it: an accepted one as the contract did, a refused one not at all; both are counted and
 * judged by the alert rules. Nothing here asks the database or the clock, so that the same events leave the same rows.
 */
export function apply(state: TraceState, fact: Fact): void {
  const items = fact.named.flatMap(({ thing }) => (thing && state.find(thing)) ?? []);
  const before = items.map((item) => viewOf(state, item));
  const effects: Effects = { receipts: [], dispensed: [] };
  if (fact.outcome === 'accepted') {
    Object.assign(effects, works[fact.step]?.(state, fact, items));
    if (!fact.declaration) {
      countReadings(state, fact);
      markSeen(state, fact, items);
    }
  }
  state.tally.step(fact, fact.outcome);
  raiseAlerts(state, fact, before, effects);
  if (fact.outcome === 'refused') state.refused.add(fact.hash);
}

function viewOf(state: TraceState, item: Item): Subject {
  const outermost = state.outermost(item);
  const around = state.around(item.row.parent);
  const last = lastSeen([item.row, ...around]);
  const packs = [...productsOf(item).values()].reduce((sum, count) => sum + count, 0);
  const withheld = around.find((container) => container.state !== 'active');
  return {
    ...{ item, packs, seenSite: last?.seenSite ?? null, seenAt: last?.seenAt ?? null },
    state: item.row.state === 'active' ? (withheld?.state ?? 'active') : item.row.state,
    ...{ holder: outermost.holder, site: outermost.site, shippedTo: outermost.shippedTo },
  };
}

function markSeen(state: TraceState, fact: Fact, items: Item[]): void {
  const place = placeOf(fact);
  if (place === null) return;
  const named = fact.step === 'commission' || fact.step === 'transform' ? [] : items;
  for (const { row } of named) {
    if (row.seenAt !== null && row.seenAt > fact.eventTime) continue;
    row.seenSite = place;
    row.seenAt = fact.eventTime;
    state.changed.add(row);
  }
}

/** An event that tells of a temperature outside of a product's limits is one excursion of all that its sensors were with. */
function countReadings(state: TraceState, { celsius, named, sensed }: Fact): void {
  if (celsius.length === 0) return;
  const isOut = (gtin: string): boolean => {
    const { minCelsius = null, maxCelsius = null } = state.products.get(gtin) ?? {};
    if (minCelsius === null || maxCelsius === null) return false;
    return celsius.some((value) => isOutside(value, { minCelsius, maxCelsius }));
  };
  for (const { thing, epc } of named) {
    const item = thing && sensed.has(epc) ? state.find(thing) : undefined;
    if (item === undefined) continue;
    for (const gtin of productsOf(item).keys()) {
      if (!isOut(gtin)) continue;
      if (item.kind === 'pack') item.row.excursions += 1;
      else item.row.excursions[gtin] = (item.row.excursions[gtin] ?? 0) + 1;
      state.changed.add(item.row);
    }
  }
}
