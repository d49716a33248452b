import type { Recall } from '#chaincode/model/trace.ts';
import { formatBirthDate, formatNumber } from '#components/ui/format.ts';
import { type EpcisEvent, epcsOf } from '#epcis/event.ts';
import { termOf } from '#epcis/vocabulary.ts';
import { identifierOf } from '#gs1/uri.ts';
import { t } from '#messages/en.ts';
import type { IntentMap } from '#server/transactions/schema.ts';
import type { Names } from './wordsOf.ts';

const text = t.traceWords;
const list = new Intl.ListFormat('en');
const named = (id: string, names: Names) => names[id] ?? id;
/** So many events are told one by one. */
const mostTold = 4;

/** Packs by product, cases, and what is neither, in words: “12 packs of Metformin and 2 cases”. */
export function thingsOf(uris: readonly string[], names: Names): string {
  const packs = new Map<string, number>();
  let cases = 0;
  let others = 0;
  for (const uri of uris) {
    const id = identifierOf(uri);
    if (id?.type === 'sgtin') packs.set(id.key, (packs.get(id.key) ?? 0) + 1);
    else if (id?.type === 'sscc') cases += 1;
    else others += 1;
  }
  const words = [...packs].map(([gtin, count]) => text.of(text.packs(count, formatNumber(count)), named(gtin, names)));
  if (cases > 0) words.push(text.cases(cases, formatNumber(cases)));
  if (others > 0) words.push(text.others(others, formatNumber(others)));
  return words.length === 0 ? text.nothing : list.format(words);
}

/** A GLN's name as the page knows it; of a party and of a place alike. */
function partyOf(uri: string | undefined, names: Names): string {
  if (uri === undefined) return '–';
  return named(identifierOf(uri)?.key ?? uri, names);
}

const memberOf = (event: EpcisEvent, name: string): string => {
  const value: unknown = 'ilmd' in event ? event.ilmd?.[name] : undefined;
  return typeof value === 'string' ? value : '–';
};

/** One event in one plain sentence. */
export function eventWords(event: EpcisEvent, names: Names): string {
  const { steps } = text;
  const step = event.bizStep === undefined ? '' : (termOf('bizStep', event.bizStep) ?? event.bizStep);
  const disposition = event.disposition === undefined ? '' : (termOf('disposition', event.disposition) ?? '');
  const inside = epcsOf(event).filter(({ role }) => role !== 'parent');
  const things = thingsOf(
    inside.map(({ epc }) => epc),
    names,
  );
  if (event.type === 'AggregationEvent') {
    const parent = partyOf(event.parentID, {});
    if (event.action === 'ADD') return steps.pack(things, parent);
    if (event.action === 'DELETE') return inside.length === 0 ? steps.empty(parent) : steps.unpack(things, parent);
  }
  if (event.type !== 'ObjectEvent') return steps.other(step || event.type, things);
  if (event.errorDeclaration !== undefined) return steps.undo(things);
  if (disposition === 'stolen') return steps.steal(things);
  if (disposition === 'no_pedigree_match') return steps.doubt(things);
  switch (step) {
    case 'commissioning': {
      const expiry = memberOf(event, 'cbvmda:itemExpirationDate');
      const shown = /^\d{4}-\d\d-\d\d$/.test(expiry) ? formatBirthDate(expiry) : expiry;
      return steps.commission(things, memberOf(event, 'cbvmda:lotNumber'), shown);
    }
    case 'shipping': {
      const to = event.destinationList?.find(({ type }) => termOf('sourceDestinationType', type) !== 'location');
      return steps[disposition === 'returned' ? 'return' : 'ship'](things, partyOf(to?.destination, names));
    }
    case 'receiving':
    case 'accepting':
      return steps.receive(things, partyOf(event.bizLocation?.id ?? event.readPoint?.id, names));
    case 'decommissioning':
      return steps.decommission(things);
    case 'dispensing':
      return steps.dispense(things);
    case 'destroying':
      return steps.destroy(things);
    case 'holding':
      return steps.hold(things);
    case 'storing':
      return disposition === 'sellable_accessible' ? steps.release(things) : steps.other(step, things);
    case 'sensor_reporting':
      return steps.sensor(things);
    default:
      return steps.other(step || event.type, things);
  }
}

/** Which packs a recall is about. */
export function recallScope({ batches, serials }: Pick<Recall, 'batches' | 'serials'>): string {
  const words = [
    ...(batches ? [text.batches(list.format(batches))] : []),
    ...(serials ? [list.format(serials.map(({ from, to }) => text.serials(from, to)))] : []),
  ];
  return words.length === 0 ? text.whole : words.join(', ');
}

type TraceKind = 'capture' | 'recall' | 'endRecall';

/** What each signature on a supply channel means in plain sentences. */
export const traceSentences: { [Kind in TraceKind]: (intent: IntentMap[Kind], names: Names) => string } = {
  capture: ({ events }, names) => {
    const shown = events.slice(0, mostTold).map((event) => eventWords(event, names));
    if (events.length > mostTold) shown.push(text.more(formatNumber(events.length - mostTold)));
    return shown.join(' ');
  },
  recall: ({ recall }, names) =>
    text.recall(named(recall.gtin, names), recallScope(recall), text.levels[recall.level], recall.reason),
  endRecall: ({ gtin }, names) => text.endRecall(named(gtin, names)),
};
