import type { traceFlows, traceSteps, traceStock } from '../gateways/db/schema/trace.ts';
import { dayOf, type Fact, placeOf } from './fact.ts';

/** `<gtin>|<batch>|<state>` → packs. */
export type Contents = Record<string, number>;

/** Whose something is and where, of what lies in no container. */
export interface Custody {
  holder: string;
  site: string | null;
  shippedTo: string | null;
}

export type FlowKind = 'make' | 'move' | 'dispense' | 'lose';

const separator = '\u0000';

/** Additions to rows, by the rows' keys. */
class Sums<Row extends object> {
  readonly #rows = new Map<string, Row>();

  /** The row of a key, to be added to. */
  of(key: readonly string[], fresh: () => Row): Row {
    const name = key.join(separator);
    let row = this.#rows.get(name);
    if (row === undefined) {
      row = fresh();
      this.#rows.set(name, row);
    }
    return row;
  }

  rows(): Row[] {
    return [...this.#rows.values()];
  }
}

/** What the figures change by: sums of stock, of flows and of steps. */
export class Tally {
  readonly #stock = new Sums<typeof traceStock.$inferInsert>();
  readonly #flows = new Sums<typeof traceFlows.$inferInsert>();
  readonly #steps = new Sums<typeof traceSteps.$inferInsert>();
  readonly #history: DispenseHistory;

  constructor(history: DispenseHistory) {
    this.#history = history;
  }

  /** Packs that come (`sign` 1) or go (−1) at a place. */
  stock({ holder, site, shippedTo }: Custody, contents: Contents, sign: 1 | -1): void {
    for (const [key, packs] of Object.entries(contents)) {
      const { gtin, batch, state: own } = partsOf(key);
      const state = own === 'active' && shippedTo !== null ? 'transit' : own;
      const at = site ?? '';
      this.#stock.of([holder, at, gtin, batch, state], () => ({
        ...{ holder, site: at, gtin, batch, state },
        packs: 0,
      })).packs += sign * packs;
    }
  }

  /** Packs that went from one place to another; a dispensing counts in the product's history at the place. */
  flow(kind: FlowKind, day: string, gtin: string, from: string | null, to: string | null, packs: number): void {
    const [fromSite, toSite] = [from ?? '', to ?? ''];
    this.#flows.of([day, gtin, kind, fromSite, toSite], () => ({
      ...{ day, gtin, kind, fromSite, toSite },
      packs: 0,
    })).packs += packs;
    if (kind === 'dispense') this.#history.add(fromSite, gtin, day, packs);
  }

  /** Counts an event by its step, once for each product that it names. */
  step(fact: Fact, outcome: string): void {
    const products = new Map<string, number>();
    for (const { thing } of fact.named)
      if (thing?.kind === 'pack') products.set(thing.gtin, (products.get(thing.gtin) ?? 0) + 1);
    if (products.size === 0) products.set('', 0);
    const day = dayOf(fact.eventTime);
    const site = placeOf(fact) ?? '';
    for (const [gtin, packs] of products) {
      const row = this.#steps.of([day, gtin, site, fact.step, outcome], () => ({
        ...{ day, gtin, site, step: fact.step, outcome },
        ...{ events: 0, packs: 0 },
      }));
      row.events += 1;
      row.packs += packs;
    }
  }

  changes() {
    const touched = this.#stock.rows();
    const stock = touched.filter(({ packs }) => packs !== 0);
    const totals = new Sums<{ gtin: string; state: string; packs: number }>();
    // Also those that come to nothing here: which rows there are must not hang on how many events are applied at once.
    for (const { gtin, state, packs } of touched)
      totals.of([gtin, state], () => ({ gtin, state, packs: 0 })).packs += packs;
    return {
      stock,
      totals: totals.rows(),
      flows: this.#flows.rows(),
      // Two channels add to the rows of events without a product; in one order, neither waits for the other for ever.
      steps: this.#steps
        .rows()
        .sort((a, b) =>
          [a.day, a.site, a.step, a.outcome].join() < [b.day, b.site, b.step, b.outcome].join() ? -1 : 1,
        ),
    };
  }
}

/** A product's packs dispensed at a place, day by day, as far back as a rule looks. */
export class DispenseHistory {
  readonly #days = new Map<string, Map<string, number>>();

  add(site: string, gtin: string, day: string, packs: number): void {
    const key = `${site}|${gtin}`;
    const days = this.#days.get(key) ?? new Map<string, number>();
    days.set(day, (days.get(day) ?? 0) + packs);
    this.#days.set(key, days);
  }

  packs(site: string, gtin: string, day: string): number {
    return this.#days.get(`${site}|${gtin}`)?.get(day) ?? 0;
  }
}

export const contentsKey = (gtin: string, batch: string, state: string): string => `${gtin}|${batch}|${state}`;

/** A batch number may have any of GS1's characters but the bar, which set 82 lacks. */
export function partsOf(key: string): { gtin: string; batch: string; state: string } {
  const [gtin = '', batch = '', state = ''] = key.split('|');
  return { gtin, batch, state };
}
