import { LedgerError } from '../../model/errors.ts';
import { expiresAt, isBatchRecalledBy, isRecalledBy, type Pack, type Recall } from '../../model/trace.ts';
import { batchesOf } from './custody.ts';
import type { Draft } from './draft.ts';
import type { Captured } from './event.ts';
import { type Item, isPack, itemsWithin, labelOf } from './items.ts';

/** All recalls of a product; asking counts in the read set, so that what was endorsed before a recall fails at commit. */
async function recallsOf(draft: Draft, gtin: string): Promise<readonly Recall[]> {
  return (await draft.recalls.get(gtin))?.recalls ?? [];
}

/** The recalls in force for a pack. */
export async function recallsOfPack(draft: Draft, pack: Pick<Pack, 'gtin' | 'batch' | 'serial'>): Promise<Recall[]> {
  return (await recallsOf(draft, pack.gtin)).filter((recall) => isRecalledBy(recall, pack));
}

/** GTINs of what is recalled in an item. Packs in a container are looked at one by one where serial numbers decide. */
export async function recalledIn(draft: Draft, item: Item): Promise<Set<string>> {
  const recalled = new Set<string>();
  const bySerial = new Set<string>();
  for (const { gtin, batch } of batchesOf(item)) {
    for (const recall of await recallsOf(draft, gtin)) {
      if (!isBatchRecalledBy(recall, batch)) continue;
      if (recall.serials === undefined || isPack(item)) {
        if (!isPack(item) || isRecalledBy(recall, item)) recalled.add(gtin);
      } else bySerial.add(gtin);
    }
  }
  if (isPack(item) || [...bySerial].every((gtin) => recalled.has(gtin))) return recalled;
  for (const pack of (await itemsWithin(draft, item.sscc)).filter(isPack)) {
    if (bySerial.has(pack.gtin) && (await recallsOfPack(draft, pack)).length > 0) recalled.add(pack.gtin);
  }
  return recalled;
}

/** GTINs of what has expired in an item. */
export function expiredIn(item: Item, at: Date): Set<string> {
  const expired = batchesOf(item).filter((batch) => expiresAt(batch) <= at.getTime());
  return new Set(expired.map(({ gtin }) => gtin));
}

/** Refuses a pack that may not be given to a patient: RECALLED, EXPIRED. */
export async function requireUsable({ draft, at }: Captured, pack: Pack): Promise<void> {
  const [recall] = await recallsOfPack(draft, pack);
  if (recall) throw new LedgerError('RECALLED', `${labelOf(pack)} is recalled by ${recall.id}`);
  if (expiresAt(pack) <= at.getTime())
    throw new LedgerError('EXPIRED', `${labelOf(pack)} was to be used until ${pack.expiry}`);
}
