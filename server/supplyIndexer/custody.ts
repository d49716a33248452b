import type { Effects } from '../trace/alerts/rule.ts';
import { dayOf, type Fact, placeOf } from './fact.ts';
import { lastSeen } from './seen.ts';
import { type ContainerRow, type Item, productsOf, type ShipmentRow, type TraceState } from './state.ts';

const isParent = (fact: Fact, { kind, row }: Item) =>
  kind === 'container' &&
  fact.named.some(({ role, thing }) => role === 'parent' && thing?.kind === 'container' && thing.sscc === row.sscc);

/** Puts children into the event's container, which begins with its first child. */
export function pack(state: TraceState, fact: Fact, items: Item[]): undefined {
  const sscc = fact.named.flatMap(({ role, thing }) =>
    role === 'parent' && thing?.kind === 'container' ? thing.sscc : [],
  )[0];
  if (sscc === undefined) return;
  const children = items.filter((item) => !isParent(fact, item));
  let row = state.containers.get(sscc);
  if (row === undefined) {
    row = emptyContainer(fact, sscc);
    state.create({ kind: 'container', row });
  }
  for (const child of children) attach(state, child, row);
}

export const emptyContainer = (fact: Fact, sscc: string): ContainerRow => ({
  ...{
    sscc,
    channel: fact.channel,
    state: 'active',
    holder: fact.party,
    site: placeOf(fact),
    parent: null,
    root: sscc,
  },
  ...{ shippedTo: null, shipment: null, seenSite: null, seenAt: null, contents: {}, excursions: {} },
});

function attach(state: TraceState, item: Item, parent: ContainerRow): void {
  countExcursions(state, item, parent.sscc, -1);
  state.change(item, () => {
    item.row.parent = parent.sscc;
  });
  if (item.kind === 'container') setRoot(state, item.row, parent.root);
}

/** Takes children out, or all that is in it where the event names none; they stay where the outermost container was. */
export function unpack(state: TraceState, fact: Fact, items: Item[]): undefined {
  const named = items.filter((item) => !isParent(fact, item));
  const emptied = items.filter((item) => isParent(fact, item));
  const out = named.length > 0 ? named : emptied.flatMap(({ row }) => ('sscc' in row ? state.inside(row.sscc) : []));
  for (const item of out) detach(state, item, placeOf(fact));
}

/** Takes an item out of the container that it is in; it is where the outermost one was, or at `place`. */
export function detach(state: TraceState, item: Item, place: string | null = null): void {
  if (item.row.parent === null) return;
  const { holder, site, shippedTo, shipment } = state.outermost(item);
  const last = lastSeen([item.row, ...state.around(item.row.parent)]);
  countExcursions(state, item, item.row.parent, 1);
  state.change(item, () => {
    Object.assign(item.row, { parent: null, holder, site: place ?? site, shippedTo, shipment });
    if (last !== undefined) Object.assign(item.row, { seenSite: last.seenSite, seenAt: last.seenAt });
  });
  if (item.kind === 'container') setRoot(state, item.row, item.row.sscc);
}

/** What containers around had had when something came in is none of its excursions; what they had since then is. */
function countExcursions(state: TraceState, item: Item, parent: string, sign: 1 | -1): void {
  for (const { excursions } of state.around(parent)) {
    for (const [gtin, readings] of Object.entries(excursions)) {
      if (item.kind === 'pack') {
        if (item.row.gtin === gtin) item.row.excursions += sign * readings;
      } else if (productsOf(item).has(gtin)) {
        item.row.excursions[gtin] = (item.row.excursions[gtin] ?? 0) + sign * readings;
      }
    }
  }
}

function setRoot(state: TraceState, row: ContainerRow, root: string): void {
  row.root = root;
  state.changed.add(row);
  for (const inner of state.inside(row.sscc)) if (inner.kind === 'container') setRoot(state, inner.row, root);
}

/** Shipments of one event on several channels have one key. */
const shipmentOf = (fact: Fact) => fact.eventId ?? fact.hash;

export function ship(state: TraceState, fact: Fact, items: Item[]): undefined {
  const to = fact.destination ?? '';
  const toParty = state.sites.get(to)?.institutionId ?? to;
  const shipment = shipmentOf(fact);
  const [first] = items;
  let packs = 0;
  for (const item of items) {
    for (const count of productsOf(item).values()) packs += count;
    state.change(item, () => {
      item.row.shippedTo = toParty;
      item.row.shipment = shipment;
    });
  }
  const row: ShipmentRow = {
    ...{ shipment, channel: fact.channel, fromSite: first?.row.site ?? '', fromParty: fact.party, toParty },
    ...{ items: items.length, received: 0, packs, sentAt: fact.recordTime, receivedAt: null },
  };
  state.shipments.set(shipment, row);
  state.changed.add(row);
}

/** What was to be sent has stayed. */
export function voidShipment(state: TraceState, _: Fact, items: Item[]): undefined {
  for (const item of items) {
    const shipment = state.shipments.get(item.row.shipment ?? '');
    if (shipment !== undefined) {
      shipment.items -= 1;
      state.changed.add(shipment);
    }
    state.change(item, () => Object.assign(item.row, { shippedTo: null, shipment: null }));
  }
}

/** Takes over what was sent; what is accepted and is here already has only been looked at. */
export function receive(state: TraceState, fact: Fact, items: Item[]): Partial<Effects> {
  const receipts = new Set<ShipmentRow>();
  const day = dayOf(fact.eventTime);
  for (const item of items) {
    const { site: from, shipment, shippedTo } = item.row;
    if (shippedTo === null) continue;
    const to = placeOf(fact);
    for (const [gtin, packs] of productsOf(item)) state.tally.flow('move', day, gtin, from, to, packs);
    state.change(item, () =>
      Object.assign(item.row, { holder: fact.party, site: to, shippedTo: null, shipment: null }),
    );
    const row = shipment === null ? undefined : state.shipments.get(shipment);
    if (row === undefined) continue;
    row.received += 1;
    row.receivedAt = fact.recordTime;
    state.changed.add(row);
    receipts.add(row);
  }
  return { receipts: [...receipts] };
}
