import { boundsFault } from './bounds.ts';
import { contextFaults, prefixFaults } from './context.ts';
import { type EpcisEvent, type EventType, eventSchema } from './event.ts';
import { type Fault, pointerOf } from './fault.ts';
import { eventFaults, eventRemarks } from './rules.ts';
import { schemaFaults } from './schemaFaults.ts';

/** Reads EPCIS 2.0 documents and single events in JSON and JSON-LD; server only, since the schema is large. */

export interface CheckedEvent {
  /** As it came, where nothing is wrong with it. */
  event?: EpcisEvent;
  /** Why it is refused; pointers lead from the start of the document. */
  faults: Fault[];
  /** What is odd about it and no reason to refuse it. */
  remarks: Fault[];
}

export interface CheckedDocument {
  kind: 'document' | 'query' | 'event';
  /** What is wrong with the document around its events. */
  faults: Fault[];
  /** JSON-LD context of the document, where prefixes of its events are declared. */
  context: unknown;
  events: CheckedEvent[];
}

type Members = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Members =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const member = (value: unknown, name: string): unknown => (isObject(value) ? value[name] : undefined);

/** Where the events of a kind of document stand. */
const paths = {
  document: ['epcisBody', 'eventList'],
  query: ['epcisBody', 'queryResults', 'resultsBody', 'eventList'],
} as const;

/** The same value with something else at the end of a path; unchanged where the path does not lead there. */
function replaced(value: unknown, [first, ...rest]: readonly string[], by: unknown): unknown {
  if (first === undefined) return by;
  return isObject(value) && first in value ? { ...value, [first]: replaced(value[first], rest, by) } : value;
}

function kindOf(value: unknown): CheckedDocument['kind'] {
  const type = member(value, 'type');
  return type === 'EPCISDocument' ? 'document' : type === 'EPCISQueryDocument' ? 'query' : 'event';
}

const eventTypes: ReadonlySet<unknown> = new Set<EventType>([
  'ObjectEvent',
  'AggregationEvent',
  'TransactionEvent',
  'TransformationEvent',
  'AssociationEvent',
]);

function checkEvent(value: unknown, path: readonly PropertyKey[], context: unknown, now: Date): CheckedEvent {
  const start = pointerOf(path);
  const below = (faults: Fault[]) => faults.map((fault) => ({ ...fault, pointer: `${start}${fault.pointer}` }));
  const refused = (faults: Fault[]) => ({ faults: below(faults), remarks: [] });
  const type = member(value, 'type');
  if (!eventTypes.has(type)) {
    const message =
      type === undefined ? 'type is missing.' : 'The type is none of the five event types of the standard.';
    return refused([{ pointer: '/type', message }]);
  }
  const bySchema = schemaFaults('event', value);
  if (bySchema.length > 0) return refused(bySchema);
  const { data: event, error } = eventSchema.safeParse(value);
  if (event === undefined) {
    return refused(error.issues.map((issue) => ({ pointer: pointerOf(issue.path), message: `${issue.message}.` })));
  }
  const faults = [
    ...contextFaults(event['@context'], ['@context']),
    ...prefixFaults(event, context),
    ...eventFaults(event, now),
  ];
  if (faults.length > 0) return refused(faults);
  return { event, faults: [], remarks: below(eventRemarks(event, context)) };
}

/**
 * Looks at a document, or at a single event: bounds, the published schema, the context, and what a schema cannot say.
 * Each event is judged by itself, so that a caller may record the others.
 * @param value any JSON value
 */
export function checkDocument(value: unknown, { now = new Date() }: { now?: Date } = {}): CheckedDocument {
  const kind = kindOf(value);
  const context = member(value, '@context');
  const bounds = boundsFault(value);
  if (bounds !== undefined) return { kind, faults: [bounds], context, events: [] };
  if (kind === 'event') {
    const missing = context === undefined ? [{ pointer: '/@context', message: '@context is missing.' }] : [];
    return { kind, faults: missing, context, events: [checkEvent(value, [], undefined, now)] };
  }
  const path = paths[kind];
  const list = path.reduce<unknown>(member, value);
  const faults = [
    ...schemaFaults(kind, Array.isArray(list) ? replaced(value, path, []) : value),
    ...contextFaults(context, ['@context']),
  ];
  const events = Array.isArray(list) ? list.map((event, at) => checkEvent(event, [...path, at], context, now)) : [];
  return { kind, faults, context, events };
}

/** All that is wrong with a document and its events. */
export function allFaults({ faults, events }: CheckedDocument): Fault[] {
  return [...faults, ...events.flatMap((event) => event.faults)];
}
