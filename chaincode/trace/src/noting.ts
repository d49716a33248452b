import { epcsOf } from '../../../epcis/event.ts';
import { LedgerError } from '../../model/errors.ts';
import { whereaboutsOf } from './custody.ts';
import type { Captured } from './event.ts';
import { getItem, itemNameOf, labelOf } from './items.ts';

/**
 * An event that changes nobody's custody is kept as the word of whoever has what it names, or is about to have it; what is not
 * traced here may be named beside it. Throws NOT_FOUND, HELD_BY_ANOTHER.
 */
export async function note({ event, draft, actor }: Captured): Promise<void> {
  for (const { epc } of epcsOf(event)) {
    const name = itemNameOf(epc);
    if (!name) continue;
    const item = await getItem(draft, name);
    const { holder, shippedTo } = await whereaboutsOf(draft, item);
    if (holder !== actor.institutionId && shippedTo !== actor.institutionId) {
      throw new LedgerError('HELD_BY_ANOTHER', `${labelOf(item)} is held by ${holder}`);
    }
  }
}
