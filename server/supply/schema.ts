import { z } from 'zod';
import { gtin, type Product, type Site } from '#chaincode/model/product.ts';
import {
  type CaptureOutcome,
  eventHash,
  mostEvents,
  type Pack,
  type PackState,
  packName,
  recallArgument,
  type recallLevels,
  serialNumber,
  sscc,
  type VerifyAnswer,
  verifyArgument,
} from '#chaincode/model/trace.ts';
import type { EpcisEvent } from '#epcis/event.ts';
import { supplyChannel } from '../trace/kinds.ts';

/** What manufacturers, distributors and pharmacies see of their packs, and what they ask. */

/** A place with the name of the institution whose it is. */
export interface SiteView extends Site {
  institution: string;
}

/** What every screen of an institution needs to know: itself, its places, everybody's places, and all products. */
export interface SupplyBasics {
  institutionId: string;
  /** `manufacturer`, `distributor`, `pharmacy` … */
  kind: string;
  /** The institution's own places; the first is chosen where a screen does not ask. */
  own: SiteView[];
  /** Channels on which packs are traced; what names nothing that is traced is recorded on the first. */
  channels: string[];
  sites: SiteView[];
  products: Product[];
}

/** States of packs in stock; `transit`: active and on their way from there. */
export type StockState = PackState | 'transit';

/** Packs of one batch at one place of the institution. */
export interface StockRow {
  /** GLN; empty where no event said a place. */
  site: string;
  siteName: string;
  gtin: string;
  product: string;
  batch: string;
  /** Last day of use, `2027-06-30`; empty where it is not known. */
  expiry: string;
  packs: Partial<Record<StockState, number>>;
  /** Ids of the recalls in force that may concern the batch. */
  recalls: string[];
}

/** A shipment from or to the institution; on several chains it is one. */
export interface ShipmentView {
  shipment: string;
  channels: string[];
  from: string;
  fromSite: string;
  to: string;
  /** Packs and containers that were named, and how many of them have arrived. */
  items: number;
  received: number;
  /** Packs in all of them. */
  packs: number;
  /** ISO 8601 */
  sentAt: string;
  receivedAt?: string;
  /** A part of it was received, and a part was not. */
  partial: boolean;
}

export const packItem = z.strictObject({ kind: z.literal('pack'), gtin, serial: serialNumber });
export const caseItem = z.strictObject({ kind: z.literal('container'), sscc });
/** What a code names: one pack, or one container. */
export const item = z.discriminatedUnion('kind', [packItem, caseItem]);
export type Item = z.infer<typeof item>;

export const itemKey = (named: Item): string => (named.kind === 'pack' ? `${named.gtin}/${named.serial}` : named.sscc);

/** Packs by product and batch, as a container counts them. */
export interface ContentCount {
  gtin: string;
  product: string;
  batch: string;
  packs: number;
}

/** What the ledgers say of a pack or container right now. */
export interface Looked {
  item: Item;
  /** False where no ledger knows it. */
  known: boolean;
  /** A pack's one, a container's one or more. */
  channels: string[];
  state?: PackState;
  holder?: string;
  holderName?: string;
  /** GLN */
  site?: string;
  shippedTo?: string;
  shippedToName?: string;
  /** Containers around it, the innermost first. */
  containers: string[];
  excursions: number;
  /** Of a pack: its product, and the institution that makes it. */
  product?: string;
  maker?: string;
  batch?: string;
  expiry?: string;
  recalls: string[];
  /** Of a container. */
  contents: ContentCount[];
  /** Of a container on several chains: some have its receipt, and these channels have not. */
  partial?: true;
}

/** So many things are looked up at once. */
export const mostItems = 200;
export const lookUp = z.strictObject({ items: z.array(item).min(1).max(mostItems) });

/** What a shipment should hold: as it was sent, each with what became of it. */
export interface DeliveryView extends ShipmentView {
  expected: Looked[];
}

export const verifyPack = verifyArgument;
export interface VerifiedPack {
  answer: VerifyAnswer;
  /** What was asked for. */
  asked: z.infer<typeof verifyPack>;
  product?: string;
  maker?: string;
  /** As the ledger has the pack; undefined where nobody knows it. */
  pack?: Looked;
  /** By whom and when it was taken out of stock. */
  left?: { at: string; institution: string; step: 'decommission' | 'dispense' };
  recall?: { reason: string; level: string; startedAt: string };
  /** Proof: channel that was asked, and when. */
  channel?: string;
  askedAt: string;
}

/** What the ledger knows an event by: an error declaration has the hash of the event that it declares wrong. */
export const recordKey = z.strictObject({ hash: eventHash, declaration: z.literal(true).optional() });
export type RecordKey = z.infer<typeof recordKey>;
export const readOutcomes = z.strictObject({
  channel: supplyChannel,
  events: z.array(recordKey).min(1).max(mostEvents),
});
/** What the contract decided about each event, as far as it is recorded. */
export type Outcome = Pick<CaptureOutcome, 'hash' | 'code' | 'detail'> & { outcome: 'accepted' | 'refused' };

/** A pack as the ledger has it, and how it left stock where it has. */
export interface LeftPack {
  looked: Looked;
  left?: NonNullable<Pack['decommissioned']>;
}
/** Whether a pack's decommissioning can be taken back, for the screen to judge: the ledger decides again. */
export interface Undoable {
  asked: LeftPack;
  /** By whom and where it was taken out. */
  institution?: string;
  siteName?: string;
  /** The decommissioning; absent where there is none, or the portal has not followed the channel so far yet. */
  event?: EpcisEvent;
  /** All packs that it took out, which go back together. */
  packs: LeftPack[];
}

/** So large a file of events is looked at, and so many events of it are recorded. */
export const largestFile = 4 * 1024 * 1024;
export const mostFileEvents = 2_000;
export const checkFile = z.strictObject({ text: z.string().max(largestFile) });
/** What is wrong with a document of events: JSON pointers (RFC 6901) and words; the first so many of all. */
export interface FileFaults {
  count: number;
  faults: { pointer: string; message: string }[];
}

/** What waits for the institution, and what it has, on one screen. */
export interface SupplyToday {
  basics: SupplyBasics;
  stock: StockRow[];
  arriving: ShipmentView[];
  sent: ShipmentView[];
  recalls: RecallView[];
  excursions: ExcursionView[];
}

/** A recall with what of it the institution still has. */
export interface RecallView {
  id: string;
  gtin: string;
  product: string;
  channel: string;
  maker: string;
  batches?: string[];
  serials?: { from: string; to: string }[];
  reason: string;
  level: (typeof recallLevels)[number];
  /** Institution that started it. */
  by: string;
  startedAt: string;
  endedAt?: string;
  /** The institution started it, so that it may end it. */
  mayEnd: boolean;
  /** Packs of it in the institution's hands, by place; an upper bound where it names serials. */
  here: { site: string; siteName: string; packs: number }[];
}

/** What a recall would be about, before it is one. */
export const reachOf = recallArgument.pick({ gtin: true, batches: true, serials: true });
/** Where the packs are that a recall is about. */
export interface RecallReach {
  places: { holder: string; site: string; packs: number }[];
  withPatients: number;
}

export const somePack = packName;

/** Packs of a batch in the institution's stock, for their labels. */
export interface BatchLabels {
  gtin: string;
  product: string;
  batch: string;
  /** `2027-06-30`; empty where there is no pack. */
  expiry: string;
  serials: string[];
}

/** Packs or a container that were too warm or too cold, in the institution's hands. */
export interface ExcursionView {
  id: string;
  at: string;
  gtin?: string;
  product?: string;
  serial?: string;
  sscc?: string;
  site?: string;
  siteName?: string;
  packs: number;
  facts: Record<string, string | number>;
}
