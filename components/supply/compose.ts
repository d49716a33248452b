import type { EpcisEvent } from '#epcis/event.ts';
import { writeDigitalLink } from '#gs1/digitalLink.ts';
import { identifier } from '#gs1/identifier.ts';
import type { Item } from '#server/supply/schema.ts';

/** EPCIS 2.0 events of what people do on these screens, in the canonical form: Digital Links and bare CBV terms. */

/** Who does something, where and when. */
export interface Occasion {
  /** GLN of the institution's place. */
  site: string;
  at: Date;
}

/** So many packs one event of commissioning names. */
const packsPerEvent = 1_000;

export const packUri = (gtin: string, serial: string): string => writeDigitalLink(identifier('sgtin', gtin, serial));
export const caseUri = (sscc: string): string => writeDigitalLink(identifier('sscc', sscc));
export const uriOf = (item: Item): string =>
  item.kind === 'pack' ? packUri(item.gtin, item.serial) : caseUri(item.sscc);
const placeUri = (gln: string): string => writeDigitalLink(identifier('sgln', gln));
const partyUri = (gln: string): string => writeDigitalLink(identifier('pgln', gln));

/** The offset of a place's clock from UTC, as the browser's is set: `+01:00`. */
export function zoneOffset(at: Date, minutesBehind = at.getTimezoneOffset()): string {
  const ahead = -minutesBehind;
  const two = (value: number) => String(Math.trunc(value)).padStart(2, '0');
  return `${ahead < 0 ? '-' : '+'}${two(Math.abs(ahead) / 60)}:${two(Math.abs(ahead) % 60)}`;
}

const when = ({ at }: Occasion) => ({
  eventID: `urn:uuid:${crypto.randomUUID()}`,
  eventTime: at.toISOString(),
  eventTimeZoneOffset: zoneOffset(at),
});
const where = ({ site }: Occasion) => ({ readPoint: { id: placeUri(site) }, bizLocation: { id: placeUri(site) } });

/** Brings packs of one batch into being; a large batch in several events. */
export function commissionEvents(
  occasion: Occasion,
  made: { gtin: string; serials: readonly string[]; batch: string; expiry: string },
): EpcisEvent[] {
  const events: EpcisEvent[] = [];
  for (let start = 0; start < made.serials.length; start += packsPerEvent) {
    events.push({
      type: 'ObjectEvent',
      ...when(occasion),
      action: 'ADD',
      epcList: made.serials.slice(start, start + packsPerEvent).map((serial) => packUri(made.gtin, serial)),
      bizStep: 'commissioning',
      disposition: 'active',
      ...where(occasion),
      ilmd: { 'cbvmda:lotNumber': made.batch, 'cbvmda:itemExpirationDate': made.expiry },
    });
  }
  return events;
}

/** Puts things into a case, or takes them out. */
export const packing =
  (occasion: Occasion, sscc: string, step: 'packing' | 'unpacking') =>
  (children: string[]): EpcisEvent => ({
    type: 'AggregationEvent',
    ...when(occasion),
    action: step === 'packing' ? 'ADD' : 'DELETE',
    parentID: caseUri(sscc),
    childEPCs: children,
    bizStep: step,
    disposition: 'in_progress',
    ...where(occasion),
  });

/** Sends things to a place of another institution. */
export const shipping =
  (occasion: Occasion, to: string, returned: boolean) =>
  (epcList: string[]): EpcisEvent => ({
    type: 'ObjectEvent',
    ...when(occasion),
    action: 'OBSERVE',
    epcList,
    bizStep: 'shipping',
    disposition: returned ? 'returned' : 'in_transit',
    readPoint: { id: placeUri(occasion.site) },
    sourceList: [
      { type: 'possessing_party', source: partyUri(occasion.site) },
      { type: 'location', source: placeUri(occasion.site) },
    ],
    destinationList: [
      { type: 'possessing_party', destination: partyUri(to) },
      { type: 'location', destination: placeUri(to) },
    ],
  });

/** Why something of a shipment was not received. */
export const shortfallReasons = ['missing', 'damaged', 'wrongGoods', 'documents'] as const;
export type ShortfallReason = (typeof shortfallReasons)[number];

/** Takes over what has arrived; with it goes the receiver's word about what has not. */
export const receiving =
  (occasion: Occasion, shipment?: string, shortfall: readonly { epc: string; reason: ShortfallReason }[] = []) =>
  (epcList: string[]): EpcisEvent => ({
    type: 'ObjectEvent',
    ...(shortfall.length > 0 && { '@context': [{ medloom: 'https://medloom.example/epcis/' }] }),
    ...when(occasion),
    action: 'OBSERVE',
    epcList,
    bizStep: 'receiving',
    disposition: 'in_progress',
    ...where(occasion),
    ...(shipment !== undefined && { bizTransactionList: [{ type: 'desadv', bizTransaction: shipment }] }),
    ...(shortfall.length > 0 && {
      'medloom:shortfall': shortfall.map(({ epc, reason }) => ({ 'medloom:epc': epc, 'medloom:reason': reason })),
    }),
  });

/** What a holder says of packs besides moving them. */
export const changes = {
  hold: { action: 'OBSERVE', bizStep: 'holding', disposition: 'non_sellable_other' },
  release: { action: 'OBSERVE', bizStep: 'storing', disposition: 'sellable_accessible' },
  decommission: { action: 'DELETE', bizStep: 'decommissioning', disposition: 'inactive' },
  destroy: { action: 'DELETE', bizStep: 'destroying', disposition: 'destroyed' },
  steal: { action: 'OBSERVE', bizStep: 'inspecting', disposition: 'stolen' },
} as const;
export type Change = keyof typeof changes;

export const changing =
  (occasion: Occasion, change: Change) =>
  (epcList: string[]): EpcisEvent => ({
    type: 'ObjectEvent',
    ...when(occasion),
    ...changes[change],
    epcList,
    ...where(occasion),
  });

/** The same event, said not to have happened: that is how a decommissioning is undone. */
export const undone = (event: EpcisEvent, at: Date): EpcisEvent => ({
  ...event,
  errorDeclaration: { declarationTime: at.toISOString(), reason: 'did_not_occur' },
});

/** What is captured on one channel. */
export interface Plan {
  channel: string;
  events: EpcisEvent[];
}

/**
 * One event for each channel, with what is traced there, all under one id: a container with products of several chains is on
 * each of them.
 */
export function planOf(
  things: readonly { uri: string; channels: readonly string[] }[],
  build: (uris: string[]) => EpcisEvent,
): Plan[] {
  const byChannel = new Map<string, string[]>();
  for (const { uri, channels } of things)
    for (const channel of channels) byChannel.set(channel, [...(byChannel.get(channel) ?? []), uri]);
  const whole = build([]);
  return [...byChannel].sort().map(([channel, uris]) => ({
    channel,
    events: [{ ...build(uris), eventID: whole.eventID }],
  }));
}
