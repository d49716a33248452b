import { LedgerError } from '../../model/errors.ts';
import type { Pack } from '../../model/trace.ts';
import { requireHeld, requireHere, requireLoose, requireState, whereaboutsOf } from './custody.ts';
import type { Captured } from './event.ts';
import { getItem, type Item, isPack, itemNamesOf, labelOf, putPack, putState } from './items.ts';
import { takeOut } from './packing.ts';
import { namedSite, requireSite } from './place.ts';
import { requireUsable } from './recalls.ts';

function namesOf({ event }: Captured) {
  return itemNamesOf('epcList' in event ? event.epcList : undefined, 'epcList');
}

/** Takes packs out of the supply chain, as before they are dispensed; it can be undone. An empty container just ends. */
export async function decommission(captured: Captured): Promise<void> {
  const { draft, actor } = captured;
  const names = namesOf(captured);
  const site = await requireSite(captured);
  for (const name of names) {
    const item = await getItem(draft, name);
    await requireHere(draft, item, actor);
    requireLoose(item);
    requireState(item, 'active');
    if (!isPack(item)) {
      if (Object.keys(item.contents).length > 0) throw new LedgerError('WRONG_STATE', `${labelOf(item)} is not empty`);
      continue;
    }
    await requireUsable(captured, item);
    putPack(draft, { ...item, state: 'decommissioned', decommissioned: leaving(captured, site, 'decommission') });
  }
}

/** Notes that packs were handed over to a patient, by a pharmacy; that is final. */
export async function dispense(captured: Captured): Promise<void> {
  const { draft, actor } = captured;
  const names = namesOf(captured);
  const site = await requireSite(captured);
  if (actor.kind !== 'pharmacy') throw new LedgerError('NOT_AUTHORISED', `a ${actor.kind} dispenses nothing`);
  for (const name of names) {
    const item = await getItem(draft, name);
    if (!isPack(item)) throw new LedgerError('INVALID_ARGUMENT', `${labelOf(item)}: only packs are dispensed`);
    await requireHere(draft, item, actor);
    requireLoose(item);
    requireState(item, 'active', 'decommissioned');
    await requireUsable(captured, item);
    putPack(draft, { ...item, state: 'dispensed', decommissioned: leaving(captured, site, 'dispense') });
  }
}

function leaving({ at, actor, hash }: Captured, site: string, step: 'decommission' | 'dispense') {
  const { institutionId } = actor;
  return { at: at.toISOString(), site, institutionId, eventHash: hash, step } satisfies Pack['decommissioned'];
}

/** Notes that items are destroyed, with all that is in them. */
export async function destroy(captured: Captured): Promise<void> {
  await end(captured, 'destroyed', ['active', 'quarantined', 'decommissioned', 'stolen']);
}

/** Notes that items are stolen, with all that is in them, also what is on its way. */
export async function steal(captured: Captured): Promise<void> {
  await end(captured, 'stolen', ['active', 'quarantined', 'decommissioned']);
}

async function end(captured: Captured, state: 'destroyed' | 'stolen', from: Item['state'][]): Promise<void> {
  const { draft, actor } = captured;
  await namedSite(captured);
  for (const name of namesOf(captured)) {
    const found = await getItem(draft, name);
    const { containers } = await whereaboutsOf(draft, found);
    await requireHeld(draft, found, actor);
    requireState(found, ...from);
    for (const container of containers) requireState(container, 'active', 'quarantined');
    if (found.parent !== undefined) await takeOut(draft, found.parent, [found]);
    putState(draft, await getItem(draft, name), state);
  }
}
