import { LedgerError } from '../../model/errors.ts';
import type { Container } from '../../model/trace.ts';
import type { Actor } from './actor.ts';
import type { Draft } from './draft.ts';
import { getContainer, type Item, isPack, labelOf, putContainer } from './items.ts';

/**
 * Who has an item and where. What is in a container goes where the outermost goes, so that to move a thousand packs writes
 * one key; their own entries say it again once they are taken out.
 */
export interface Whereabouts {
  holder: string;
  site: string;
  shippedTo?: string | undefined;
  /** The containers around it, the innermost first. */
  containers: Container[];
}

export async function whereaboutsOf(draft: Draft, item: Item): Promise<Whereabouts> {
  const containers: Container[] = [];
  let outermost = item;
  while (outermost.parent !== undefined) {
    const container = await getContainer(draft, outermost.parent);
    containers.push(container);
    outermost = container;
  }
  const { holder, site, shippedTo } = outermost;
  return { holder, site, shippedTo, containers };
}

/** Refuses what somebody else has: HELD_BY_ANOTHER. */
export async function requireHeld(draft: Draft, item: Item, { institutionId }: Actor): Promise<Whereabouts> {
  const where = await whereaboutsOf(draft, item);
  if (where.holder !== institutionId) {
    throw new LedgerError('HELD_BY_ANOTHER', `${labelOf(item)} is held by ${where.holder}`);
  }
  return where;
}

/** The same, for what is here: WRONG_STATE for what is on its way to somebody. */
export async function requireHere(draft: Draft, item: Item, actor: Actor): Promise<Whereabouts> {
  const where = await requireHeld(draft, item, actor);
  if (where.shippedTo !== undefined) {
    throw new LedgerError('WRONG_STATE', `${labelOf(item)} is on its way to ${where.shippedTo}`);
  }
  return where;
}

/** Refuses what is in a container, and so can only be moved or ended with it or taken out first: WRONG_STATE. */
export function requireLoose(item: Item): void {
  if (item.parent !== undefined)
    throw new LedgerError('WRONG_STATE', `${labelOf(item)} is in container ${item.parent}`);
}

/** Refuses an item in any other state: WRONG_STATE. */
export function requireState(item: Item, ...states: Item['state'][]): void {
  if (!states.includes(item.state)) throw new LedgerError('WRONG_STATE', `${labelOf(item)} is ${item.state}`);
}

/** Key of a container's contents under which an item's packs are counted. */
const contentKey = ({ gtin, batch, expiry }: { gtin: string; batch: string; expiry: string }) =>
  `${gtin}|${batch}|${expiry}`;

/** The packs of an item by what they are. */
function contentsOf(item: Item): Record<string, number> {
  return isPack(item) ? { [contentKey(item)]: 1 } : item.contents;
}

/** Each kind of packs in an item. */
export function batchesOf(item: Item): { gtin: string; batch: string; expiry: string }[] {
  return Object.keys(contentsOf(item)).map((key) => {
    const [gtin = '', batch = '', expiry = ''] = key.split('|');
    return { gtin, batch, expiry };
  });
}

/** How many within an item are quarantined, itself included. */
function withheldOf(item: Item): number {
  return (item.state === 'quarantined' ? 1 : 0) + (isPack(item) ? 0 : (item.withheld ?? 0));
}

/** Counts items into containers, or out of them with `sign` -1. */
export function count(draft: Draft, containers: readonly Container[], items: readonly Item[], sign: 1 | -1): void {
  const change = items.reduce<Record<string, number>>((sum, item) => added(sum, contentsOf(item)), {});
  const withheld = items.reduce((sum, item) => sum + withheldOf(item), 0);
  for (const container of containers) {
    putContainer(draft, {
      ...container,
      contents: added(container.contents, change, sign),
      withheld: (container.withheld ?? 0) + sign * withheld || undefined,
    });
  }
}

/** Counts one more quarantined item within containers, or one less. */
export function withhold(draft: Draft, containers: readonly Container[], by: 1 | -1): void {
  for (const container of containers) {
    putContainer(draft, { ...container, withheld: (container.withheld ?? 0) + by || undefined });
  }
}

/** The sum of two counts by key; what comes to nothing is left out. */
export function added(
  counts: Readonly<Record<string, number>>,
  change: Readonly<Record<string, number>>,
  sign: 1 | -1 = 1,
): Record<string, number> {
  const sums = { ...counts };
  for (const [key, value] of Object.entries(change)) sums[key] = (sums[key] ?? 0) + sign * value;
  return Object.fromEntries(Object.entries(sums).filter(([, value]) => value !== 0));
}
