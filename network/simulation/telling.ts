import type { RecallArgument } from '#chaincode/model/trace.ts';
import type { EpcisEvent } from '#epcis/event.ts';
import { type Item, itemUri, type Occasion } from '#epcis/write.ts';
import { gtinOf, itemsOf } from './goods.ts';
import type { SimulationState, Things } from './state.ts';
import type { World } from './world.ts';

/** The rules of `server/trace/alerts/` that the simulation raises on purpose. */
export type Planted =
  | 'duplicateSerial'
  | 'impossibleTravel'
  | 'excursion'
  | 'expiredOrRecalled'
  | 'partialReceipt'
  | 'unusualVolume';

/** An event on the way to its channel. */
export interface Entry {
  channel: string;
  event: EpcisEvent;
  /** What it is about, of what is on this channel. */
  things: Things;
  /** The contract is to refuse it: somebody does what may not be done. */
  isFault: boolean;
  /** Alerts that it raises. */
  planted: Planted[];
}

/** What the systems of institutions record, and what the authority decides. */
export interface Told {
  /** By the index of the institution; each in order, and none waits for another's. */
  entries: Map<number, Entry[]>;
  /** Nothing else is told beside it. */
  recall?: { channel: string; recall: RecallArgument };
}

/** GTIN → channel, as `registry` has decided. */
export type Channels = Readonly<Record<string, string>>;

const zone = '+01:00';

/** Writes down what happens, each institution's in order. */
export class Telling {
  readonly told: Told = { entries: new Map() };
  private readonly world: World;
  private readonly state: SimulationState;
  private readonly channels: Channels;

  constructor(world: World, state: SimulationState, channels: Channels) {
    this.world = world;
    this.state = state;
    this.channels = channels;
  }

  /**
   * An event at a site about things. What is on several channels is told on each with its own things, under one event id.
   * @param planted alerts by the channel's things
   */
  tell(
    site: number,
    at: number,
    things: Things,
    write: (occasion: Occasion, items: Item[]) => EpcisEvent,
    { isFault = false, planted = () => [] }: { isFault?: boolean; planted?: (things: Things) => Planted[] } = {},
  ): void {
    const { institution, gln } = this.siteOf(site);
    const event = write({ site: gln, at: new Date(at), timeZoneOffset: zone }, this.itemsOf(things));
    const entries = this.told.entries.get(institution) ?? [];
    for (const [channel, own] of this.byChannel(things)) {
      const isWhole = own.boxes.length + own.packs.length === things.boxes.length + things.packs.length;
      const part = isWhole ? event : { ...event, epcList: this.itemsOf(own).map(itemUri) };
      entries.push({ channel, event: part, things: own, isFault, planted: planted(own) });
    }
    this.told.entries.set(institution, entries);
  }

  channelOf(lot: number): string {
    const gtin = gtinOf(this.world, this.state, lot);
    const channel = this.channels[gtin];
    if (channel === undefined) throw new Error(`The channel of ${gtin} is not known.`);
    return channel;
  }

  private itemsOf(things: Things): Item[] {
    return itemsOf(this.world, this.state, things);
  }

  private siteOf(index: number) {
    const site = this.world.sites[index];
    if (!site) throw new Error(`There is no site ${index}.`);
    return site;
  }

  private byChannel({ boxes, packs }: Things): Map<string, Things> {
    const parts = new Map<string, Things>();
    const partOf = (lot: number): Things => {
      const channel = this.channelOf(lot);
      const part = parts.get(channel) ?? { boxes: [], packs: [] };
      parts.set(channel, part);
      return part;
    };
    for (const box of boxes) partOf(box.lot).boxes.push(box);
    for (const pack of packs) partOf(pack[0]).packs.push(pack);
    return parts;
  }
}
