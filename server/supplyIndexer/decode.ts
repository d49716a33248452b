import { z } from 'zod';
import { meaningOf } from '#chaincode/model/meaning.ts';
import { sensedEpcs, temperaturesOf } from '#chaincode/model/temperature.ts';
import {
  type CaptureOutcome,
  type Recall,
  recallArgument,
  recallChanged,
  traceCaptured,
  traceEvents,
} from '#chaincode/model/trace.ts';
import { type EpcisEvent, epcsOf, eventSchema } from '#epcis/event.ts';
import { termOf, type Vocabulary } from '#epcis/vocabulary.ts';
import { writeDigitalLink } from '#gs1/digitalLink.ts';
import { identifierOf } from '#gs1/uri.ts';
import type { Block, BlockTransaction } from '../gateways/ledger/blocks.ts';
import { dayOf, type Fact, isGln, type Named, type Step } from './fact.ts';
import { keyText, storableJson } from './json.ts';

/** A recall that began or ended. */
export interface RecallFact {
  recall: Omit<Recall, 'state' | 'started' | 'ended'>;
  change: 'recall' | 'endRecall';
  channel: string;
  block: number;
  transactionId: string;
  at: Date;
  by: string;
  party: string;
}

/** What a block of a supply channel says. */
export interface SupplyFacts {
  facts: Fact[];
  recalls: RecallFact[];
  /** Transactions whose argument or event is none of the contract's, which no valid one has. */
  unreadable: number;
}

const chaincode = 'supply';

/** Reads captured events and recalls out of the arguments of valid transactions and the events of the contract. */
export function supplyFactsIn(channel: string, { number, transactions }: Block): SupplyFacts {
  const said: SupplyFacts = { facts: [], recalls: [], unreadable: 0 };
  const block = Number(number);
  let place = 0;
  for (const transaction of transactions) {
    const { valid, contract, event } = transaction;
    if (!valid || contract !== chaincode || event === undefined) continue;
    if (event.name === traceEvents.captured) {
      const captured = capturedBy(transaction, { channel, block, place });
      if (captured === undefined) said.unreadable += 1;
      else {
        said.facts.push(...captured.facts);
        place += captured.events;
      }
    } else if (event.name === traceEvents.recalls) {
      const recall = recalledBy(transaction, { channel, block });
      if (recall === undefined) said.unreadable += 1;
      else said.recalls.push(recall);
    }
  }
  return said;
}

const argument = z.array(z.unknown());

function capturedBy(
  { transactionId, args, event }: BlockTransaction,
  { channel, block, place }: { channel: string; block: number; place: number },
): { facts: Fact[]; events: number } | undefined {
  const captured = traceCaptured.safeParse(storableJson(event?.payload)).data;
  const bodies = argument.safeParse(storableJson(args?.[1])).data;
  if (captured === undefined || bodies?.length !== captured.outcomes.length) return undefined;
  const { at, by, institutionId } = captured;
  const where = { channel, block, transactionId, recordTime: new Date(at), by, party: institutionId };
  const facts = captured.outcomes.flatMap((outcome, index) => {
    const event = eventSchema.safeParse(bodies[index]).data;
    // What was recorded before says nothing new.
    if (outcome.outcome === 'duplicate' || event === undefined) return [];
    return [{ ...where, place: place + index, ...decided(outcome), ...readEvent(event), body: bodies[index] }];
  });
  return { facts, events: bodies.length };
}

const decided = ({ hash, declaration, outcome, code, detail, alerts }: CaptureOutcome) => ({
  ...{
    hash,
    declaration: declaration === true,
    outcome: outcome === 'accepted' ? ('accepted' as const) : ('refused' as const),
  },
  ...{ code: code ?? null, detail: detail ?? null, alerts: alerts ?? [] },
});

type Said = Omit<
  Fact,
  | ('channel' | 'block' | 'place' | 'transactionId' | 'recordTime' | 'by' | 'party')
  | ('hash' | 'declaration' | 'outcome' | 'code' | 'detail' | 'alerts' | 'body')
>;

/** What an event says, in the words of the read model. */
export function readEvent(event: EpcisEvent): Said {
  const named = epcsOf(event).map(({ role, epc }): Named => namedBy(role, epc));
  return {
    eventId: event.eventID === undefined ? null : keyText(event.eventID),
    type: event.type,
    action: 'action' in event ? event.action : null,
    bizStep: wordOf('bizStep', event.bizStep),
    disposition: wordOf('disposition', event.disposition),
    eventTime: instantOf(event.eventTime),
    zoneOffset: event.eventTimeZoneOffset,
    readPoint: placeIn(event.readPoint?.id),
    bizLocation: placeIn(event.bizLocation?.id),
    destination: destinationOf(event),
    step: stepOf(event),
    named,
    made: madeBy(event),
    celsius: temperaturesOf(event),
    sensed: new Set(sensedEpcs(event).map((epc) => namedBy('epc', epc).epc)),
  };
}

/** Times that no calendar of a database has are moved to where it begins or ends; the body keeps what was said. */
function instantOf(text: string): Date {
  const at = Date.parse(text);
  return new Date(Number.isNaN(at) ? earliest : Math.min(latest, Math.max(earliest, at)));
}

const earliest = Date.parse('1900-01-01T00:00:00Z');
const latest = Date.parse('9999-12-30T00:00:00Z');

function namedBy(role: Named['role'], uri: string): Named {
  const id = identifierOf(uri);
  if (id === undefined) return { role, epc: keyText(uri) };
  const epc = writeDigitalLink(id);
  if (id.type === 'sgtin') return { role, epc, thing: { kind: 'pack', gtin: id.key, serial: id.part } };
  return id.type === 'sscc' ? { role, epc, thing: { kind: 'container', sscc: id.key } } : { role, epc };
}

/** A term of the vocabulary without prefix, however it is written; anybody else's as it is. */
function wordOf(vocabulary: Vocabulary, term: string | undefined): string | null {
  return term === undefined ? null : (termOf(vocabulary, term) ?? term);
}

/** GLN of a place or party, or the id as it is. */
function placeIn(id: string | undefined): string | null {
  if (id === undefined) return null;
  const named = identifierOf(id);
  return named?.type === 'sgln' || named?.type === 'pgln' ? named.key : keyText(id);
}

/** What the contract takes it for; an error declaration takes back, or is kept beside what it is about. */
function stepOf(event: EpcisEvent): Step {
  const meaning = meaningOf(event);
  if (event.errorDeclaration === undefined) return meaning;
  if (wordOf('errorReason', event.errorDeclaration.reason) !== 'did_not_occur') return 'note';
  return meaning === 'ship' ? 'voidShipment' : meaning === 'decommission' ? 'undo' : 'note';
}

function destinationOf({ destinationList = [] }: EpcisEvent): string | null {
  const parties = ['possessing_party', 'owning_party', 'location'].flatMap(
    (type) => destinationList.find((one) => wordOf('sourceDestinationType', one.type) === type)?.destination ?? [],
  );
  const [first] = parties.map(placeIn);
  return parties.map(placeIn).find((id) => id !== null && isGln(id)) ?? first ?? null;
}

function madeBy(event: EpcisEvent): Fact['made'] {
  if (event.type !== 'ObjectEvent' && event.type !== 'TransformationEvent') return null;
  const batch = event.ilmd?.['cbvmda:lotNumber'];
  const expiry = event.ilmd?.['cbvmda:itemExpirationDate'];
  if (typeof batch !== 'string' || typeof expiry !== 'string') return null;
  return { batch, expiry: dayOf(instantOf(`${expiry.slice(0, 10)}T00:00:00Z`)) };
}

function recalledBy(
  { transactionId, args, event }: BlockTransaction,
  { channel, block }: { channel: string; block: number },
): RecallFact | undefined {
  const said = recallChanged.safeParse(storableJson(event?.payload)).data;
  if (said === undefined) return undefined;
  const { change, id, gtin, at, by, institutionId } = said;
  const where = { change, channel, block, transactionId, at: new Date(at), by, party: institutionId };
  if (change === 'endRecall') return { ...where, recall: { id, gtin, reason: '', level: 'patient' } };
  const recall = recallArgument.safeParse(storableJson(args?.[1])).data;
  return recall && { ...where, recall };
}
