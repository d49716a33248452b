import { writeDigitalLink } from '../gs1/digitalLink.ts';
import type { Identifier } from '../gs1/identifier.ts';
import type { EpcisEvent, SensorReport } from './event.ts';
import { eventHash } from './hash.ts';
import { epcisContext } from './namespaces.ts';
import type { BizStep, Disposition } from './vocabulary.ts';

/**
 * Events of the supply of medicines, in canonical form: identifiers as Digital Links, terms bare, and their hash as
 * event ID.
 */

/** When and where something happened. */
export interface Occasion {
  at: Date;
  /** Of the place: `+01:00`. */
  timeZoneOffset: string;
  /** GLN of the place. */
  site: string;
}

/** A pack or a container. */
export type Item = { gtin: string; serial: string } | { sscc: string };

type Of<Type extends EpcisEvent['type']> = Extract<EpcisEvent, { type: Type }>;

export const placeUri = (gln: string): string => writeDigitalLink({ type: 'sgln', key: gln, part: '' });
/** @param gln of the party, or of one of its places */
export const partyUri = (gln: string): string => writeDigitalLink({ type: 'pgln', key: gln, part: '' });

export function itemUri(item: Item): string {
  const id: Identifier =
    'sscc' in item ? { type: 'sscc', key: item.sscc, part: '' } : { type: 'sgtin', key: item.gtin, part: item.serial };
  return writeDigitalLink(id);
}

/** The event with its hash as ID. */
function named<Event extends EpcisEvent>(event: Event): Event {
  return { ...event, eventID: eventHash(event) };
}

const times = ({ at, timeZoneOffset }: Occasion) => ({
  eventTime: at.toISOString(),
  eventTimeZoneOffset: timeZoneOffset,
});
const here = ({ site }: Occasion) => ({ readPoint: { id: placeUri(site) }, bizLocation: { id: placeUri(site) } });

function objectEvent(
  occasion: Occasion,
  items: readonly Item[],
  what: { action: 'OBSERVE' | 'DELETE'; bizStep: BizStep; disposition?: Disposition },
  more: Partial<Of<'ObjectEvent'>> = {},
): Of<'ObjectEvent'> {
  const epcList = items.map(itemUri);
  return named({ type: 'ObjectEvent', ...times(occasion), epcList, ...what, ...here(occasion), ...more });
}

/** The prefix is declared by the event itself, so that its hash is the same wherever it stands. */
const masterData = [epcisContext, { cbvmda: 'urn:epcglobal:cbv:mda:' }];

/** Batch and expiry as ILMD; `expiry` is the last day of use, `2029-01-31`. */
const ilmd = (batch: string, expiry: string) => ({
  'cbvmda:lotNumber': batch,
  'cbvmda:itemExpirationDate': expiry,
});

/** Packs of one batch come into being. */
export function commissioned(
  occasion: Occasion,
  { gtin, serials, batch, expiry }: { gtin: string; serials: readonly string[]; batch: string; expiry: string },
): Of<'ObjectEvent'> {
  return named({
    '@context': masterData,
    type: 'ObjectEvent',
    ...times(occasion),
    epcList: serials.map((serial) => itemUri({ gtin, serial })),
    action: 'ADD',
    bizStep: 'commissioning',
    disposition: 'active',
    ...here(occasion),
    ilmd: ilmd(batch, expiry),
  });
}

/** Packs and containers go into a container. */
export function packed(occasion: Occasion, sscc: string, items: readonly Item[]): Of<'AggregationEvent'> {
  return named({
    type: 'AggregationEvent',
    ...times(occasion),
    action: 'ADD',
    parentID: itemUri({ sscc }),
    childEPCs: items.map(itemUri),
    bizStep: 'packing',
    disposition: 'in_progress',
    ...here(occasion),
  });
}

/** They come out of it; without `items`, all that is in it. */
export function unpacked(occasion: Occasion, sscc: string, items: readonly Item[] = []): Of<'AggregationEvent'> {
  return named({
    type: 'AggregationEvent',
    ...times(occasion),
    action: 'DELETE',
    parentID: itemUri({ sscc }),
    ...(items.length === 0 ? {} : { childEPCs: items.map(itemUri) }),
    bizStep: 'unpacking',
    disposition: 'in_progress',
    ...here(occasion),
  });
}

export interface Shipment {
  /** GLN of the party that gives them away. */
  from: string;
  /** GLN of the party that gets them. */
  to: string;
  /** GLN of the place to which they go, where that is known. */
  toSite?: string;
  /** Number of the despatch advice, as a URI. */
  despatchAdvice?: string;
}

/** They leave for another party. From then on they are in no place, so that none is named as theirs. */
export function shipped(occasion: Occasion, items: readonly Item[], shipment: Shipment): Of<'ObjectEvent'> {
  const { from, to, toSite, despatchAdvice } = shipment;
  return named({
    type: 'ObjectEvent',
    ...times(occasion),
    epcList: items.map(itemUri),
    action: 'OBSERVE',
    bizStep: 'shipping',
    disposition: 'in_transit',
    readPoint: { id: placeUri(occasion.site) },
    ...(despatchAdvice === undefined
      ? {}
      : { bizTransactionList: [{ type: 'desadv', bizTransaction: despatchAdvice }] }),
    sourceList: [
      { type: 'possessing_party', source: partyUri(from) },
      { type: 'location', source: placeUri(occasion.site) },
    ],
    destinationList: [
      { type: 'possessing_party', destination: partyUri(to) },
      ...(toSite === undefined ? [] : [{ type: 'location', destination: placeUri(toSite) }]),
    ],
  });
}

/** They arrive at the party to which they were shipped. @param from GLN of the party that shipped them */
export function received(occasion: Occasion, items: readonly Item[], from?: string): Of<'ObjectEvent'> {
  const sources = from === undefined ? {} : { sourceList: [{ type: 'possessing_party', source: partyUri(from) }] };
  return objectEvent(occasion, items, { action: 'OBSERVE', bizStep: 'receiving', disposition: 'in_progress' }, sources);
}

/** They leave the supply chain; until they are handed over, that can be undone by `didNotOccur`. */
export function decommissioned(occasion: Occasion, items: readonly Item[]): Of<'ObjectEvent'> {
  return objectEvent(occasion, items, { action: 'DELETE', bizStep: 'decommissioning', disposition: 'inactive' });
}

/** They are handed over to a patient, for good. */
export function dispensed(occasion: Occasion, items: readonly Item[]): Of<'ObjectEvent'> {
  return objectEvent(occasion, items, { action: 'DELETE', bizStep: 'dispensing', disposition: 'dispensed' });
}

/** They are set apart: damaged, expired, recalled, or for any other reason not to be sold. */
export function held(
  occasion: Occasion,
  items: readonly Item[],
  disposition: 'non_sellable_other' | 'damaged' | 'expired' | 'recalled' | 'non_conformant' = 'non_sellable_other',
): Of<'ObjectEvent'> {
  return objectEvent(occasion, items, { action: 'OBSERVE', bizStep: 'holding', disposition });
}

/** What was set apart may be sold again. */
export function released(occasion: Occasion, items: readonly Item[]): Of<'ObjectEvent'> {
  return objectEvent(occasion, items, { action: 'OBSERVE', bizStep: 'storing', disposition: 'sellable_accessible' });
}

/** They are destroyed. */
export function destroyed(occasion: Occasion, items: readonly Item[]): Of<'ObjectEvent'> {
  return objectEvent(occasion, items, { action: 'DELETE', bizStep: 'destroying', disposition: 'destroyed' });
}

/** They were looked at and are not what the records say: set apart where they are the holder's. */
export function doubted(occasion: Occasion, items: readonly Item[]): Of<'ObjectEvent'> {
  return objectEvent(occasion, items, {
    action: 'OBSERVE',
    bizStep: 'inspecting',
    disposition: 'no_pedigree_match',
  });
}

/** They are missed, and taken for stolen. */
export function stolen(occasion: Occasion, items: readonly Item[]): Of<'ObjectEvent'> {
  return objectEvent(occasion, items, { action: 'OBSERVE', bizStep: 'inspecting', disposition: 'stolen' });
}

/** What a sensor measured where they were, in the time from `from` to the occasion. */
export function measured(
  occasion: Occasion,
  items: readonly Item[],
  { from, device, reports }: { from: Date; device?: string; reports: readonly SensorReport[] },
): Of<'ObjectEvent'> {
  const sensorMetadata = {
    startTime: from.toISOString(),
    endTime: occasion.at.toISOString(),
    ...(device === undefined ? {} : { deviceID: device }),
  };
  const sensorElementList = [{ sensorMetadata, sensorReport: [...reports] }];
  return objectEvent(occasion, items, { action: 'OBSERVE', bizStep: 'sensor_reporting' }, { sensorElementList });
}

/** The same event, declared an error: it never happened. Its hash stays, so that everybody sees which event is meant. */
export function didNotOccur<Event extends EpcisEvent>(event: Event, at: Date): Event {
  return { ...event, errorDeclaration: { declarationTime: at.toISOString(), reason: 'did_not_occur' } };
}
