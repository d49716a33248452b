import { sha256 } from '@noble/hashes/sha2.js';
import { bytesToHex, utf8ToBytes } from '@noble/hashes/utils.js';
import type { EpcisEvent } from './event.ts';
import { canonicalName, type Node, nodesOf } from './hashTree.ts';
import { namespacesOf } from './namespaces.ts';

/**
 * The event hash of the Core Business Vocabulary 2.0 (section 8.9): the same for the same event, however its
 * identifiers, terms and times are written and in whichever order its members stand. Where the text of the standard and
 * its reference implementation (epcis-event-hash-generator) differ, the values that the reference prints are what
 * everybody compares, and so they decide: business transactions, destinations, ILMD and sources come in alphabetical
 * order with the extensions, behind everything else, and a type before what it is of.
 */

/** Members in their canonical order; `true` where an object has none to put in order. */
interface Order {
  readonly [name: string]: true | Order;
}

const epcs: Order = { epc: true };
const quantities: Order = { quantityElement: { epcClass: true, quantity: true, uom: true } };

const order: Order = {
  eventTime: true,
  eventTimeZoneOffset: true,
  certificationInfo: true,
  parentID: true,
  epcList: epcs,
  inputEPCList: epcs,
  childEPCs: epcs,
  quantityList: quantities,
  childQuantityList: quantities,
  inputQuantityList: quantities,
  outputEPCList: epcs,
  outputQuantityList: quantities,
  action: true,
  transformationID: true,
  bizStep: true,
  disposition: true,
  persistentDisposition: { set: true, unset: true },
  readPoint: { id: true },
  bizLocation: { id: true },
  sensorElementList: {
    sensorElement: {
      sensorMetadata: {
        time: true,
        startTime: true,
        endTime: true,
        deviceID: true,
        deviceMetadata: true,
        rawData: true,
        dataProcessingMethod: true,
        bizRules: true,
      },
      sensorReport: {
        type: true,
        exception: true,
        deviceID: true,
        deviceMetadata: true,
        rawData: true,
        dataProcessingMethod: true,
        time: true,
        microorganism: true,
        chemicalSubstance: true,
        value: true,
        component: true,
        stringValue: true,
        booleanValue: true,
        hexBinaryValue: true,
        uriValue: true,
        minValue: true,
        maxValue: true,
        meanValue: true,
        sDev: true,
        percRank: true,
        percValue: true,
        uom: true,
        coordinateReferenceSystem: true,
      },
    },
  },
};

/** Compares by Unicode code point, as bytes of UTF-8 do; JavaScript's own order goes by UTF-16. */
function byCodePoint(a: string, b: string): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const [x, y] = [a.charCodeAt(index), b.charCodeAt(index)];
    if (x === y) continue;
    const [xAbove, yAbove] = [x, y].map((unit) => unit >= 0xd800 && unit <= 0xdfff);
    if (xAbove !== yAbove) return xAbove ? 1 : -1;
    return x - y;
  }
  return a.length - b.length;
}

const joinSorted = (texts: string[]): string => texts.sort(byCodePoint).join('');
const own = (node: Node): string => (node.text === '' ? node.name : `${node.name}=${node.text}`);

/** Members that no order names, in alphabetical order. */
function loose(nodes: Node[]): string {
  return joinSorted(nodes.map(looseOne));
}

function looseOne(node: Node): string {
  // A type stands before the transaction, source or destination that it is of; such pairs have no name.
  const inside = node.name === '' && node.text === '' ? node.children.map(looseOne).join('') : loose(node.children);
  return `${own(node)}${inside}`;
}

/** Text of the members that an order names, and what it leaves over. */
function inOrder(nodes: Node[], members: Order, top: boolean): { text: string; rest: Node[] } {
  const isNear = (node: Node) => !top && nodes.length > 1 && canonicalName.test(node.name);
  const rest = nodes.filter((node) => !isNear(node) && !Object.hasOwn(members, node.name));
  let text = '';
  for (const [name, inner] of Object.entries(members)) {
    const texts: string[] = [];
    for (const node of nodes) {
      if (node.name !== name) continue;
      const below = inOrder(node.children, inner === true ? {} : inner, false);
      if (node.text !== '' || below.text !== '') texts.push(`${own(node)}${below.text}`);
      if (below.rest.length > 0) rest.push({ ...node, children: below.rest });
    }
    text += joinSorted(texts);
  }
  return { text: `${text}${loose(nodes.filter(isNear))}`, rest };
}

/**
 * The text whose SHA-256 is the hash.
 * @param context of the document in which the event stands, where prefixes of extensions may be declared
 */
export function preHash(event: EpcisEvent, context?: unknown): string {
  const nodes = nodesOf(event, namespacesOf(context, event['@context']));
  const { text, rest } = inOrder(nodes, order, true);
  return `eventType=${event.type}${text}${loose(rest)}`;
}

/** `ni:///sha-256;<64 hexadecimal digits>?ver=CBV2.0` */
export function eventHash(event: EpcisEvent, context?: unknown): string {
  return `ni:///sha-256;${bytesToHex(sha256(utf8ToBytes(preHash(event, context))))}?ver=CBV2.0`;
}

/** True for a hash of this kind, whatever event it is of. */
export function isEventHash(text: string): boolean {
  return /^ni:\/\/\/sha-256;[0-9a-f]{64}\?ver=CBV2\.0$/.test(text);
}
