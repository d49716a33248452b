import type { EpcisEvent } from '#epcis/event.ts';
import { eventHash } from '#epcis/hash.ts';
import * as write from '#epcis/write.ts';
import type { Item, RecordKey } from '#server/supply/schema.ts';

/** EPCIS events of what people do on these screens, and on which channel each is captured. */

/** So many packs one event of commissioning names. */
const packsPerEvent = 1_000;

/** What the ledger knows an event by. */
export const recordKeyOf = (event: EpcisEvent): RecordKey => ({
  hash: eventHash(event),
  ...(event.errorDeclaration !== undefined && { declaration: true }),
});

/** The event again, with the hash of what it is now as its id. */
const named = <Event extends EpcisEvent>(event: Event): Event => ({ ...event, eventID: eventHash(event) });

/** The offset of the browser's clock from UTC, as events keep it: `+01:00`. */
export function zoneOffset(at: Date, minutesBehind = at.getTimezoneOffset()): string {
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  const minutes = Math.abs(minutesBehind);
  return `${minutesBehind > 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}

/** Now, at a place of the institution. */
export function occasionAt(site: string, at = new Date()): write.Occasion {
  return { site, at, timeZoneOffset: zoneOffset(at) };
}

/** Brings packs of one batch into being; a large batch in several events. */
export function commissionEvents(
  occasion: write.Occasion,
  made: { gtin: string; serials: readonly string[]; batch: string; expiry: string },
): EpcisEvent[] {
  const events: EpcisEvent[] = [];
  for (let start = 0; start < made.serials.length; start += packsPerEvent) {
    events.push(write.commissioned(occasion, { ...made, serials: made.serials.slice(start, start + packsPerEvent) }));
  }
  return events;
}

/** What is done with things, whichever of them a channel has. */
export type Deed = (items: readonly Item[]) => EpcisEvent;

/** Sends things to a place of another institution. */
export const shipping =
  (occasion: write.Occasion, to: string, returned: boolean): Deed =>
  (items) => {
    const event = write.shipped(occasion, items, { from: occasion.site, to, toSite: to });
    return returned ? named({ ...event, disposition: 'returned' }) : event;
  };

/** Why something of a shipment was not received. */
export const shortfallReasons = ['missing', 'damaged', 'wrongGoods', 'documents'] as const;
export type ShortfallReason = (typeof shortfallReasons)[number];

/** Takes over what has arrived; with it goes the receiver's word about what has not. */
export const receiving =
  (occasion: write.Occasion, shortfall: readonly { item: Item; reason: ShortfallReason }[] = []): Deed =>
  (items) => {
    const event = write.received(occasion, items);
    if (shortfall.length === 0) return event;
    return named({
      ...event,
      '@context': [{ medloom: 'https://medloom.example/epcis/' }],
      'medloom:shortfall': shortfall.map(({ item, reason }) => ({
        'medloom:epc': write.itemUri(item),
        'medloom:reason': reason,
      })),
    });
  };

/** What a holder says of packs besides moving them. */
export const changes = {
  hold: write.held,
  release: write.released,
  decommission: write.decommissioned,
  destroy: write.destroyed,
  steal: write.stolen,
} as const;
export type Change = keyof typeof changes;

/** What is captured on one channel. */
export interface Plan {
  channel: string;
  events: EpcisEvent[];
}

/**
 * One event for each channel, with what is traced there, all under one id: a container with products of several chains is on
 * each of them.
 */
export function planOf(things: readonly { item: Item; channels: readonly string[] }[], deed: Deed): Plan[] {
  const byChannel = new Map<string, Item[]>();
  for (const { item, channels } of things)
    for (const channel of channels) byChannel.set(channel, [...(byChannel.get(channel) ?? []), item]);
  const { eventID } = deed(things.map(({ item }) => item));
  return [...byChannel]
    .sort(([a], [b]) => a.localeCompare(b))
    .map(([channel, items]) => ({ channel, events: [{ ...deed(items), eventID }] }));
}

/** The events of one channel are signed together. */
export function merged(plans: readonly Plan[]): Plan[] {
  const byChannel = new Map<string, Plan>();
  for (const { channel, events } of plans) {
    byChannel.set(channel, { channel, events: [...(byChannel.get(channel)?.events ?? []), ...events] });
  }
  return [...byChannel.values()];
}
