import type { Product } from '#chaincode/model/product.ts';
import { type Portal, portal as thePortal } from '#server/portal.ts';
import type { Actor } from '../people/schema.ts';
import { allProducts } from '../registry/ledger.ts';
import { type ContainerNow, type PackNow, readContainer, readPacks, supplyChannels } from './ledger.ts';
import { institutionNames } from './names.ts';
import { allowLooking } from './policy.ts';
import { type ContentCount, type Item, itemKey, type Looked, mostItems } from './schema.ts';

/** What the ledgers say of packs and containers right now, in the order in which they were asked for. */
export async function lookUp(
  actor: Actor,
  { items }: { items: Item[] },
  portal: Portal = thePortal(),
): Promise<Looked[]> {
  allowLooking(actor);
  const [products, nameOf] = await Promise.all([allProducts(portal.ledger), institutionNames(portal)]);
  const [packs, containers] = await Promise.all([
    packsOf(portal, items, products, actor.mspId),
    containersOf(portal, items, actor.mspId),
  ]);
  const words = { nameOf, products: new Map(products.map((product) => [product.gtin, product])) };
  return items.map((item) => {
    if (item.kind === 'container') return lookedContainer(item, containers.get(item.sscc) ?? [], words);
    return lookedPack(item, packs.get(itemKey(item)), words);
  });
}

/** The same for any number of things. */
export async function lookUpAll(actor: Actor, items: Item[], portal: Portal): Promise<Looked[]> {
  const looked: Looked[] = [];
  for (let start = 0; start < items.length; start += mostItems) {
    looked.push(...(await lookUp(actor, { items: items.slice(start, start + mostItems) }, portal)));
  }
  return looked;
}

interface Words {
  nameOf: (institutionId: string) => string;
  products: Map<string, Product>;
}

/** Each pack on the channel of its product. */
async function packsOf(portal: Portal, items: Item[], products: Product[], mspId: string) {
  const byChannel = new Map<string, { gtin: string; serial: string }[]>();
  for (const item of items) {
    if (item.kind !== 'pack') continue;
    const channel = products.find(({ gtin }) => gtin === item.gtin)?.channel;
    if (channel === undefined) continue;
    const names = byChannel.get(channel) ?? [];
    names.push({ gtin: item.gtin, serial: item.serial });
    byChannel.set(channel, names);
  }
  const found = await Promise.all(
    [...byChannel].map(([channel, names]) => readPacks(portal.ledger, channel, names, mspId)),
  );
  return new Map(found.flat().map((pack) => [`${pack.gtin}/${pack.serial}`, pack]));
}

/** Each container on every channel that has packs in it. */
async function containersOf(portal: Portal, items: Item[], mspId: string) {
  const channels = supplyChannels(portal.ledger);
  const found = new Map<string, { channel: string; state: ContainerNow }[]>();
  await Promise.all(
    items.map(async (item) => {
      if (item.kind !== 'container') return;
      const answers = await Promise.all(
        channels.map(async (channel) => {
          const state = await readContainer(portal.ledger, channel, item.sscc, mspId);
          return state && { channel, state };
        }),
      );
      found.set(
        item.sscc,
        answers.filter((answer) => answer !== undefined),
      );
    }),
  );
  return found;
}

function lookedPack(item: Item & { kind: 'pack' }, pack: PackNow | undefined, { nameOf, products }: Words): Looked {
  const product = products.get(item.gtin);
  const named = product && { product: product.name, maker: product.maker };
  if (pack === undefined) return { ...unknown(item), ...named, channels: product ? [product.channel] : [] };
  const { batch, expiry, state, holder, site, containers, recalls } = pack;
  return {
    ...{ item, known: true, channels: product ? [product.channel] : [], ...named },
    ...{ batch, expiry, state, holder, holderName: nameOf(holder), site, containers, recalls, contents: [] },
    ...(pack.shippedTo && { shippedTo: pack.shippedTo, shippedToName: nameOf(pack.shippedTo) }),
    excursions: pack.excursions ?? 0,
  };
}

/**
 * A container of several chains has one custody. Where it is on its way on some of them alone, its receipt is not complete: what is
 * shown, and what can be done with it, is of those where it has still to be received.
 */
function lookedContainer(
  item: Item & { kind: 'container' },
  parts: { channel: string; state: ContainerNow }[],
  { nameOf, products }: Words,
): Looked {
  const underway = parts.filter(({ state: part }) => part.shippedTo !== undefined);
  const isPartial = underway.length > 0 && underway.length < parts.length;
  const shown = isPartial ? underway : parts;
  const [first] = shown;
  if (first === undefined) return unknown(item);
  const { state, holder, site, shippedTo, containers } = first.state;
  return {
    ...{ item, known: true, channels: shown.map(({ channel }) => channel), state, holder, holderName: nameOf(holder) },
    ...{ site, containers, recalls: [] },
    ...(isPartial && { partial: true as const }),
    ...(shippedTo && { shippedTo, shippedToName: nameOf(shippedTo) }),
    excursions: shown
      .flatMap(({ state: part }) => Object.values(part.excursions ?? {}))
      .reduce((most, count) => Math.max(most, count), 0),
    contents: shown.flatMap(({ state: part }) => contentsOf(part, products)),
  };
}

function contentsOf({ contents }: ContainerNow, products: Words['products']): ContentCount[] {
  return Object.entries(contents).map(([key, packs]) => {
    const [gtin = '', batch = ''] = key.split('|');
    return { gtin, batch, packs, product: products.get(gtin)?.name ?? gtin };
  });
}

const unknown = (item: Item): Looked => ({
  ...{ item, known: false, channels: [], containers: [], recalls: [], contents: [], excursions: 0 },
});
