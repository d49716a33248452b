import { identifierOf } from '../../../gs1/uri.ts';
import { LedgerError } from '../../model/errors.ts';
import type { Container, Pack } from '../../model/trace.ts';
import type { Draft } from './draft.ts';

/** What is traced: packs, and the containers that they are in. */
export type Item = Pack | Container;
export type ItemName = { kind: 'pack'; gtin: string; serial: string } | { kind: 'container'; sscc: string };

export const isPack = (item: Item): item is Pack => 'serial' in item;

/** What an EPC names, as URN or Digital Link; undefined where it is neither a pack nor a container. */
export function itemNameOf(epc: string): ItemName | undefined {
  const named = identifierOf(epc);
  if (named?.type === 'sgtin') return { kind: 'pack', gtin: named.key, serial: named.part };
  if (named?.type === 'sscc') return { kind: 'container', sscc: named.key };
  return undefined;
}

/** Names of packs and containers; at least one, and nothing else: INVALID_ARGUMENT. */
export function itemNamesOf(epcs: readonly string[] | undefined, list: string): ItemName[] {
  if (!epcs?.length) throw new LedgerError('INVALID_ARGUMENT', `${list}: names no pack and no container`);
  return epcs.map((epc) => {
    const name = itemNameOf(epc);
    if (name) return name;
    throw new LedgerError('INVALID_ARGUMENT', `${list}: only packs (SGTIN) and containers (SSCC) are traced`);
  });
}

export function labelOf(item: Item | ItemName): string {
  return 'sscc' in item ? `container ${item.sscc}` : `pack ${item.gtin} ${item.serial}`;
}

export async function findItem(draft: Draft, name: ItemName): Promise<Item | undefined> {
  return name.kind === 'pack' ? draft.packs.get(name.gtin, name.serial) : draft.containers.get(name.sscc);
}

/** Throws NOT_FOUND. */
export async function getItem(draft: Draft, name: ItemName): Promise<Item> {
  const item = await findItem(draft, name);
  if (!item) throw new LedgerError('NOT_FOUND', `there is no ${labelOf(name)}`);
  return item;
}

/** Throws NOT_FOUND. */
export async function getContainer(draft: Draft, sscc: string): Promise<Container> {
  const container = await draft.containers.get(sscc);
  if (!container) throw new LedgerError('NOT_FOUND', `there is no container ${sscc}`);
  return container;
}

/** Attributes of the key that says that an item is in a container. */
export function childKey(parent: string, item: Item): string[] {
  return isPack(item) ? [parent, 'pack', item.gtin, item.serial] : [parent, 'container', item.sscc];
}

/** What is directly in a container. */
export async function childrenOf(draft: Draft, sscc: string): Promise<ItemName[]> {
  const rows = await draft.children.list(sscc);
  const names = rows.map(
    ([kind, first = '', second = '']): ItemName =>
      kind === 'pack' ? { kind, gtin: first, serial: second } : { kind: 'container', sscc: first },
  );
  await loadItems(draft, names);
  return names;
}

/** Reads items that are about to be asked for together. */
export async function loadItems(draft: Draft, names: readonly ItemName[]): Promise<void> {
  await draft.packs.load(names.flatMap((name) => (name.kind === 'pack' ? [[name.gtin, name.serial]] : [])));
  await draft.containers.load(names.flatMap((name) => (name.kind === 'container' ? [[name.sscc]] : [])));
}

/** All that is in a container, at any depth. */
export async function itemsWithin(draft: Draft, sscc: string): Promise<Item[]> {
  const items: Item[] = [];
  for (const name of await childrenOf(draft, sscc)) {
    const item = await getItem(draft, name);
    items.push(item);
    if (!isPack(item)) items.push(...(await itemsWithin(draft, item.sscc)));
  }
  return items;
}

/** Writes an item, a version further. */
export function putPack(draft: Draft, pack: Pack): void {
  draft.packs.put([pack.gtin, pack.serial], { ...pack, version: pack.version + 1 });
}

export function putContainer(draft: Draft, container: Container): void {
  draft.containers.put([container.sscc], { ...container, version: container.version + 1 });
}

export function putState(draft: Draft, item: Item, state: Container['state'], heldBy?: Item['heldBy']): void {
  if (isPack(item)) putPack(draft, { ...item, state, heldBy, decommissioned: undefined });
  else putContainer(draft, { ...item, state, heldBy });
}

/** What packs and containers have alike. */
type Custody = Pick<Pack, 'holder' | 'site' | 'parent' | 'shippedTo'>;

export function putCustody(draft: Draft, item: Item, change: Partial<Custody>): void {
  if (isPack(item)) putPack(draft, { ...item, ...change });
  else putContainer(draft, { ...item, ...change });
}
