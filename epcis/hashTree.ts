import { canonicalUri } from '../gs1/uri.ts';
import type { EpcisEvent } from './event.ts';
import { splitPrefix } from './namespaces.ts';
import { termUri, vocabularyAt } from './vocabulary.ts';

/** An event as the XML form has it, with canonical names and values: what its hash is made of. */
export interface Node {
  name: string;
  text: string;
  children: Node[];
}

type Namespaces = ReadonlyMap<string, string>;

/** Never part of the hash: what is said about an event afterwards, and remarks. */
const leftOut = new Set(['type', 'eventID', 'recordTime', 'errorDeclaration', '@context']);
const remarks = new Set(['rdfs:comment', 'comment']);

/** Names of extensions that stand behind the other members of the object that has them. */
export const canonicalName = /^\{.*\/\}/;

/** Lists and the name that each of their items has. */
const items: Readonly<Record<string, string>> = {
  epcList: 'epc',
  childEPCs: 'epc',
  inputEPCList: 'epc',
  outputEPCList: 'epc',
  quantityList: 'quantityElement',
  childQuantityList: 'quantityElement',
  inputQuantityList: 'quantityElement',
  outputQuantityList: 'quantityElement',
  sensorElementList: 'sensorElement',
};

/** Lists of something with a type, and the member that says what it is. */
const pairs: Readonly<Record<string, string>> = {
  bizTransactionList: 'bizTransaction',
  sourceList: 'source',
  destinationList: 'destination',
};

/** Members of the standard that hold a time. */
const times = new Set(['eventTime', 'time', 'startTime', 'endTime']);

/** In UTC with three decimals, the last one rounded. */
function canonicalTime(text: string): string {
  const parts = /^(.*T\d\d:\d\d:\d\d)(\.\d+)?(.*)$/.exec(text);
  if (parts === null) return text;
  const [, seconds = '', fraction = '', zone = ''] = parts;
  const milliseconds = Math.floor(Number(`0${fraction.padEnd(5, '0').slice(0, 5)}`.replace('0.', '')) / 10 + 0.5);
  const at = Date.parse(`${seconds}${zone}`);
  return Number.isNaN(at) ? text : new Date(at + milliseconds).toISOString();
}

/** Without leading and trailing zeros, the way Python writes a float, since the reference implementation does. */
function canonicalNumber(text: string): string {
  if (!/^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text)) return text;
  const value = Number(text);
  if (!Number.isFinite(value)) return text;
  if (Number.isInteger(value)) return BigInt(value).toString();
  if (Math.abs(value) >= 1e-4) return String(value);
  return value.toExponential().replace(/e-(\d)$/, 'e-0$1');
}

function canonicalValue(value: string | number | boolean | null, namespaces: Namespaces): string {
  const text = String(value ?? '').trim();
  const prefixed = splitPrefix(text, namespaces);
  return canonicalUri(canonicalNumber(prefixed === undefined ? text : `${prefixed.namespace}${prefixed.local}`));
}

function canonicalNameOf(name: string, namespaces: Namespaces): string {
  const prefixed = splitPrefix(name, namespaces);
  return prefixed === undefined ? name : `{${prefixed.namespace}}${prefixed.local}`;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isScalar(value: unknown): value is string | number | boolean | null {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

class Reader {
  readonly #namespaces: Namespaces;

  constructor(namespaces: Namespaces) {
    this.#namespaces = namespaces;
  }

  /** @param parent name of the object in which the member stands; empty for the event itself */
  member(name: string, value: unknown, parent: string): Node[] {
    if (value === undefined || remarks.has(name)) return [];
    const pair = parent === '' ? pairs[name] : undefined;
    if (pair !== undefined && Array.isArray(value)) return [this.#pairs(name, value, pair)];
    const item = parent === '' ? items[name] : undefined;
    if (item !== undefined && Array.isArray(value)) {
      return [{ name, text: '', children: value.flatMap((each) => this.member(item, each, name)) }];
    }
    if (Array.isArray(value)) return value.map((each) => this.#one(name, each, parent));
    return [this.#one(name, value, parent)];
  }

  #one(name: string, value: unknown, parent: string): Node {
    const called = canonicalNameOf(name, this.#namespaces);
    if (Array.isArray(value))
      return { name: called, text: '', children: value.flatMap((each) => this.member('', each, name)) };
    if (isObject(value)) {
      const children = Object.entries(value).flatMap(([key, each]) => this.member(key, each, name));
      return { name: called, text: '', children };
    }
    if (!isScalar(value)) return { name: called, text: '', children: [] };
    const vocabulary = vocabularyAt(parent, name);
    const standard = called === name;
    if (typeof value === 'string' && standard && times.has(name)) {
      return { name, text: canonicalTime(value.trim()), children: [] };
    }
    const given = typeof value === 'string' && vocabulary !== undefined ? termUri(vocabulary, value) : value;
    return { name: called, text: canonicalValue(given, this.#namespaces), children: [] };
  }

  #pairs(list: string, value: unknown[], member: string): Node {
    const children = value.filter(isObject).map((each) => ({
      name: '',
      text: '',
      children: [...this.member('type', each.type, list), ...this.member(member, each[member], list)],
    }));
    return { name: list, text: '', children };
  }
}

/** The members of an event that its hash is made of. */
export function nodesOf(event: EpcisEvent, namespaces: Namespaces): Node[] {
  const reader = new Reader(namespaces);
  return Object.entries(event)
    .filter(([name]) => !leftOut.has(name))
    .flatMap(([name, value]) => reader.member(name, value, ''));
}
