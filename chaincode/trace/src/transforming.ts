import { LedgerError } from '../../model/errors.ts';
import { createPack } from './commissioning.ts';
import { requireHere, requireLoose, requireState } from './custody.ts';
import type { Captured, TransformationEvent } from './event.ts';
import { getItem, isPack, itemNamesOf, labelOf, putState } from './items.ts';
import { requireSite } from './place.ts';

/** Uses packs up, as in repackaging, and brings others into being, by their maker. */
export async function transform(captured: Captured<TransformationEvent>): Promise<void> {
  const { event, draft, actor } = captured;
  const site = await requireSite(captured);
  for (const name of event.inputEPCList?.length ? itemNamesOf(event.inputEPCList, 'inputEPCList') : []) {
    const item = await getItem(draft, name);
    if (!isPack(item)) throw new LedgerError('INVALID_ARGUMENT', `inputEPCList: ${labelOf(item)} is not used up`);
    await requireHere(draft, item, actor);
    requireLoose(item);
    requireState(item, 'active');
    putState(draft, item, 'destroyed');
  }
  for (const name of event.outputEPCList?.length ? itemNamesOf(event.outputEPCList, 'outputEPCList') : []) {
    if (name.kind !== 'pack') throw new LedgerError('INVALID_ARGUMENT', `outputEPCList: ${labelOf(name)} is not made`);
    await createPack(captured, name, site, event);
  }
}
