import { checkIfKnown } from './applicationIdentifiers.ts';
import type { Elements } from './elementString.ts';
import { Gs1Error } from './error.ts';
import { type Identifier, type IdentifierType, identifier, kinds } from './identifier.ts';
import { encodedOffset, percentDecode, percentEncode, percentEncodeQuery } from './percent.ts';

/** Domain of canonical GS1 Digital Link URIs (GS1 Digital Link: URI Syntax 1.2, section 4.11). */
export const canonicalDomain = 'https://id.gs1.org';

export interface DigitalLink {
  /** The most specific thing that the link names. */
  id: Identifier;
  /** All of its elements, the path's first, then the query's. */
  elements: Elements;
}

/** Types of a link whose key has this application identifier, the most specific first. */
const typesByAi: Readonly<Record<string, readonly IdentifierType[]>> = {
  '00': ['sscc'],
  '01': ['sgtin', 'upui', 'lgtin', 'gtin'],
  '253': ['gdti'],
  '255': ['sgcn'],
  '401': ['ginc'],
  '402': ['gsin'],
  '414': ['sgln'],
  '417': ['pgln'],
  '8003': ['grai'],
  '8004': ['giai'],
  '8006': ['itip'],
  '8010': ['cpi'],
  '8017': ['gsrnp'],
  '8018': ['gsrn'],
};

/** Qualifiers that may follow a key, in the order in which they stand (section 5.4 of the same). */
const qualifiers: Readonly<Record<string, readonly string[]>> = {
  '01': ['22', '10', '21', '235'],
  '8006': ['22', '10', '21'],
  '8010': ['8011'],
  '414': ['254', '7040'],
  '417': ['7040'],
  '8017': ['8019'],
  '8018': ['8019'],
};

/** The words that version 1.0 of the standard allowed in place of numbers, so that links in print stay readable. */
const words: Readonly<Record<string, string>> = {
  gtin: '01',
  sscc: '00',
  gdti: '253',
  gcn: '255',
  ginc: '401',
  gsin: '402',
  gln: '414',
  party: '417',
  grai: '8003',
  giai: '8004',
  itip: '8006',
  cpid: '8010',
  gsrnp: '8017',
  gsrn: '8018',
  cpv: '22',
  lot: '10',
  ser: '21',
  cpsn: '8011',
  glnx: '254',
};

/** False for a URI that names nothing by a GS1 key; what may is a right link or a wrong one. */
const keyPath = new RegExp(
  `^https?://[^?#]*/(?:${[...Object.keys(typesByAi), ...Object.keys(words)].join('|')})/`,
  'i',
);
export const mayNameKey = (uri: string): boolean => keyPath.test(uri);

interface Segment {
  text: string;
  at: number;
}

function splitPath(path: string, at: number): Segment[] {
  const segments: Segment[] = [];
  let from = 0;
  for (const text of path.split('/')) {
    segments.push({ text, at: at + from });
    from += text.length + 1;
  }
  if (segments.at(-1)?.text === '') segments.pop();
  return segments;
}

const aiOf = (segment: Segment): string => words[segment.text] ?? segment.text;

/** Where the key's application identifier stands: a path before it may have the same number by chance. */
function findKey(segments: Segment[]): number {
  const starts = segments.flatMap((segment, index) => (Object.hasOwn(typesByAi, aiOf(segment)) ? [index] : []));
  const isWhole = (start: number) => {
    const names = segments.slice(start).filter((_, index) => index % 2 === 0);
    const [key, ...behind] = names.map(aiOf);
    return (segments.length - start) % 2 === 0 && behind.every((ai) => qualifiers[key ?? '']?.includes(ai));
  };
  return starts.find(isWhole) ?? starts[0] ?? -1;
}

function readQuery(query: string, at: number, elements: Map<string, string>): void {
  let from = at;
  for (const pair of query.split(/[&;]/)) {
    const [name = '', value = ''] = pair.split(/=(.*)/s, 2);
    // Other parameters belong to the link's domain and say nothing about the thing.
    if (/^\d{2,4}$/.test(name)) {
      if (elements.has(name)) throw new Gs1Error(`(${name}) stands twice.`, from);
      const start = from + name.length + 1;
      const decoded = percentDecode(value, start);
      checkIfKnown(name, decoded, start);
      elements.set(name, decoded);
    }
    from += pair.length + 1;
  }
}

/**
 * Reads a GS1 Digital Link URI of any domain, with whatever stands in its path before the key.
 * @throws Gs1Error at the first wrong character
 */
export function parseDigitalLink(uri: string): DigitalLink {
  const parts = /^(https?:\/\/[^/?#\s]+\/)([^?#]*)(?:\?([^#]*))?/i.exec(uri);
  if (parts === null) throw new Gs1Error('A Digital Link begins with https:// and a domain.', 0);
  const [, origin = '', path = '', query] = parts;
  const segments = splitPath(path, origin.length);
  const start = findKey(segments);
  const first = segments[start];
  if (first === undefined)
    throw new Gs1Error('The link has no GS1 key such as /01/ or /00/.', origin.length + path.length);

  const elements = new Map<string, string>();
  const places: Record<string, Segment> = {};
  const keyAi = aiOf(first);
  const allowed = qualifiers[keyAi] ?? [];
  let last = -1;
  for (let index = start; index < segments.length; index += 2) {
    const [name, value] = [segments[index], segments[index + 1]];
    if (name === undefined) break;
    const ai = aiOf(name);
    if (value === undefined) throw new Gs1Error(`(${ai}) has no value.`, name.at + name.text.length);
    if (index > start) {
      const rank = allowed.indexOf(ai);
      if (rank < 0) throw new Gs1Error(`(${ai}) does not stand behind (${keyAi}).`, name.at);
      if (rank <= last) throw new Gs1Error(`(${ai}) stands in the wrong order.`, name.at);
      last = rank;
    }
    elements.set(ai, percentDecode(value.text, value.at));
    places[ai] = value;
  }

  const id = nameOf(keyAi, elements, places);
  elements.set(keyAi, `${id.key}${kinds[id.type].part?.ai === undefined ? id.part : ''}`);
  if (query !== undefined) readQuery(query, origin.length + path.length + 1, elements);
  return { id, elements };
}

/** The most specific identifier that the elements name; errors point into the encoded link. */
function nameOf(keyAi: string, elements: Elements, places: Record<string, Segment>): Identifier {
  const type = (typesByAi[keyAi] ?? []).find((candidate) => {
    const part = kinds[candidate].part;
    return !part?.required || elements.has(part.ai ?? '');
  });
  const place = places[keyAi];
  if (type === undefined || place === undefined) throw new Gs1Error(`(${keyAi}) is no key.`, 0);
  const { key, part } = kinds[type];
  const text = elements.get(keyAi) ?? '';
  const joined = part !== undefined && part.ai === undefined && 'digits' in key ? key.digits : text.length;
  const partPlace = part?.ai === undefined ? undefined : places[part.ai];
  const partText = part?.ai === undefined ? text.slice(joined) : elements.get(part.ai);
  const partAt = partPlace?.at ?? place.at + joined;
  try {
    return identifier(type, text.slice(0, joined), partText, place.at, partAt);
  } catch (cause) {
    if (!(cause instanceof Gs1Error)) throw cause;
    const within = partPlace !== undefined && cause.position >= partPlace.at ? partPlace : place;
    throw new Gs1Error(cause.message, within.at + encodedOffset(within.text, cause.position - within.at));
  }
}

/**
 * The canonical Digital Link URI of an identifier; with `elements`, those too, in its path where they have a place there
 * and else in its query.
 */
export function writeDigitalLink(
  { type, key, part }: Identifier,
  { domain = canonicalDomain, elements }: { domain?: string; elements?: Elements } = {},
): string {
  const { ai, part: rule } = kinds[type];
  const all = new Map([...(elements ?? []), [ai, rule?.ai === undefined ? `${key}${part}` : key]]);
  if (rule?.ai !== undefined && part !== '') all.set(rule.ai, part);
  const inPath = [ai, ...(qualifiers[ai] ?? []).filter((name) => all.has(name))];
  const path = inPath.map((name) => `/${name}/${percentEncode(all.get(name) ?? '')}`).join('');
  const query = [...all]
    .filter(([name]) => !inPath.includes(name))
    .map(([name, value]) => `${name}=${percentEncodeQuery(value)}`)
    .join('&');
  return `${domain.replace(/\/$/, '')}${path}${query === '' ? '' : `?${query}`}`;
}
