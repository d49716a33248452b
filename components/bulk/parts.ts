import type { Plan } from '#components/supply/compose.ts';
import { bundlesOf, type Part } from '#epcis/bundles.ts';
import { type EpcisEvent, epcsOf, eventSchema } from '#epcis/event.ts';
import { channelsOf, notePacking, partOf, splittable, thingsOf } from '#epcis/split.ts';
import { identifierOf } from '#gs1/uri.ts';
import type { SupplyBasics } from '#server/supply/schema.ts';
import type { Entry } from './entry.ts';

/** What of an entry goes to one channel. */
export interface EntryPart extends Part {
  /** Index of the entry. */
  entry: number;
  event: EpcisEvent;
}

/** Cases that events name, whose channels the ledgers are asked for. */
export function casesOf(events: readonly EpcisEvent[]): string[] {
  const named = events.flatMap((event) => epcsOf(event)).map(({ epc }) => identifierOf(epc));
  return [...new Set(named.flatMap((id) => (id?.type === 'sscc' ? [id.key] : [])))];
}

/**
 * The transactions of entries in their order, and which part of which entry each event of them is. An event goes to the channels
 * of what it names, each with its own packs, as a partner's system's does.
 * @param recorded channels that have something of a case by now
 */
export async function transactionsOf(
  entries: readonly Entry[],
  { products, channels }: Pick<SupplyBasics, 'products' | 'channels'>,
  recorded: ReadonlyMap<string, readonly string[]>,
): Promise<{ plan: Plan[]; parts: EntryPart[][] }> {
  const [anywhere] = channels;
  if (anywhere === undefined) return { plan: [], parts: [] };
  const packed = new Map<string, Set<string>>();
  const where = {
    anywhere,
    product: async (gtin: string) => products.find((product) => product.gtin === gtin)?.channel,
    container: async (sscc: string) =>
      [...new Set([...(recorded.get(sscc) ?? []), ...(packed.get(sscc) ?? [])])].sort(),
  };
  const all: EntryPart[] = [];
  for (const [entry, { event }] of entries.entries()) {
    const whole = splittable.parse(event);
    const own = await channelsOf(whole, where);
    for (const channel of own) {
      const part = eventSchema.parse(await partOf(whole, channel, own, where));
      const names = thingsOf(splittable.parse(part)).length + 1;
      all.push({ entry, channel, event: part, text: JSON.stringify(part), names });
    }
    notePacking(whole, own, packed);
  }
  const parts = bundlesOf(all).flatMap((bundle) =>
    [...new Set(bundle.map(({ channel }) => channel))].map((channel) =>
      bundle.filter((part) => part.channel === channel),
    ),
  );
  return {
    parts,
    plan: parts.map((own) => ({ channel: own[0]?.channel ?? anywhere, events: own.map(({ event }) => event) })),
  };
}
