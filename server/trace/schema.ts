import { z } from 'zod';
import { gln, gtin } from '#chaincode/model/product.ts';
import { packName, recallId } from '#chaincode/model/trace.ts';

/** What the authority and the holders read of the supply chain. */

/** Days, both included (UTC, by the events' own times). */
export const flowFilter = z.object({
  from: z.iso.date(),
  to: z.iso.date(),
  gtin: gtin.optional(),
  site: gln.optional(),
});
export type FlowFilter = z.infer<typeof flowFilter>;

export const stockFilter = z.object({ gtin: gtin.optional(), site: gln.optional() });
export type StockFilter = z.infer<typeof stockFilter>;

export const triageStates = ['new', 'suspect', 'investigated', 'illegitimate', 'reported', 'closed'] as const;
export type TriageState = (typeof triageStates)[number];
export const alertRules = [
  'duplicateSerial',
  'impossibleTravel',
  'brokenCustody',
  'expiredOrRecalled',
  'excursion',
  'unusualVolume',
  'partialReceipt',
] as const;
export const alertLevels = ['critical', 'serious', 'notice'] as const;

export const alertFilter = z.object({
  /** All that are neither closed nor put right by themselves where left out. */
  state: z.enum(triageStates).optional(),
  rule: z.enum(alertRules).optional(),
  level: z.enum(alertLevels).optional(),
  gtin: gtin.optional(),
  site: gln.optional(),
  /** As the page before has answered it. */
  cursor: z.string().max(80).optional(),
  limit: z.int().min(1).max(200).default(50),
});
export type AlertFilter = z.input<typeof alertFilter>;

export const somePack = packName;
export const someRecall = z.object({ id: recallId });

export const savedView = z.object({
  page: z.string().regex(/^[a-z][a-z0-9/-]{0,80}$/),
  name: z.string().trim().min(1).max(60),
});
export const saveView = savedView.extend({ query: z.string().max(2_000) });
export interface SavedView {
  page: string;
  name: string;
  /** Query string of the page, without `?`. */
  query: string;
}

export interface PlaceView {
  /** GLN; empty where no event said a place. */
  gln: string;
  name: string;
  /** `kind` as the registry has it; empty where it is not known. */
  institution: { id: string; name: string; kind: string };
  latitude: number | null;
  longitude: number | null;
}

export interface SupplyOverview {
  /** Packs by state; `transit`: active and on their way. */
  packs: { state: string; packs: number }[];
  /** The last 60 days, oldest first, days without any left out. */
  days: { day: string; made: number; moved: number; dispensed: number; lost: number }[];
  /** Packs taken out of stock for patients that were found in order, and attempts that were not, of 30 days and of the 30 before. */
  verified: { accepted: number; refused: number; acceptedBefore: number; refusedBefore: number };
  alerts: { level: string; open: number }[];
  /** Notices to be given, the first due first; ISO 8601. */
  noticesDue: string[];
  recallsActive: number;
}

export interface FlowView {
  flows: { kind: string; from: string; to: string; packs: number }[];
  places: PlaceView[];
}

export interface StockRow {
  site: string;
  holder: string;
  gtin: string;
  /** Active here and not expired. */
  usable: number;
  transit: number;
  quarantined: number;
  expired: number;
  /** Usable packs of batches that expire within 90 days. */
  expiring: number;
  /** Packs a day, as the forecast counts them. */
  daily: number;
  /** Usable packs over `daily`; null where nothing is dispensed. */
  daysLeft: number | null;
}
export interface StockView {
  rows: StockRow[];
  places: PlaceView[];
  products: { gtin: string; name: string }[];
}

/** A product, in all places that the reader sees. */
export interface ShortageRow {
  gtin: string;
  name: string;
  usable: number;
  transit: number;
  daily: number;
  daysLeft: number | null;
  /** Places with packs for fewer than `shortDays`. */
  placesShort: number;
  places: number;
}

export interface AlertView {
  id: string;
  rule: string;
  level: string;
  state: TriageState;
  /** ISO 8601, as all instants here. */
  at: string;
  gtin: string | null;
  product: string | null;
  serial: string | null;
  batch: string | null;
  sscc: string | null;
  site: PlaceView | null;
  party: { id: string; name: string };
  packs: number;
  facts: Record<string, string | number>;
  resolvedAt: string | null;
  /** When the notice is due, while it is determined and not reported. */
  noticeDueAt: string | null;
  /** Of the triage; 0 where nobody has looked at it. */
  version: number;
  channel: string;
  block: number;
}
export interface AlertPage {
  alerts: AlertView[];
  /** For the next page; null at the end. */
  cursor: string | null;
}

export interface RecallView {
  id: string;
  gtin: string;
  product: string;
  batches: string[] | null;
  serials: { from: string; to: string }[] | null;
  reason: string;
  level: string;
  by: { id: string; name: string };
  startedAt: string;
  startedBlock: number;
  endedAt: string | null;
  channel: string;
  transactionId: string;
}
export interface RecallCoverage {
  recall: RecallView;
  sites: {
    place: PlaceView;
    /** Could still be dispensed here, but that the ledger refuses it. */
    waiting: number;
    /** Quarantined, destroyed, decommissioned, or back with the maker. */
    secured: number;
    transit: number;
    dispensed: number;
    stolen: number;
  }[];
  packs: { covered: number; secured: number; waiting: number; dispensed: number; unaccounted: number };
  /** Packs on their way or stolen: nobody answers for where they are. At most 200. */
  unaccounted: { gtin: string; serial: string; batch: string; holder: string; state: string }[];
}

/** What the first screen of the authority shows: stock by place of what is asked for, places and products all that have any. */
export interface Dashboard {
  overview: SupplyOverview;
  flows: FlowView;
  stock: StockView;
  shortages: ShortageRow[];
  /** The newest that are open. */
  alerts: AlertView[];
  /** Those in force. */
  recalls: RecallCoverage[];
  views: SavedView[];
}

export interface StoryEvent {
  at: string;
  zoneOffset: string;
  recordedAt: string;
  type: string;
  action: string | null;
  bizStep: string | null;
  disposition: string | null;
  outcome: string;
  code: string | null;
  detail: string | null;
  declaration: boolean;
  party: { id: string; name: string };
  by: string;
  destination: { id: string; name: string } | null;
  place: PlaceView | null;
  /** Container through which it is the pack's story; null where the event names the pack. */
  through: string | null;
  channel: string;
  block: number;
  transactionId: string;
  hash: string;
}
export interface PackStory {
  gtin: string;
  serial: string;
  product: { name: string; maker: { id: string; name: string } } | null;
  /** Null for a number that nobody commissioned. */
  pack: {
    batch: string;
    expiry: string;
    state: string;
    holder: { id: string; name: string };
    place: PlaceView | null;
    shippedTo: { id: string; name: string } | null;
    /** SSCCs around it, the innermost first. */
    containers: string[];
    excursions: number;
  } | null;
  events: StoryEvent[];
  recalls: RecallView[];
  alerts: AlertView[];
}
