import { LedgerError } from '../../model/errors.ts';
import type { Institution } from '../../model/registry.ts';
import { requireHeld, requireHere, requireLoose, requireState, whereaboutsOf } from './custody.ts';
import type { Captured } from './event.ts';
import { getItem, type Item, isPack, itemNamesOf, itemsWithin, labelOf, putCustody } from './items.ts';
import { destinationOf, namedSite, requireSite } from './place.ts';
import { expiredIn, recalledIn } from './recalls.ts';

function namesOf({ event }: Captured) {
  return itemNamesOf('epcList' in event ? event.epcList : undefined, 'epcList');
}

/** Sends what the caller has on its way to a party, the only one that can receive it. */
export async function ship(captured: Captured): Promise<void> {
  const { draft, actor } = captured;
  const names = namesOf(captured);
  const destination = await destinationOf(captured);
  await namedSite(captured);
  for (const name of names) {
    const item = await getItem(draft, name);
    await requireHere(draft, item, actor);
    requireLoose(item);
    await requireShippable(captured, item, destination);
    putCustody(draft, item, { shippedTo: destination.id });
  }
}

/**
 * What is quarantined by its holder, recalled or expired goes back to its maker and to nobody else; what the authority has
 * quarantined stays. Throws WRONG_STATE, RECALLED, EXPIRED.
 */
async function requireShippable(captured: Captured, item: Item, destination: Institution): Promise<void> {
  const { draft, master, at } = captured;
  const isReturn = async (gtin: string) => (await master.product(gtin)).maker === destination.id;
  for (const held of await quarantinedIn(captured, item)) {
    if (held.heldBy === 'authority' || !isPack(held) || !(await isReturn(held.gtin))) {
      throw new LedgerError('WRONG_STATE', `${labelOf(held)} is quarantined`);
    }
  }
  for (const gtin of await recalledIn(draft, item)) {
    if (!(await isReturn(gtin))) throw new LedgerError('RECALLED', `${labelOf(item)} has recalled packs of ${gtin}`);
  }
  for (const gtin of expiredIn(item, at)) {
    if (!(await isReturn(gtin))) throw new LedgerError('EXPIRED', `${labelOf(item)} has expired packs of ${gtin}`);
  }
}

/** What of an item is quarantined: itself, or packs and containers in it. Refuses what is neither that nor active. */
async function quarantinedIn({ draft }: Captured, item: Item): Promise<Item[]> {
  requireState(item, 'active', 'quarantined');
  if (item.state === 'quarantined') return [item];
  if (isPack(item) || item.withheld === undefined) return [];
  return (await itemsWithin(draft, item.sscc)).filter(({ state }) => state === 'quarantined');
}

/** Declares that what was to be sent has stayed. */
export async function voidShipment(captured: Captured): Promise<void> {
  const { draft, actor } = captured;
  await namedSite(captured);
  for (const name of namesOf(captured)) {
    const item = await getItem(draft, name);
    await requireHeld(draft, item, actor);
    requireLoose(item);
    if (item.shippedTo === undefined) throw new LedgerError('WRONG_STATE', `${labelOf(item)} is on its way to nobody`);
    putCustody(draft, item, { shippedTo: undefined });
  }
}

/** Takes over what was sent to the caller, at a place of the caller's. */
export async function receive(captured: Captured): Promise<void> {
  const { draft, actor, at, alerts } = captured;
  const names = namesOf(captured);
  const site = await requireSite(captured);
  for (const name of names) {
    const item = await getItem(draft, name);
    const { holder, shippedTo } = await whereaboutsOf(draft, item);
    if (shippedTo !== actor.institutionId) {
      if (holder === actor.institutionId) {
        throw new LedgerError('WRONG_STATE', `${labelOf(item)} was not sent to its holder`);
      }
      const where = shippedTo === undefined ? `held by ${holder}` : `on its way to ${shippedTo}`;
      throw new LedgerError('HELD_BY_ANOTHER', `${labelOf(item)} is ${where}`);
    }
    requireLoose(item);
    requireState(item, 'active', 'quarantined');
    if ((await recalledIn(draft, item)).size > 0) alerts.add('recalled');
    if (expiredIn(item, at).size > 0) alerts.add('expired');
    putCustody(draft, item, { holder: actor.institutionId, site, shippedTo: undefined });
  }
}

/** The same for what is still on its way to the caller; what is here already has only been looked at. */
export async function accept(captured: Captured): Promise<void> {
  const { draft, actor } = captured;
  for (const name of namesOf(captured)) {
    const { holder, shippedTo } = await whereaboutsOf(draft, await getItem(draft, name));
    if (holder !== actor.institutionId || shippedTo !== undefined) return receive(captured);
  }
}
