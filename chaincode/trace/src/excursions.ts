import { isOutside, sensedEpcs, temperaturesOf } from '../../model/temperature.ts';
import type { Container } from '../../model/trace.ts';
import { added, batchesOf } from './custody.ts';
import type { Captured } from './event.ts';
import { findItem, type Item, isPack, itemNameOf, putContainer, putPack } from './items.ts';

/** GTIN → how many events told of a temperature outside of the product's limits. */
type Excursions = Record<string, number>;

/** Those of containers that lie in each other. */
export function excursionsOf(containers: readonly Container[]): Excursions {
  return containers.reduce<Excursions>((sum, { excursions }) => added(sum, excursions ?? {}), {});
}

/**
 * An item with `sign` times so many excursions more. What enters a container takes off those that were counted there before,
 * and what leaves it takes on those that are counted there then: so it has the ones of its own time.
 */
export function withExcursions(item: Item, change: Excursions, sign: 1 | -1): Item {
  if (isPack(item)) {
    return { ...item, excursions: (item.excursions ?? 0) + sign * (change[item.gtin] ?? 0) || undefined };
  }
  const excursions = added(item.excursions ?? {}, change, sign);
  return { ...item, excursions: Object.keys(excursions).length > 0 ? excursions : undefined };
}

/**
 * Counts an excursion on each item that an event's sensors were with, for the products in it that must not have been so warm
 * or cold.
 */
export async function countExcursions(captured: Captured): Promise<void> {
  const { event, draft, master, alerts } = captured;
  const celsius = temperaturesOf(event);
  if (celsius.length === 0) return;
  for (const epc of sensedEpcs(event)) {
    const name = itemNameOf(epc);
    const item = name && (await findItem(draft, name));
    if (!item) continue;
    const counted: Excursions = {};
    for (const gtin of new Set(batchesOf(item).map((batch) => batch.gtin))) {
      const { storage } = await master.product(gtin);
      if (storage && celsius.some((value) => isOutside(value, storage))) counted[gtin] = 1;
    }
    if (Object.keys(counted).length === 0) continue;
    const warmed = withExcursions(item, counted, 1);
    if (isPack(warmed)) putPack(draft, warmed);
    else putContainer(draft, warmed);
    alerts.add('excursion');
  }
}
