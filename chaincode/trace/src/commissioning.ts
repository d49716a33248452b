import { LedgerError } from '../../model/errors.ts';
import { batchNumber, expiryDay, type Pack } from '../../model/trace.ts';
import type { Captured, ObjectEvent, TransformationEvent } from './event.ts';
import { type ItemName, itemNamesOf, labelOf } from './items.ts';
import { requireSite } from './place.ts';

/** Brings packs, and containers that are still empty, into being. */
export async function commission(captured: Captured<ObjectEvent>): Promise<void> {
  const names = itemNamesOf(captured.event.epcList, 'epcList');
  const site = await requireSite(captured);
  for (const name of names) {
    if (name.kind === 'pack') await createPack(captured, name, site, captured.event);
    else await createContainer(captured, name.sscc, site);
  }
}

/**
 * A pack is commissioned once, by its product's maker, where the product is traced. Throws ALREADY_EXISTS (the serial number was
 * given before), NOT_FOUND (the product), NOT_AUTHORISED, WRONG_CHANNEL, INVALID_ARGUMENT.
 */
export async function createPack(
  captured: Captured,
  { gtin, serial }: Extract<ItemName, { kind: 'pack' }>,
  site: string,
  event: ObjectEvent | TransformationEvent,
): Promise<void> {
  const { draft, master, actor } = captured;
  const product = await master.product(gtin);
  if (product.channel !== master.channel) {
    throw new LedgerError('WRONG_CHANNEL', `${gtin} is traced on ${product.channel}`);
  }
  if (product.maker !== actor.institutionId) {
    throw new LedgerError('NOT_AUTHORISED', `only ${product.maker} commissions packs of ${gtin}`);
  }
  if (await draft.packs.get(gtin, serial)) {
    throw new LedgerError('ALREADY_EXISTS', `${gtin} ${serial} was commissioned before`);
  }
  const { batch, expiry } = batchOf(event);
  const pack: Pack = { gtin, serial, batch, expiry, state: 'active', holder: actor.institutionId, site, version: 1 };
  draft.packs.put([gtin, serial], pack);
}

/** Batch and last day of the packs that an event brings into being: INVALID_ARGUMENT. */
function batchOf({ ilmd }: ObjectEvent | TransformationEvent): { batch: string; expiry: string } {
  const batch = batchNumber.safeParse(ilmd?.['cbvmda:lotNumber']);
  if (!batch.success) throw new LedgerError('INVALID_ARGUMENT', 'ilmd: no batch in cbvmda:lotNumber');
  const expiry = expiryDay.safeParse(ilmd?.['cbvmda:itemExpirationDate']);
  if (!expiry.success) throw new LedgerError('INVALID_ARGUMENT', 'ilmd: no day in cbvmda:itemExpirationDate');
  return { batch: batch.data, expiry: expiry.data };
}

/** Throws ALREADY_EXISTS. */
export async function createContainer({ draft, actor }: Captured, sscc: string, site: string): Promise<void> {
  if (await draft.containers.get(sscc)) {
    throw new LedgerError('ALREADY_EXISTS', `${labelOf({ kind: 'container', sscc })} is in use`);
  }
  const fresh = { sscc, state: 'active' as const, contents: {}, levels: 1, version: 1 };
  draft.containers.put([sscc], { ...fresh, holder: actor.institutionId, site });
}
