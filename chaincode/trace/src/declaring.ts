import { termOf } from '../../../epcis/vocabulary.ts';
import { LedgerError } from '../../model/errors.ts';
import { meaningOf } from '../../model/meaning.ts';
import { type EventRecord, undoDays } from '../../model/trace.ts';
import type { Captured } from './event.ts';
import { getItem, isPack, itemNamesOf, labelOf, putPack } from './items.ts';
import { requireUsable } from './recalls.ts';
import { voidShipment } from './shipping.ts';

/**
 * An event that is sent again with an error declaration says that it was wrong (EPCIS 2.0, section 7.4.1.4), by the institution
 * that had sent it. That a decommissioning or a shipment did not occur takes it back. Anything else is kept beside the event
 * and changes nobody's custody: what was wrong is put right by events that follow. Throws NOT_FOUND, NOT_AUTHORISED, and what
 * the taking back refuses.
 */
export async function declare(captured: Captured, original: EventRecord | undefined): Promise<void> {
  const { event, actor } = captured;
  if (original?.outcome !== 'accepted') throw new LedgerError('NOT_FOUND', 'no such event was accepted');
  if (original.institutionId !== actor.institutionId) {
    throw new LedgerError('NOT_AUTHORISED', `the event is of ${original.institutionId}`);
  }
  if (termOf('errorReason', event.errorDeclaration?.reason ?? '') !== 'did_not_occur') return;
  const meaning = meaningOf(event);
  if (meaning === 'ship') await voidShipment(captured);
  if (meaning === 'decommission') await undo(captured);
}

/**
 * Takes a decommissioning back: within ten days, and neither after the pack was handed over nor when it is recalled, stolen,
 * destroyed or expired (Delegated Regulation (EU) 2016/161, article 13). The declaration is the same event, of the same site.
 */
async function undo(captured: Captured): Promise<void> {
  const { draft, event, at } = captured;
  for (const name of itemNamesOf('epcList' in event ? event.epcList : undefined, 'epcList')) {
    const pack = await getItem(draft, name);
    if (!isPack(pack)) continue;
    if (pack.state !== 'decommissioned' || !pack.decommissioned) {
      throw new LedgerError('WRONG_STATE', `${labelOf(pack)} is ${pack.state}`);
    }
    if (at.getTime() >= Date.parse(pack.decommissioned.at) + undoDays * 24 * 60 * 60 * 1000) {
      throw new LedgerError('WRONG_STATE', `${labelOf(pack)} was decommissioned more than ${undoDays} days ago`);
    }
    await requireUsable(captured, pack);
    putPack(draft, { ...pack, state: 'active', decommissioned: undefined });
  }
}
