import type {
  traceAlerts,
  traceBatches,
  traceContainers,
  tracePacks,
  traceProducts,
  traceShipments,
  traceSites,
} from '../gateways/db/schema/trace.ts';
import { packKey, type Thing } from './fact.ts';
import { type Contents, contentsKey, DispenseHistory, partsOf, Tally } from './tally.ts';

export type PackRow = typeof tracePacks.$inferSelect;
export type ContainerRow = typeof traceContainers.$inferSelect;
export type ShipmentRow = typeof traceShipments.$inferSelect;
export type SiteRow = typeof traceSites.$inferSelect;
export type ProductRow = typeof traceProducts.$inferSelect;
export type BatchRow = typeof traceBatches.$inferSelect;
export type AlertRow = typeof traceAlerts.$inferSelect;

export type Item = { kind: 'pack'; row: PackRow } | { kind: 'container'; row: ContainerRow };

/**
 * What is known of a channel's packs and containers, as far as the events to be applied name it, and what has changed of it.
 * Rows are changed in place.
 */
export class TraceState {
  readonly packs = new Map<string, PackRow>();
  readonly containers = new Map<string, ContainerRow>();
  readonly shipments = new Map<string, ShipmentRow>();
  readonly sites = new Map<string, SiteRow>();
  readonly products = new Map<string, ProductRow>();
  /** Batches made, whose packs are added to those that are recorded. */
  readonly batches = new Map<string, BatchRow>();
  readonly alerts = new Map<string, AlertRow>();
  /** Alerts that were raised before and are put right now, by id. */
  readonly resolved = new Map<string, Date>();
  /** Hashes of events that were refused before; one that is sent again may be accepted by then. */
  readonly refused = new Set<string>();
  readonly history = new DispenseHistory();
  readonly tally = new Tally(this.history);
  readonly changed = new Set<PackRow | ContainerRow | ShipmentRow>();
  readonly #children = new Map<string, Set<Item['row']>>();

  take(item: Item): void {
    if (item.kind === 'pack') this.packs.set(packKey(item.row.gtin, item.row.serial), item.row);
    else this.containers.set(item.row.sscc, item.row);
    if (item.row.parent !== null) this.#childrenOf(item.row.parent).add(item.row);
  }

  find(thing: Thing): Item | undefined {
    if (thing.kind === 'container') {
      const row = this.containers.get(thing.sscc);
      return row && { kind: 'container', row };
    }
    const row = this.packs.get(packKey(thing.gtin, thing.serial));
    return row && { kind: 'pack', row };
  }

  /** What lies in a container directly; all of it where the batch empties it, else what the events name. */
  inside(sscc: string): Item[] {
    return [...this.#childrenOf(sscc)].map((row) =>
      'sscc' in row ? { kind: 'container', row } : { kind: 'pack', row },
    );
  }

  /** The outermost container around something, or itself: its custody holds. */
  outermost({ row }: Item): PackRow | ContainerRow {
    let at: PackRow | ContainerRow = row;
    while (at.parent !== null) {
      const around = this.containers.get(at.parent);
      if (around === undefined) return at;
      at = around;
    }
    return at;
  }

  /** The containers around something, from the inside out. */
  around(parent: string | null): ContainerRow[] {
    const list: ContainerRow[] = [];
    for (let at = parent; at !== null; ) {
      const row = this.containers.get(at);
      if (row === undefined) break;
      list.push(row);
      at = row.parent;
    }
    return list;
  }

  /** Changes a row, and the counts of the containers around it and of the places with it. */
  change(item: Item, work: () => void): void {
    this.#count(item, -1);
    const before = item.row.parent;
    work();
    const after = item.row.parent;
    if (before !== after) {
      if (before !== null) this.#childrenOf(before).delete(item.row);
      if (after !== null) this.#childrenOf(after).add(item.row);
    }
    this.#count(item, 1);
    this.changed.add(item.row);
  }

  /** Takes up a pack or an empty container that is new. */
  create(item: Item): void {
    this.take(item);
    this.#count(item, 1);
    this.changed.add(item.row);
  }

  #childrenOf(sscc: string): Set<Item['row']> {
    const known = this.#children.get(sscc);
    if (known !== undefined) return known;
    const fresh = new Set<Item['row']>();
    this.#children.set(sscc, fresh);
    return fresh;
  }

  #count(item: Item, sign: 1 | -1): void {
    this.#countAt(item.row, contentsOf(item), sign);
  }

  #countAt(row: PackRow | ContainerRow, contents: Contents, sign: 1 | -1): void {
    const parent = row.parent === null ? undefined : this.containers.get(row.parent);
    if (parent === undefined) {
      this.tally.stock(row, contents, sign);
      return;
    }
    for (const [key, packs] of Object.entries(contents)) {
      const left = (parent.contents[key] ?? 0) + sign * packs;
      if (left === 0) delete parent.contents[key];
      else parent.contents[key] = left;
    }
    this.changed.add(parent);
    this.#countAt(parent, seenIn(parent.state, contents), sign);
  }
}

/** The packs of an item by product, batch and state. */
export function contentsOf({ kind, row }: Item): Contents {
  if (kind === 'pack') return { [contentsKey(row.gtin, row.batch, row.state)]: 1 };
  return seenIn(row.state, row.contents);
}

/** What lies in a container that is not active is in the container's state. */
function seenIn(state: string, contents: Contents): Contents {
  if (state === 'active') return contents;
  const seen: Contents = {};
  for (const [key, packs] of Object.entries(contents)) {
    const { gtin, batch, state: own } = partsOf(key);
    const shown = contentsKey(gtin, batch, own === 'active' ? state : own);
    seen[shown] = (seen[shown] ?? 0) + packs;
  }
  return seen;
}

/** Packs of an item by product. */
export function productsOf(item: Item): Map<string, number> {
  const products = new Map<string, number>();
  for (const [key, packs] of Object.entries(contentsOf(item))) {
    const { gtin } = partsOf(key);
    products.set(gtin, (products.get(gtin) ?? 0) + packs);
  }
  return products;
}
