import { LedgerError } from '../../model/errors.ts';
import { type Container, deepestNesting } from '../../model/trace.ts';
import { createContainer } from './commissioning.ts';
import { count, requireHere, requireLoose, requireState, whereaboutsOf } from './custody.ts';
import type { Draft } from './draft.ts';
import type { AggregationEvent, Captured } from './event.ts';
import { excursionsOf, withExcursions } from './excursions.ts';
import {
  childKey,
  childrenOf,
  getContainer,
  getItem,
  type Item,
  isPack,
  itemNameOf,
  itemNamesOf,
  labelOf,
  putContainer,
  putCustody,
} from './items.ts';
import { namedSite, requireSite } from './place.ts';

/** Puts what the caller has into a container of the caller's, which begins with it where there is none yet. */
export async function pack(captured: Captured<AggregationEvent>): Promise<void> {
  const { draft, actor, event } = captured;
  const sscc = parentOf(event);
  const names = itemNamesOf(event.childEPCs, 'childEPCs');
  if (!(await draft.containers.get(sscc))) await createContainer(captured, sscc, await requireSite(captured));
  else await namedSite(captured);
  const excursions = excursionsOf(await openedContainers(captured, sscc));
  const entered: Item[] = [];
  for (const name of names) {
    const item = await getItem(draft, name);
    requireLoose(item);
    await requireHere(draft, item, actor);
    requireState(item, 'active', 'quarantined');
    if (!isPack(item)) await stack(draft, item, sscc);
    putCustody(draft, withExcursions(item, excursions, -1), { parent: sscc });
    draft.children.put(childKey(sscc, item), 1);
    entered.push(item);
  }
  count(draft, await containersFrom(draft, sscc), entered, 1);
}

/** Takes what is named out of a container of the caller's, or all of it where nothing is named. */
export async function unpack(captured: Captured<AggregationEvent>): Promise<void> {
  const { draft, event } = captured;
  const sscc = parentOf(event);
  const site = await namedSite(captured);
  await openedContainers(captured, sscc);
  const isAll = !event.childEPCs?.length && !event.childQuantityList?.length;
  const names = isAll ? await childrenOf(draft, sscc) : itemNamesOf(event.childEPCs, 'childEPCs');
  const left: Item[] = [];
  for (const name of names) left.push(await getItem(draft, name));
  await takeOut(draft, sscc, left, site);
  if (isAll) putContainer(draft, { ...(await getContainer(draft, sscc)), levels: 1 });
}

/** Takes items out of a container: they are where it is, or at `site`. Throws WRONG_STATE for what is not in it. */
export async function takeOut(draft: Draft, sscc: string, items: readonly Item[], site?: string): Promise<void> {
  const containers = await containersFrom(draft, sscc);
  const excursions = excursionsOf(containers);
  const { holder, shippedTo, site: before } = await whereaboutsOf(draft, await getContainer(draft, sscc));
  for (const item of items) {
    // An item that is named twice is out by now.
    const isIn = (await draft.children.get(...childKey(sscc, item))) !== undefined;
    if (!isIn) throw new LedgerError('WRONG_STATE', `${labelOf(item)} is not in container ${sscc}`);
    const own = { parent: undefined, holder, shippedTo, site: site ?? before };
    putCustody(draft, withExcursions(item, excursions, 1), own);
    draft.children.remove(...childKey(sscc, item));
  }
  count(draft, containers, items, -1);
}

/** The container that an event is about: INVALID_ARGUMENT. */
function parentOf({ parentID }: AggregationEvent): string {
  const name = parentID === undefined ? undefined : itemNameOf(parentID);
  if (name?.kind === 'container') return name.sscc;
  throw new LedgerError('INVALID_ARGUMENT', 'parentID: names no container (SSCC)');
}

/** A container and those around it, which the caller must have, and all of which must be active. */
async function openedContainers({ draft, actor }: Captured, sscc: string): Promise<Container[]> {
  const containers = await containersFrom(draft, sscc);
  for (const container of containers) {
    await requireHere(draft, container, actor);
    requireState(container, 'active');
  }
  return containers;
}

/** A container and those around it, the innermost first. */
async function containersFrom(draft: Draft, sscc: string): Promise<Container[]> {
  const container = await getContainer(draft, sscc);
  return [container, ...(await whereaboutsOf(draft, container)).containers];
}

/** Notes how deep containers are stacked once `inner` is in `sscc`: INVALID_ARGUMENT where it would be in itself, WRONG_STATE. */
async function stack(draft: Draft, inner: Container, sscc: string): Promise<void> {
  const around = await containersFrom(draft, sscc);
  if (around.some((container) => container.sscc === inner.sscc)) {
    throw new LedgerError('INVALID_ARGUMENT', `childEPCs: ${labelOf(inner)} would be in itself`);
  }
  let { levels } = inner;
  for (const container of around) {
    levels = Math.max(container.levels, levels + 1);
    if (levels > deepestNesting) {
      throw new LedgerError('WRONG_STATE', `containers lie in at most ${deepestNesting} levels`);
    }
    putContainer(draft, { ...container, levels });
  }
}
