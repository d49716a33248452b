import { z } from 'zod';
import { identifierOf } from '../gs1/uri.ts';

const uris = z.array(z.string()).optional();
const quantities = z.array(z.looseObject({ epcClass: z.string() })).optional();

/** What of an event says where it belongs; all else of it goes along. */
export const splittable = z.looseObject({
  type: z.string(),
  action: z.string().optional(),
  parentID: z.string().optional(),
  ...{ epcList: uris, childEPCs: uris, inputEPCList: uris, outputEPCList: uris },
  ...{ quantityList: quantities, childQuantityList: quantities },
  ...{ inputQuantityList: quantities, outputQuantityList: quantities },
});
export type Splittable = z.infer<typeof splittable>;

const uriLists = ['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList'] as const;
const quantityLists = ['quantityList', 'childQuantityList', 'inputQuantityList', 'outputQuantityList'] as const;

/** Where things are traced. */
export interface Whereabouts {
  /** The channel of a product; undefined where `registry` knows none of this GTIN. */
  product(gtin: string): Promise<string | undefined>;
  /** Channels that have something of what is in a container; none where nobody has packed it. */
  container(sscc: string): Promise<readonly string[]>;
  /** What names nothing that is traced goes here. */
  anywhere: string;
}

/** What an event names besides a parent. */
export const thingsOf = (event: Splittable): string[] => [
  ...uriLists.flatMap((name) => event[name] ?? []),
  ...quantityLists.flatMap((name) => (event[name] ?? []).map(({ epcClass }) => epcClass)),
];

/**
 * The channels on which an event is recorded, each with its own packs: those of the products that it names, and those of the
 * containers that it moves. A parent counts only where nothing else is named.
 */
export async function channelsOf(event: Splittable, where: Whereabouts): Promise<string[]> {
  const things = thingsOf(event);
  const counted = things.length > 0 || event.parentID === undefined ? things : [event.parentID];
  const found = new Set<string>();
  for (const uri of new Set(counted)) for (const channel of await channelsOfThing(uri, where)) found.add(channel);
  return found.size > 0 ? [...found].sort() : [where.anywhere];
}

async function channelsOfThing(uri: string, where: Whereabouts): Promise<readonly string[]> {
  const id = identifierOf(uri);
  if (id?.type === 'sscc') {
    const channels = await where.container(id.key);
    return channels.length > 0 ? channels : [where.anywhere];
  }
  const isOfProduct = id?.type === 'sgtin' || id?.type === 'lgtin' || id?.type === 'gtin';
  return [(isOfProduct ? await where.product(id.key) : undefined) ?? where.anywhere];
}

/**
 * What of an event is recorded on `channel`, one of its `channels`: the whole where it has no other. What belongs to none of
 * them by now goes to the first, so that nothing is left out.
 */
export async function partOf(
  event: Splittable,
  channel: string,
  channels: readonly string[],
  where: Whereabouts,
): Promise<Splittable> {
  if (channels.length < 2) return event;
  const here = new Set<string>();
  for (const uri of new Set(thingsOf(event))) {
    const own = (await channelsOfThing(uri, where)).filter((one) => channels.includes(one));
    if (own.includes(channel) || (own.length === 0 && channel === channels[0])) here.add(uri);
  }
  const part: Splittable = { ...event };
  for (const name of uriLists) {
    const list = event[name]?.filter((uri) => here.has(uri));
    if (list !== undefined && list.length > 0) part[name] = list;
    else delete part[name];
  }
  for (const name of quantityLists) {
    const list = event[name]?.filter(({ epcClass }) => here.has(epcClass));
    if (list !== undefined && list.length > 0) part[name] = list;
    else delete part[name];
  }
  return part;
}

/** Adds what an event packs to what is known of containers, for the events behind it. */
export function notePacking(event: Splittable, channels: readonly string[], packed: Map<string, Set<string>>): void {
  if (event.type !== 'AggregationEvent' || event.action !== 'ADD' || event.parentID === undefined) return;
  const id = identifierOf(event.parentID);
  if (id?.type !== 'sscc') return;
  const known = packed.get(id.key) ?? new Set<string>();
  for (const channel of channels) known.add(channel);
  packed.set(id.key, known);
}
