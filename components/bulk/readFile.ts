import type { Names } from '#components/signing/wordsOf.ts';
import type { Plan } from '#components/supply/compose.ts';
import { namesOf } from '#components/supply/names.ts';
import { expectData } from '#components/vault/errors.ts';
import { canonicalEvent } from '#epcis/canonical.ts';
import { type EpcisEvent, eventSchema } from '#epcis/event.ts';
import { t } from '#messages/en.ts';
import { checkFile, lookUp } from '#server/supply/actions.ts';
import {
  type FileFaults,
  type Item,
  itemKey,
  type Looked,
  largestFile,
  mostItems,
  type SupplyBasics,
} from '#server/supply/schema.ts';
import type { BulkFile } from './entry.ts';
import { eventsOf } from './lineEvents.ts';
import { casesOf, type EntryPart, transactionsOf } from './parts.ts';
import { mostLines, readTable } from './table.ts';

/** A file that was looked at: what it asks to record, or why it is refused as a whole. */
export type ReadFile =
  | { state: 'refused'; name: string; faults: FileFaults }
  | { state: 'large'; name: string }
  | { state: 'ready'; file: BulkFile; plan: Plan[]; parts: EntryPart[][]; names: Names };

/** Looks at a file, and asks the ledgers about what it names. Throws what asking throws. */
export async function readFile(chosen: File, basics: SupplyBasics, site: string): Promise<ReadFile> {
  const { name } = chosen;
  if (chosen.size > largestFile) return { state: 'large', name };
  const content = await chosen.text();
  if (/\.csv$/i.test(name) || !/^\s*[[{]/.test(content.replace(/^\uFEFF/, ''))) {
    return readLines(name, content, basics, site);
  }
  const faults = expectData(await checkFile({ text: content }));
  if (faults.count > 0) return { state: 'refused', name, faults };
  const entries = documentEvents(JSON.parse(content.replace(/^\uFEFF/, ''))).map((event, index) => ({
    ...{ places: [index + 1], event },
  }));
  const cases = casesOf(entries.map(({ event }) => event)).map((sscc): Item => ({ kind: 'container', sscc }));
  return ready({ name, kind: 'event', entries, leftOut: [] }, basics, await askAll(cases));
}

async function readLines(name: string, content: string, basics: SupplyBasics, site: string): Promise<ReadFile> {
  const refused = (message: string): ReadFile => ({
    ...{ state: 'refused', name, faults: { count: 1, faults: [{ pointer: '', message }] } },
  });
  const table = readTable(content);
  if (table === null) return refused(t.bulk.noColumns);
  if (table.lines.length + table.leftOut.length > mostLines) return refused(t.bulk.tooMany(String(mostLines)));
  const cases = table.lines.flatMap(({ sscc }): Item[] => (sscc === undefined ? [] : [{ kind: 'container', sscc }]));
  const looked = await askAll([...table.lines.map(({ item }) => item), ...cases]);
  const known = { basics, site, looked: (item: Item) => looked.get(itemKey(item)), now: Date.now() };
  const { entries, leftOut } = eventsOf(table.lines, known);
  return ready({ name, kind: 'line', entries, leftOut: [...table.leftOut, ...leftOut] }, basics, looked);
}

async function ready(file: BulkFile, basics: SupplyBasics, looked: ReadonlyMap<string, Looked>): Promise<ReadFile> {
  const recorded = new Map(
    [...looked.values()].flatMap(({ item, channels }) => (item.kind === 'container' ? [[item.sscc, channels]] : [])),
  );
  const { plan, parts } = await transactionsOf(file.entries, basics, recorded);
  return { state: 'ready', file, plan, parts, names: namesOf(basics) };
}

/** What the ledgers say of things, each asked for once. */
async function askAll(items: readonly Item[]): Promise<Map<string, Looked>> {
  const once = [...new Map(items.map((item) => [itemKey(item), item])).values()];
  const found = new Map<string, Looked>();
  for (let start = 0; start < once.length; start += mostItems) {
    const looked = expectData(await lookUp({ items: once.slice(start, start + mostItems) }));
    for (const each of looked) found.set(itemKey(each.item), each);
  }
  return found;
}

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members => typeof value === 'object' && value !== null;
const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);

/** Events of a document without faults, as the ledgers keep them. */
function documentEvents(json: unknown): EpcisEvent[] {
  const body = member(json, 'epcisBody');
  const list = member(body, 'eventList') ?? member(member(member(body, 'queryResults'), 'resultsBody'), 'eventList');
  const context = Array.isArray(list) ? member(json, '@context') : undefined;
  return (Array.isArray(list) ? list : [json]).map((event) => canonicalEvent(eventSchema.parse(event), context));
}
