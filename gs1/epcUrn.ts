import { withCheckDigit } from './checkDigit.ts';
import { Gs1Error } from './error.ts';
import { type Identifier, type IdentifierType, identifier, kinds } from './identifier.ts';
import { encodedOffset, escapeOne, percentDecode } from './percent.ts';

/** What an EPC URN names, and how many digits of its key are the company's prefix, which the key alone does not say. */
export interface EpcUrn {
  id: Identifier;
  /** 6 to 12 */
  prefixLength: number;
}

/** How a key is cut: `lead` digits that a URN writes behind the prefix, `zero` where it leaves one out. */
interface Cut {
  body: number;
  lead?: 1;
  zero?: true;
}

/** Digits of a key without its check digit (EPC Tag Data Standard 2.0, section 6.3); none where the key has no digit to check. */
const cuts: Readonly<Partial<Record<IdentifierType, Cut>>> = {
  sgtin: { body: 13, lead: 1 },
  lgtin: { body: 13, lead: 1 },
  upui: { body: 13, lead: 1 },
  gtin: { body: 13, lead: 1 },
  itip: { body: 13, lead: 1 },
  sscc: { body: 17, lead: 1 },
  sgln: { body: 12 },
  pgln: { body: 12 },
  gsrn: { body: 17 },
  gsrnp: { body: 17 },
  gsin: { body: 16 },
  grai: { body: 13, zero: true },
  gdti: { body: 12 },
  sgcn: { body: 12 },
};

/** Schemes whose pattern with `*` names the class: the part is left out. */
const patterns: Readonly<Record<string, IdentifierType>> = {
  sgtin: 'gtin',
  upui: 'gtin',
  grai: 'grai',
  gdti: 'gdti',
  sgcn: 'sgcn',
  cpi: 'cpi',
  itip: 'itip',
};

interface Field {
  text: string;
  at: number;
}

function splitFields(text: string, at: number, most: number): Field[] {
  const fields: Field[] = [];
  let from = 0;
  while (fields.length < most - 1) {
    const dot = text.indexOf('.', from);
    if (dot < 0) break;
    fields.push({ text: text.slice(from, dot), at: at + from });
    from = dot + 1;
  }
  fields.push({ text: text.slice(from), at: at + from });
  return fields;
}

/** Undoes the escapes of a URN: `"`, `%`, `&`, `/`, `<`, `>`, `?` and `#` stand as % and two hexadecimal digits. */
function decodeField(field: Field): string {
  const bad = field.text.search(/["&/<>?#]/);
  if (bad >= 0) throw new Gs1Error(`${field.text[bad]} is written as % and two hexadecimal digits.`, field.at + bad);
  return percentDecode(field.text, field.at);
}

function encodeField(text: string): string {
  return text.replace(/["%&/<>?#]/g, escapeOne);
}

function typeOf(namespace: string, scheme: string, at: number): IdentifierType {
  if (namespace === 'class') {
    if (scheme === 'lgtin') return 'lgtin';
  } else if (namespace === 'idpat') {
    const type = patterns[scheme];
    if (type !== undefined) return type;
  } else {
    const type = (Object.keys(kinds) as IdentifierType[]).find((known) => known === scheme);
    if (type !== undefined && type !== 'lgtin' && type !== 'gtin') return type;
  }
  throw new Gs1Error(`urn:epc:${namespace}:${scheme} is no scheme of GS1 keys.`, at);
}

/**
 * Reads an EPC URN: a pure identity (`urn:epc:id:`), a class (`urn:epc:class:lgtin:`) or a pattern of all of a class
 * (`urn:epc:idpat:…*`).
 * @throws Gs1Error at the first wrong character
 */
export function parseEpcUrn(urn: string): EpcUrn {
  const head = /^urn:epc:(id|class|idpat):([a-z]+):/.exec(urn);
  if (head === null) throw new Gs1Error('An EPC begins with urn:epc:id:, urn:epc:class: or urn:epc:idpat:.', 0);
  const [start, namespace = '', scheme = ''] = head;
  const type = typeOf(namespace, scheme, 8 + namespace.length + 1);
  const pattern = namespace === 'idpat';
  const written = pattern ? scheme : type;
  const middle = type === 'itip' ? 2 : 0;
  const hasPart = kinds[type].part !== undefined || pattern;
  const due = 2 + middle + (hasPart ? 1 : 0);
  const fields = splitFields(urn.slice(start.length), start.length, due);
  const [prefix, reference, ...rest] = fields;
  const last = rest.at(-1);
  if (prefix === undefined || reference === undefined || fields.length !== due) {
    throw new Gs1Error(`urn:epc:${namespace}:${written} has ${due} fields between full stops.`, urn.length);
  }
  if (!/^\d{6,12}$/.test(prefix.text)) {
    const wrong = prefix.text.search(/\D/);
    throw new Gs1Error('A company prefix has 6 to 12 digits.', prefix.at + Math.max(wrong, 0));
  }
  let part = '';
  const partAt = last?.at ?? urn.length;
  if (last !== undefined && hasPart) {
    if (pattern && last.text !== '*') throw new Gs1Error('A pattern ends in *.', partAt);
    part = pattern ? '' : decodeField(last);
    if (part === '' && !pattern)
      throw new Gs1Error(`${kinds[type].part?.name ?? 'The last field'} is missing.`, partAt);
    else if (type === 'sgln' && part === '0') part = '';
  }
  const key = readUrnKey(type, prefix, reference, rest.slice(0, middle));
  try {
    return { id: identifier(type, key, part, prefix.at, partAt), prefixLength: prefix.text.length };
  } catch (cause) {
    if (!(cause instanceof Gs1Error) || last === undefined || cause.position < partAt) throw cause;
    throw new Gs1Error(cause.message, partAt + encodedOffset(last.text, cause.position - partAt));
  }
}

function readUrnKey(type: IdentifierType, prefix: Field, reference: Field, middle: Field[]): string {
  const cut = cuts[type];
  if (cut === undefined) return `${prefix.text}${decodeField(reference)}`;
  const due = cut.body - (cut.zero ? 1 : 0) - prefix.text.length;
  const wrong = reference.text.search(/\D/);
  if (wrong >= 0 || reference.text.length !== due) {
    const at = reference.at + (wrong >= 0 ? wrong : Math.min(due, reference.text.length));
    throw new Gs1Error(`With this prefix the second field has ${due} digits.`, at);
  }
  const lead = cut.lead ?? 0;
  const body = `${reference.text.slice(0, lead)}${prefix.text}${reference.text.slice(lead)}`;
  const suffix = middle.map((field) => {
    if (!/^\d{2}$/.test(field.text))
      throw new Gs1Error('The piece and the number of pieces have two digits.', field.at);
    return field.text;
  });
  return `${withCheckDigit(cut.zero ? `0${body}` : body)}${suffix.join('')}`;
}

/**
 * Writes an identifier as EPC URN; the extension of an SGLN without one is 0, and a class stands as pattern.
 * @param prefixLength digits of the company's prefix, 6 to 12
 * @throws Gs1Error where the key cannot have such a prefix, or no URN is made for it
 */
export function writeEpcUrn({ id: { type, key, part }, prefixLength }: EpcUrn): string {
  if (!Number.isInteger(prefixLength) || prefixLength < 6 || prefixLength > 12) {
    throw new Gs1Error('A company prefix has 6 to 12 digits.', 0);
  }
  const tail = part === '' ? '' : `.${encodeField(part)}`;
  const cut = cuts[type];
  if (cut === undefined) {
    if (!/^\d+$/.test(key.slice(0, prefixLength)) || key.length <= prefixLength) {
      throw new Gs1Error(`The key does not begin with a prefix of ${prefixLength} digits.`, 0);
    }
    const fields = `${key.slice(0, prefixLength)}.${encodeField(key.slice(prefixLength))}`;
    return type === 'cpi' && part === '' ? `urn:epc:idpat:cpi:${fields}.*` : `urn:epc:id:${type}:${fields}${tail}`;
  }
  const lead = cut.lead ?? 0;
  const start = cut.zero ? 1 : lead;
  const prefix = key.slice(start, start + prefixLength);
  const reference = `${key.slice(0, lead)}${key.slice(start + prefixLength, cut.body)}`;
  const pieces = type === 'itip' ? `.${key.slice(14, 16)}.${key.slice(16, 18)}` : '';
  const fields = `${prefix}.${reference}${pieces}`;
  if (type === 'gtin') return `urn:epc:idpat:sgtin:${fields}.*`;
  if (type === 'lgtin') return `urn:epc:class:lgtin:${fields}${tail}`;
  if (type === 'sgln') return `urn:epc:id:sgln:${fields}${tail === '' ? '.0' : tail}`;
  if (kinds[type].part !== undefined && part === '') return `urn:epc:idpat:${type}:${fields}.*`;
  return `urn:epc:id:${type}:${fields}${tail}`;
}
