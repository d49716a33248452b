import { changes, occasionAt, receiving, shipping } from '#components/supply/compose.ts';
import { faultOf, type Use } from '#components/supply/judge.ts';
import { faultWords } from '#components/supply/words.ts';
import type { EpcisEvent } from '#epcis/event.ts';
import * as write from '#epcis/write.ts';
import { t } from '#messages/en.ts';
import { type Item, itemKey, type Looked, type SupplyBasics } from '#server/supply/schema.ts';
import type { Entry, LeftOut } from './entry.ts';
import type { Line, LineStep } from './table.ts';

const text = t.bulk.table;
/** So many things one event names; fewer lines share the fate of one that is refused. */
const thingsPerEvent = 200;

const uses: Record<Exclude<LineStep, 'commission'>, Use> = {
  ...{ pack: 'pack', unpack: 'unpack', ship: 'ship', return: 'return', receive: 'receive' },
  ...{ hold: 'hold', release: 'release', decommission: 'decommission', destroy: 'destroy', steal: 'steal' },
};

/** What the lines are judged by. */
export interface Known {
  basics: Pick<SupplyBasics, 'institutionId' | 'kind' | 'sites' | 'products'>;
  /** GLN of the place where it was done. */
  site: string;
  /** What the ledgers say of a thing now; undefined where they were not asked. */
  looked: (item: Item) => Looked | undefined;
  now: number;
}

/**
 * Events of lines, in their order: lines that follow each other and differ by what they name alone are one event. A line is left
 * out where the ledgers would refuse it as things stand; what an earlier line has changed is left to them.
 */
export function eventsOf(lines: readonly Line[], known: Known): { entries: Entry[]; leftOut: LeftOut[] } {
  const leftOut: LeftOut[] = [];
  const groups: { lines: Line[] }[] = [];
  const touched = new Set<string>();
  for (const line of lines) {
    const why = whyNot(line, known, touched);
    for (const key of [itemKey(line.item), line.sscc ?? '']) touched.add(key);
    if (why !== undefined) {
      leftOut.push({ place: line.line, why });
      continue;
    }
    const group = groups.at(-1);
    const [first] = group?.lines ?? [];
    if (group && first && group.lines.length < thingsPerEvent && isAlike(first, line)) group.lines.push(line);
    else groups.push({ lines: [line] });
  }
  const at = new Date(known.now);
  return {
    leftOut,
    entries: groups.map(({ lines: own }) => ({
      places: own.map(({ line }) => line),
      event: eventOf(own, occasionAt(known.site, at)),
    })),
  };
}

function isAlike(one: Line, other: Line): boolean {
  const sameProduct = one.item.kind !== 'pack' || other.item.kind !== 'pack' || one.item.gtin === other.item.gtin;
  const sameRest = one.sscc === other.sscc && one.to === other.to;
  const sameBatch = one.batch === other.batch && one.expiry === other.expiry;
  return one.step === other.step && sameRest && sameBatch && (one.step !== 'commission' || sameProduct);
}

function whyNot(line: Line, { basics, looked, now }: Known, touched: ReadonlySet<string>): string | undefined {
  const { step, item, to } = line;
  if (touched.has(itemKey(item)) && step === 'commission') return text.twice;
  if (to !== undefined) {
    const place = basics.sites.find(({ gln }) => gln === to);
    if (place === undefined) return text.noSite(to);
    if (place.institutionId === basics.institutionId) return text.ownSite;
  }
  if (step === 'commission') {
    const product = item.kind === 'pack' && basics.products.find(({ gtin }) => gtin === item.gtin);
    if (!product || product.maker !== basics.institutionId) return text.notMaker;
    return looked(item)?.known ? text.exists : undefined;
  }
  const state = looked(item);
  if (state === undefined || touched.has(itemKey(item))) return undefined;
  const fault = faultOf(uses[step], state, basics.institutionId, now);
  return fault === null ? undefined : `${faultWords(fault)}.`;
}

/** The event of lines that are alike; at least one. */
function eventOf(lines: readonly Line[], occasion: write.Occasion): EpcisEvent {
  const [first] = lines;
  if (first === undefined) throw new Error('an event of no line');
  const items = lines.map(({ item }) => item);
  const { step, sscc = '', to = '', batch = '', expiry = '' } = first;
  switch (step) {
    case 'commission': {
      const packs = items.flatMap((item) => (item.kind === 'pack' ? [item] : []));
      const serials = packs.map(({ serial }) => serial);
      return write.commissioned(occasion, { gtin: packs[0]?.gtin ?? '', serials, batch, expiry });
    }
    case 'pack':
      return write.packed(occasion, sscc, items);
    case 'unpack':
      return write.unpacked(occasion, sscc, items);
    case 'ship':
    case 'return':
      return shipping(occasion, to, step === 'return')(items);
    case 'receive':
      return receiving(occasion)(items);
    default:
      return changes[step](occasion, items);
  }
}
