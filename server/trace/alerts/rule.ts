import type { Fact } from '../../supplyIndexer/fact.ts';
import type { Item, ShipmentRow, SiteRow } from '../../supplyIndexer/state.ts';
import { partsOf } from '../../supplyIndexer/tally.ts';

export const alertLevels = ['critical', 'serious', 'notice'] as const;
export type AlertLevel = (typeof alertLevels)[number];

/** Something that an event names, as it was before the event; in a container, with the container's custody. */
export interface Subject {
  item: Item;
  /** The pack's or container's own state, or that of a container around it that is not active. */
  state: string;
  holder: string;
  site: string | null;
  shippedTo: string | null;
  seenSite: string | null;
  seenAt: Date | null;
  packs: number;
}

/** What an accepted event did that rules ask about. */
export interface Effects {
  /** Shipments of which something was received. */
  receipts: ShipmentRow[];
  /** Packs taken out of stock for patients. */
  dispensed: { site: string; gtin: string; packs: number }[];
}

/** An event that was applied, with what a rule may look at. */
export interface Judged {
  fact: Fact;
  subjects: Subject[];
  effects: Effects;
  siteOf(gln: string): SiteRow | undefined;
  /** Packs of a product taken out of stock at a place on a day, by the events up to this one. */
  packsDispensed(site: string, gtin: string, day: string): number;
}

/** What a rule found in an event. */
export interface Finding {
  /** What it is one alert for, however often it is found; the event where left out. */
  key?: string;
  /** The one subject that it is about, where it is one. */
  subject?: { gtin?: string; serial?: string; batch?: string; sscc?: string };
  packs: number;
  site: string | null;
  /** What the words on the screen need. */
  facts: Record<string, string | number>;
}

/** One kind of alert. It is a function of the event and of what came before it on its channel, and asks no clock. */
export interface Rule {
  id: string;
  level: AlertLevel;
  description: string;
  /** Regulation or standard that it follows. */
  source: string;
  judge(judged: Judged): Finding[];
  /** Keys of alerts that an event puts right. */
  settle?(judged: Judged): string[];
}

/** What stands in an alert of the things that an event names: one by its number, several by how many. */
export function about({ fact, subjects }: Pick<Judged, 'fact' | 'subjects'>): Pick<Finding, 'subject' | 'packs'> {
  const things = fact.named.flatMap(({ thing }) => thing ?? []);
  const [first] = things;
  const packs = subjects.reduce((sum, subject) => sum + subject.packs, 0);
  const known = packs === 0 ? things.filter(({ kind }) => kind === 'pack').length : packs;
  const inside = subjects.flatMap(({ item }) => (item.kind === 'container' ? Object.keys(item.row.contents) : []));
  const gtins = new Set([
    ...things.flatMap((thing) => (thing.kind === 'pack' ? thing.gtin : [])),
    ...inside.map((key) => partsOf(key).gtin),
  ]);
  const [gtin] = gtins;
  const product = gtins.size === 1 && gtin !== undefined ? { gtin } : {};
  if (things.length !== 1 || first === undefined) return { packs: known, subject: product };
  if (first.kind === 'container') return { packs: known, subject: { ...product, sscc: first.sscc } };
  const [row] = subjects.map(({ item }) => item.row);
  const batch = row !== undefined && 'batch' in row ? { batch: row.batch } : {};
  return { packs: known, subject: { gtin: first.gtin, serial: first.serial, ...batch } };
}
