import { writeDigitalLink } from '../gs1/digitalLink.ts';
import { Gs1Error } from '../gs1/error.ts';
import { type Identifier, type IdentifierType, kinds } from '../gs1/identifier.ts';
import { claimsGs1, parseUri } from '../gs1/uri.ts';
import { type EpcisEvent, epcsOf, type Quantity } from './event.ts';
import { type Fault, pointerOf } from './fault.ts';
import { eventHash, isEventHash } from './hash.ts';
import { sensorFaults } from './sensorRules.ts';
import { termOf, type Vocabulary } from './vocabulary.ts';

/**
 * Rules of EPCIS and CBV 2.0 that a schema cannot say: what identifiers name and their check digits, times, terms that
 * only look like the vocabulary's, the same EPC twice.
 */

type Path = readonly PropertyKey[];

class Findings {
  readonly faults: Fault[] = [];

  add(path: Path, message: string): void {
    this.faults.push({ pointer: pointerOf(path), message });
  }

  /** What a URI names by a GS1 key; undefined for a URI of another kind, which anybody may use, and for a wrong one. */
  identifier(uri: string, path: Path): Identifier | undefined {
    if (!claimsGs1(uri)) return undefined;
    try {
      return parseUri(uri);
    } catch (cause) {
      if (!(cause instanceof Gs1Error)) throw cause;
      this.add(path, `${cause.message} (character ${cause.position + 1})`);
      return undefined;
    }
  }
}

/** Keys that name a class of things unless they have a serial number. */
const classes = new Set<IdentifierType>(['gtin', 'lgtin', 'grai', 'gdti', 'sgcn', 'cpi', 'itip']);

function isClass({ type, part }: Identifier): boolean {
  return type === 'gtin' || type === 'lgtin' || (classes.has(type) && part === '');
}

/** Where the lists of EPCs of an event stand, in the order in which `epcsOf` goes through them. */
const memberOf = {
  parent: 'parentID',
  epc: 'epcList',
  child: 'childEPCs',
  input: 'inputEPCList',
  output: 'outputEPCList',
} as const;

function checkEpcs(event: EpcisEvent, findings: Findings): void {
  const seen = new Map<string, string>();
  const counts = new Map<string, number>();
  for (const { role, epc } of epcsOf(event)) {
    const index = counts.get(role) ?? 0;
    counts.set(role, index + 1);
    const path = role === 'parent' ? [memberOf[role]] : [memberOf[role], index];
    const id = findings.identifier(epc, path);
    if (id !== undefined && isClass(id)) {
      findings.add(
        path,
        `${kinds[id.type].name} without a serial number names a class; a list of EPCs has single things.`,
      );
    }
    // Inputs and outputs may be the same thing; all else stands once.
    const key = `${role === 'input' ? 'input' : ''} ${id === undefined ? epc : writeDigitalLink(id)}`;
    const before = seen.get(key);
    if (before !== undefined) findings.add(path, `The same EPC stands at ${before}.`);
    else seen.set(key, pointerOf(path));
  }
}

function quantitiesOf(event: EpcisEvent): [string, Quantity[]][] {
  switch (event.type) {
    case 'ObjectEvent':
    case 'TransactionEvent':
      return [['quantityList', event.quantityList ?? []]];
    case 'AggregationEvent':
    case 'AssociationEvent':
      return [['childQuantityList', event.childQuantityList ?? []]];
    case 'TransformationEvent':
      return [
        ['inputQuantityList', event.inputQuantityList ?? []],
        ['outputQuantityList', event.outputQuantityList ?? []],
      ];
  }
}

function checkQuantities(event: EpcisEvent, findings: Findings): void {
  for (const [member, list] of quantitiesOf(event)) {
    for (const [index, { epcClass, quantity, uom }] of list.entries()) {
      const id = findings.identifier(epcClass, [member, index, 'epcClass']);
      if (id !== undefined && !isClass(id)) {
        findings.add([member, index, 'epcClass'], 'A quantity is of a class, such as a GTIN with or without a batch.');
      }
      if (quantity === undefined) {
        if (uom !== undefined) findings.add([member, index, 'uom'], 'A unit needs a quantity.');
      } else if (quantity < 0 || (uom === undefined && !Number.isInteger(quantity))) {
        findings.add(
          [member, index, 'quantity'],
          'Without a unit a quantity is a whole number, and none is below zero.',
        );
      }
    }
  }
}

function checkTerm(vocabulary: Vocabulary, value: string | undefined, path: Path, findings: Findings): void {
  if (value === undefined || termOf(vocabulary, value) !== undefined) return;
  if (/^(?:cbv:|https?:\/\/(?:ref|ns)\.gs1\.org\/cbv\/|urn:epcglobal:cbv:|[^:]*$)/.test(value)) {
    findings.add(path, `${value} is no term of the vocabulary here; terms of one's own are URIs.`);
  }
}

function checkPlaces(event: EpcisEvent, findings: Findings): void {
  for (const member of ['readPoint', 'bizLocation'] as const) {
    const uri = event[member]?.id;
    const id = uri === undefined ? undefined : findings.identifier(uri, [member, 'id']);
    if (id !== undefined && id.type !== 'sgln') findings.add([member, 'id'], 'A place is named by its GLN.');
  }
  for (const [index, { type, source }] of (event.sourceList ?? []).entries()) {
    checkParty(type, source, ['sourceList', index, 'source'], findings);
  }
  for (const [index, { type, destination }] of (event.destinationList ?? []).entries()) {
    checkParty(type, destination, ['destinationList', index, 'destination'], findings);
  }
  for (const [index, { type, bizTransaction }] of (event.bizTransactionList ?? []).entries()) {
    findings.identifier(bizTransaction, ['bizTransactionList', index, 'bizTransaction']);
    checkTerm('bizTransactionType', type, ['bizTransactionList', index, 'type'], findings);
  }
}

function checkParty(type: string, uri: string, path: Path, findings: Findings): void {
  const term = termOf('sourceDestinationType', type);
  const id = findings.identifier(uri, path);
  if (id === undefined || term === undefined) return;
  // Before there was a party GLN, parties were named by their place, and still may be (CBV 2.0, section 8.6).
  const fits = term === 'location' ? id.type === 'sgln' : id.type === 'pgln' || id.type === 'sgln';
  if (!fits)
    findings.add(path, term === 'location' ? 'A location is named by its GLN.' : 'A party is named by its GLN.');
}

const earliest = Date.parse('1900-01-01T00:00:00Z');
const dayMs = 24 * 60 * 60 * 1000;

function checkTimes(event: EpcisEvent, now: Date, findings: Findings): void {
  const look = (text: string | undefined, path: Path) => {
    if (text === undefined) return;
    const at = Date.parse(text);
    if (at < earliest) findings.add(path, 'That was before 1900.');
    if (at > now.getTime() + dayMs) findings.add(path, 'That is more than a day ahead.');
  };
  look(event.eventTime, ['eventTime']);
  look(event.recordTime, ['recordTime']);
  look(event.errorDeclaration?.declarationTime, ['errorDeclaration', 'declarationTime']);
}

function checkParent(event: EpcisEvent, findings: Findings): void {
  if (event.type !== 'AggregationEvent') return;
  if (event.parentID === undefined && event.action !== 'OBSERVE') {
    findings.add(['parentID'], 'An aggregation that is made or ended has a parent.');
  }
}

/**
 * What is wrong with one event by itself.
 * @param now no event lies more than a day ahead of it
 */
export function eventFaults(event: EpcisEvent, now: Date): Fault[] {
  const findings = new Findings();
  checkTimes(event, now, findings);
  checkParent(event, findings);
  checkEpcs(event, findings);
  checkQuantities(event, findings);
  checkTerm('bizStep', event.bizStep, ['bizStep'], findings);
  checkTerm('disposition', event.disposition, ['disposition'], findings);
  for (const list of ['set', 'unset'] as const) {
    for (const [index, value] of (event.persistentDisposition?.[list] ?? []).entries()) {
      checkTerm('disposition', value, ['persistentDisposition', list, index], findings);
    }
  }
  checkTerm('errorReason', event.errorDeclaration?.reason, ['errorDeclaration', 'reason'], findings);
  checkPlaces(event, findings);
  return [...findings.faults, ...sensorFaults(event)];
}

/**
 * What is odd about an event and yet no reason to refuse it: an event ID that is a hash, and not that of this event.
 * Most published examples have such IDs, of earlier editions of the algorithm; whoever records an event makes its hash anew.
 * @param context of the document in which it stands
 */
export function eventRemarks(event: EpcisEvent, context?: unknown): Fault[] {
  if (event.eventID === undefined || !isEventHash(event.eventID)) return [];
  const due = eventHash(event, context);
  return due === event.eventID ? [] : [{ pointer: '/eventID', message: `The hash of this event is ${due}.` }];
}
