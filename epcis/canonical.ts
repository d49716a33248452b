import { canonicalUri } from '../gs1/uri.ts';
import { type EpcisEvent, eventSchema } from './event.ts';
import { eventHash } from './hash.ts';
import { epcisContext, namespacesOf } from './namespaces.ts';
import { termOf, vocabularyAt } from './vocabulary.ts';

/** Members whose values name things, places, parties and transactions; links to documents keep the domain that has them. */
const identifiers = new Set([
  ...['epcList', 'childEPCs', 'inputEPCList', 'outputEPCList', 'parentID', 'epcClass', 'transformationID'],
  ...['id', 'source', 'destination', 'bizTransaction', 'deviceID'],
]);

function canonicalValue(value: unknown, name: string, parent: string): unknown {
  if (name.includes(':') || name === '@context') return value;
  if (Array.isArray(value)) return value.map((each) => canonicalValue(each, name, parent));
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, canonicalValue(each, key, name)]));
  }
  if (typeof value !== 'string') return value;
  const vocabulary = vocabularyAt(parent, name);
  if (vocabulary !== undefined) return termOf(vocabulary, value) ?? value;
  return identifiers.has(name) ? canonicalUri(value) : value;
}

/** Prefixes that names in a value, at any depth, begin with. */
function prefixesIn(value: unknown, found = new Set<string>()): Set<string> {
  if (typeof value !== 'object' || value === null) return found;
  for (const [name, inner] of Object.entries(value)) {
    const colon = Array.isArray(value) ? -1 : name.indexOf(':');
    if (colon > 0) found.add(name.slice(0, colon));
    // Values may begin with a prefix too.
    if (typeof inner === 'string' && inner.indexOf(':') > 0) found.add(inner.slice(0, inner.indexOf(':')));
    prefixesIn(inner, found);
  }
  return found;
}

/**
 * The same event, with the same hash, the way the ledgers keep it: identifiers as canonical Digital Links, terms of the
 * vocabulary bare, and the prefixes of its extensions declared by the event itself, so that it says the same outside of
 * the document in which it came. An event without an ID gets its hash for one.
 * @param context of the document in which it stands
 */
export function canonicalEvent(event: EpcisEvent, context?: unknown): EpcisEvent {
  const { '@context': own, ...members } = event;
  const canonical = Object.fromEntries(
    Object.entries(members).map(([name, value]) => [name, canonicalValue(value, name, '')]),
  );
  const used = prefixesIn(canonical);
  const declared = [...namespacesOf(context, own)].filter(([prefix]) => used.has(prefix));
  return eventSchema.parse({
    ...(declared.length === 0 ? {} : { '@context': [epcisContext, Object.fromEntries(declared)] }),
    eventID: eventHash(event, context),
    ...canonical,
  });
}
